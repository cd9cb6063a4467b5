//! What messages say, in every language and of every event.

use std::io::Write;
use std::process::{Command, Stdio};

use chrono::{DateTime, Utc};
use common::domain::language::Language;
use common::domain::notification::{Call, LocalTime, TicketMessage, pay_by};
use common::domain::order::{Event, TicketStatus};
use common::domain::zone::Zone;
use common::id::{BookingId, TicketId};
use common::money::{Currency, Money};
use proptest::prelude::*;
use rust_decimal::dec;

fn message(language: Language, event: Event) -> TicketMessage {
    let local = |at: &str, zone: &str| LocalTime::new(at.parse().unwrap(), &Zone::named(zone).unwrap());
    let created: DateTime<Utc> = "2026-11-14T12:15:00Z".parse().unwrap();
    TicketMessage {
        event,
        language,
        order_id: "ord_0193290c5e3a7cc0a1d6a8e8f5b40001".parse::<TicketId>().unwrap(),
        booking_id: "bkg_0193290c5e3a7cc0a1d6a8e8f5b40002".parse::<BookingId>().unwrap(),
        status: match event {
            Event::Created => TicketStatus::Processing,
            Event::Canceled => TicketStatus::Refund,
            Event::Uncompleted => TicketStatus::Uncompleted,
            Event::Rejected => TicketStatus::NotConfirmed,
            _ => TicketStatus::Confirmed,
        },
        passenger: "Zdeněk Żółć-Їжак".to_owned(),
        departure: Call {
            city: "Kyiv".to_owned(),
            stop: "Central".to_owned(),
            address: Some("Main street 1".to_owned()),
            platform: Some("7".to_owned()),
            at: local("2026-11-21T04:30:00Z", "Europe/Kyiv"),
        },
        arrival: Call {
            city: "Warsaw".to_owned(),
            stop: "Zachodnia".to_owned(),
            address: None,
            platform: None,
            at: local("2026-11-21T17:05:00Z", "Europe/Warsaw"),
        },
        seat: 17,
        synthetic: false,
        route: "Kyiv – Warsaw".to_owned(),
        company: "Karpaty".to_owned(),
        carrier: "Karpaty Trans".to_owned(),
        carrier_phones: vec!["+380441234567".to_owned()],
        bus: Some("Setra S 516 HD".to_owned()),
        price: Money::new(dec!(1250.50), Currency::Uah),
        prepaid: if event == Event::Prepaid { dec!(250.50) } else { dec!(0) },
        refund: Some(Money::new(dec!(1000), Currency::Uah)).filter(|_| event == Event::Canceled),
        pay_by: pay_by(created, &Zone::named("Europe/Kyiv").unwrap()),
    }
}

/// The part of the HTML that people see: its style sheet has braces of its own.
fn body(html: &str) -> &str {
    html.split_once("</style>").unwrap().1
}

#[test]
fn every_form_of_every_message_says_what_matters() {
    for (language, event) in Language::ALL
        .iter()
        .flat_map(|l| Event::ALL.iter().map(move |e| (*l, *e)))
    {
        let message = message(language, event);
        let letter = message.letter().unwrap();
        let viber = message.viber_text().unwrap();
        for text in [letter.plain.as_str(), body(&letter.html), viber.as_str()] {
            for fact in [
                "ord_0193290c5e3a7cc0a1d6a8e8f5b40001",
                "17",
                "06:30",
                "EET, UTC+2",
                "18:05",
                "CET, UTC+1",
            ] {
                assert!(text.contains(fact), "{language} {event}: {fact} is missing in\n{text}");
            }
            for fact in ["Zdeněk Żółć-Їжак", "Main street 1", "+380441234567", "2026"] {
                assert!(text.contains(fact), "{language} {event}: {fact} is missing in\n{text}");
            }
            assert!(!text.contains(['{', '}']), "{language} {event}: {text}");
            let refund = text.contains("1000\u{a0}UAH") && event != Event::Prepaid;
            assert_eq!(refund, event == Event::Canceled, "{language} {event}: {text}");
            assert_eq!(
                text.contains("14:35"),
                event == Event::Created,
                "{language} {event}: {text}"
            );
        }
        assert!(letter.subject.contains("Kyiv – Warsaw") && !letter.subject.contains('\n'));
        let confirmed = matches!(
            event,
            Event::Paid | Event::Booked | Event::Prepaid | Event::Confirmed | Event::Moved
        );
        assert_eq!(letter.ticket.is_some(), confirmed, "{language} {event}");
        assert_eq!(
            letter.html.contains("cid:order-qr@ticket"),
            confirmed,
            "{language} {event}"
        );
    }
}

#[test]
fn every_form_of_a_message_about_an_invented_trip_says_so() {
    for language in Language::ALL {
        let mut message = message(*language, Event::Paid);
        let forms = |message: &TicketMessage| {
            let letter = message.letter().unwrap();
            let pdf = pdf_text(&letter.ticket.unwrap().pdf);
            let forms = [Some(letter.plain), Some(letter.html), message.viber_text().ok(), pdf];
            forms.into_iter().flatten().collect::<Vec<_>>()
        };
        assert!(forms(&message).iter().all(|text| !text.contains("SYNTHETIC")));
        message.synthetic = true;
        assert!(forms(&message).iter().all(|text| text.contains("SYNTHETIC")));
    }
}

#[test]
fn a_cancellation_says_what_becomes_of_the_money() {
    let refunds = [None, Some(dec!(0)), Some(dec!(1250.50))];
    let texts = refunds.map(|refund| {
        let mut message = message(Language::En, Event::Canceled);
        message.refund = refund.map(|amount| Money::new(amount, Currency::Uah));
        let text = message.viber_text().unwrap();
        text.lines().nth(1).unwrap().to_owned()
    });
    insta::assert_snapshot!(texts.join("\n"), @r"
    Nothing had been paid for it, so there is nothing to refund.
    Under the carrier's rules no refund is due.
    1250.50 UAH will be returned to you by the seller of the ticket.
    ");
}

#[test]
fn an_order_that_waits_for_payment_in_english() {
    let letter = message(Language::En, Event::Created).letter().unwrap();
    insta::assert_snapshot!(format!("{}\n\n{}", letter.subject, letter.plain), @r"
    Awaiting payment: Kyiv – Warsaw, 21 November 2026

    Hello Zdeněk Żółć-Їжак,

    Your seat is being held for you
    Please pay by 14:35 (EET, UTC+2) on 14 November 2026. After that the order closes and the seat goes back on sale.

    Departure: 06:30 (EET, UTC+2), Saturday, 21 November 2026
      Kyiv, Central, Main street 1
      Platform: 7
    Arrival: 18:05 (CET, UTC+1), Saturday, 21 November 2026
      Warsaw, Zachodnia

    Passenger: Zdeněk Żółć-Їжак
    Seat: 17
    Route: Kyiv – Warsaw
    Bus company: Karpaty
    Carrier: Karpaty Trans
    Bus: Setra S 516 HD
    Price: 1250.50 UAH
    Pay by: 14:35 (EET, UTC+2) on 14 November 2026
    Carrier's phones: +380441234567
    Order number: ord_0193290c5e3a7cc0a1d6a8e8f5b40001
    Booking number: bkg_0193290c5e3a7cc0a1d6a8e8f5b40002

    All times are local to the stop.

    -- 
    PREXSELL
    You receive this message because a bus trip was ordered for you. It was sent automatically; please do not reply. If you have questions, contact the place where you bought the ticket or the carrier.
    ");
}

#[test]
fn a_booked_ticket_in_czech() {
    let letter = message(Language::Cs, Event::Booked).letter().unwrap();
    insta::assert_snapshot!(format!("{}\n\n{}", letter.subject, letter.plain), @r"
    Vaše rezervace: Kyiv – Warsaw, 21. listopadu 2026

    Dobrý den, Zdeněk Żółć-Їжак,

    Vaše místo je rezervováno
    Cesta je potvrzena. Při nástupu prosím zaplaťte 1250,50 UAH.

    Odjezd: 06:30 (EET, UTC+2), sobota 21. listopadu 2026
      Kyiv, Central, Main street 1
      Nástupiště: 7
    Příjezd: 18:05 (CET, UTC+1), sobota 21. listopadu 2026
      Warsaw, Zachodnia

    Cestující: Zdeněk Żółć-Їжак
    Sedadlo: 17
    Linka: Kyiv – Warsaw
    Společnost: Karpaty
    Dopravce: Karpaty Trans
    Autobus: Setra S 516 HD
    Cena: 1250,50 UAH
    K zaplacení při nástupu: 1250,50 UAH
    Telefony dopravce: +380441234567
    Číslo objednávky: ord_0193290c5e3a7cc0a1d6a8e8f5b40001
    Číslo rezervace: bkg_0193290c5e3a7cc0a1d6a8e8f5b40002

    Při nástupu ukažte řidiči tento QR kód nebo jízdenku (PDF) z přílohy.

    Všechny časy jsou v místním čase zastávky.

    -- 
    PREXSELL
    Tuto zprávu dostáváte, protože pro vás byla objednána cesta autobusem. Byla odeslána automaticky, prosíme, neodpovídejte na ni. S dotazy se obraťte na prodejce jízdenky nebo na dopravce.
    ");
}

#[test]
fn a_paid_ticket_in_ukrainian_for_viber() {
    insta::assert_snapshot!(message(Language::Uk, Event::Paid).viber_text().unwrap(), @r"
    Ваш квиток оплачено
    Ми отримали вашу оплату: 1250,50 UAH. Щасливої дороги!

    Kyiv – Warsaw
    Відправлення: 06:30 (EET, UTC+2), субота, 21 листопада 2026 р.
    Central, Main street 1
    Платформа: 7
    Прибуття: 18:05 (CET, UTC+1), субота, 21 листопада 2026 р.
    Zachodnia

    Пасажир: Zdeněk Żółć-Їжак
    Місце: 17
    Маршрут: Kyiv – Warsaw
    Компанія: Karpaty
    Перевізник: Karpaty Trans
    Автобус: Setra S 516 HD
    Вартість: 1250,50 UAH
    Телефони перевізника: +380441234567
    Номер замовлення: ord_0193290c5e3a7cc0a1d6a8e8f5b40001

    Час усюди місцевий — за годинником зупинки.
    ");
}

#[test]
fn a_refund_in_polish_for_viber() {
    insta::assert_snapshot!(message(Language::Pl, Event::Canceled).viber_text().unwrap(), @r"
    Twój bilet został anulowany
    Zwrot w wysokości 1000 UAH otrzymasz od sprzedawcy biletu.

    Kyiv – Warsaw
    Odjazd: 06:30 (EET, UTC+2), sobota, 21 listopada 2026 r.
    Central, Main street 1
    Stanowisko: 7
    Przyjazd: 18:05 (CET, UTC+1), sobota, 21 listopada 2026 r.
    Zachodnia

    Pasażer: Zdeněk Żółć-Їжак
    Miejsce: 17
    Trasa: Kyiv – Warsaw
    Firma: Karpaty
    Przewoźnik: Karpaty Trans
    Autobus: Setra S 516 HD
    Cena: 1250,50 UAH
    Kwota zwrotu: 1000 UAH
    Telefony przewoźnika: +380441234567
    Numer zamówienia: ord_0193290c5e3a7cc0a1d6a8e8f5b40001

    Wszystkie godziny podano w czasie lokalnym przystanku.
    ");
}

#[test]
fn the_qr_code_reads_as_the_order_id() {
    let ticket = message(Language::En, Event::Paid).letter().unwrap().ticket.unwrap();
    let mut reader = png::Decoder::new(std::io::Cursor::new(ticket.qr)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    assert_eq!(info.bit_depth, png::BitDepth::One);
    let (width, height) = (info.width as usize, info.height as usize);
    let shade = |x: usize, y: usize| {
        if pixels[y * info.line_size + x / 8] & (0x80 >> (x % 8)) == 0 {
            0
        } else {
            255
        }
    };
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, shade);
    let (_, text) = image.detect_grids()[0].decode().unwrap();
    assert_eq!(text, "ord_0193290c5e3a7cc0a1d6a8e8f5b40001");
}

#[test]
fn the_pdf_is_one_page_that_other_programs_read() {
    for language in Language::ALL {
        let letter = message(*language, Event::Paid).letter().unwrap();
        let pdf = letter.ticket.unwrap().pdf;
        assert!(pdf.starts_with(b"%PDF-1.") && pdf.trim_ascii_end().ends_with(b"%%EOF"));
        assert_eq!(
            message(*language, Event::Paid).letter().unwrap().ticket.unwrap().pdf,
            pdf
        );
        let Some(text) = pdf_text(&pdf) else {
            continue;
        };
        for fact in [
            "ord_0193290c5e3a7cc0a1d6a8e8f5b40001",
            "Zdeněk Żółć-Їжак",
            "06:30",
            "18:05",
            "17",
            "Kyiv",
        ] {
            assert!(text.contains(fact), "{language}: {fact} is missing in\n{text}");
        }
        assert_eq!(text.matches('\u{c}').count(), 1, "one page");
    }
}

/// Names in other scripts, and what stands beside them.
#[test]
fn a_ticket_shows_every_name() {
    for (name, shown) in [
        ("王小明", "王小明"),
        ("王小明", "Wang Xiao Ming"),
        ("김민수", "Gimminsu"),
        ("प्रिया", "Priyaa"),
        ("ნინო", "ნინო"),
        ("ნინო", "Nino"),
        ("Արմեն", "Արմեն"),
        ("Γιώργος", "Γιώργος"),
        ("Đặng", "Đặng"),
        ("สมชาย", "สมชาย"),
        ("Олена 🦄", "Олена"),
    ] {
        let mut message = message(Language::Uk, Event::Paid);
        message.passenger = name.to_owned();
        let pdf = message.letter().unwrap().ticket.unwrap().pdf;
        let Some(text) = pdf_text(&pdf) else { continue };
        assert!(text.contains(shown), "{name}: {shown} is missing in\n{text}");
    }
}

/// As in a feed from outside: 1,600 characters of description.
#[test]
fn a_long_ticket_has_seat_code_and_order_number_on_its_first_page() {
    let mut message = message(Language::Uk, Event::Paid);
    let sentence =
        "Enter through the gate beside the pharmacy, cross the yard, then follow the blue signs to the hall;";
    message.departure.address = Some([sentence; 16].join(" "));
    message.arrival.address = Some("x".repeat(1_600));
    message.passenger = "Ї".repeat(100) + " " + &"W".repeat(100);
    message.route = "y".repeat(300);
    message.company = "z".repeat(300);
    let pdf = message.letter().unwrap().ticket.unwrap().pdf;
    if let Some(text) = pdf_text(&pdf) {
        let pages: Vec<&str> = text.trim_end_matches('\u{c}').split('\u{c}').collect();
        assert_eq!(pages.len(), 3);
        assert!(pages[0].contains("ord_0193290c5e3a7cc0a1d6a8e8f5b40001") && pages[0].contains("\n17\n"));
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words(pages[1]).contains(&[sentence; 16].join(" ")), "{text}");
    }
    if let Some(code) = pdf_code(&pdf) {
        assert_eq!(code, "ord_0193290c5e3a7cc0a1d6a8e8f5b40001");
    }
}

#[test]
fn a_viber_message_is_as_short_as_viber_wants_it() {
    let mut message = message(Language::Uk, Event::Paid);
    let long = "Дуже довгий опис, ".repeat(1_000);
    for call in [&mut message.departure, &mut message.arrival] {
        (call.city, call.stop) = (long.clone(), long.clone());
        (call.address, call.platform) = (Some(long.clone()), Some(long.clone()));
    }
    (message.route, message.company, message.carrier) = (long.clone(), long.clone(), format!("x{long}"));
    message.bus = Some(long.clone());
    message.carrier_phones = vec![long; 20];
    let text = message.viber_text().unwrap();
    assert!(text.chars().count() < 7_000, "{}", text.chars().count());
    assert!(text.contains("ord_0193290c5e3a7cc0a1d6a8e8f5b40001"));
}

/// What the QR code on the first page of a PDF says; `None` where poppler is not installed.
fn pdf_code(pdf: &[u8]) -> Option<String> {
    let folder = tempfile::TempDir::new().unwrap();
    std::fs::write(folder.path().join("ticket.pdf"), pdf).unwrap();
    let drawn = Command::new("pdftoppm")
        .args([
            "-r",
            "150",
            "-gray",
            "-f",
            "1",
            "-l",
            "1",
            "-singlefile",
            "ticket.pdf",
            "page",
        ])
        .current_dir(folder.path())
        .status()
        .ok()?;
    assert!(drawn.success());
    // PGM: "P5", width, height, largest value, then a byte a pixel.
    let file = std::fs::read(folder.path().join("page.pgm")).unwrap();
    let head: Vec<_> = file.splitn(4, |byte| *byte == b'\n').collect();
    let size = String::from_utf8(head[1].to_vec()).unwrap();
    let (width, height) = size.split_once(' ').unwrap();
    let (width, height): (usize, usize) = (width.parse().unwrap(), height.parse().unwrap());
    let pixels = head[3];
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| pixels[y * width + x]);
    Some(image.detect_grids()[0].decode().unwrap().1)
}

/// The text of a PDF as poppler reads it; `None` where that is not installed.
fn pdf_text(pdf: &[u8]) -> Option<String> {
    let mut reader = Command::new("pdftotext")
        .args(["-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    reader.stdin.take().unwrap().write_all(pdf).unwrap();
    let output = reader.wait_with_output().unwrap();
    assert!(output.status.success());
    Some(String::from_utf8(output.stdout).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever people type: no markup of theirs, one line in the subject, and a PDF.
    #[test]
    fn nothing_that_people_type_breaks_a_message(name in any::<String>(), stop in "\\PC{0,200}", long in "[а-яA-Z -]{0,400}") {
        let mut message = message(Language::Uk, Event::Paid);
        message.passenger = format!("<script>{name}</script>");
        message.departure.city = format!("{long}\r\nX: y");
        message.departure.stop = format!("<u>{stop}");
        message.carrier_phones.push(format!("\"><i>{name}"));
        let letter = message.letter().unwrap();
        prop_assert!(!letter.subject.chars().any(char::is_control));
        for markup in ["<script", "<u>", "<i>"] {
            prop_assert!(!letter.html.contains(markup), "{markup}");
        }
        prop_assert!(letter.ticket.is_some());
    }
}
