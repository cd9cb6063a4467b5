//! What messages say, in every language and of every event.

use chrono::{DateTime, Utc};
use domain::id::TicketId;
use domain::language::Language;
use domain::money::{Currency, Money};
use domain::notification::{Call, LocalTime, TicketMessage, pay_by};
use domain::ticket::{Event, TicketStatus};
use domain::zone::Zone;
use proptest::prelude::*;
use rust_decimal::dec;

use crate::notification::ticket_file::pdf_text;

pub fn message(language: Language, event: Event) -> TicketMessage {
    let local = |at: &str, zone: &str| LocalTime::new(at.parse().unwrap(), &Zone::named(zone).unwrap());
    let created: DateTime<Utc> = "2026-11-14T12:15:00Z".parse().unwrap();
    TicketMessage {
        event,
        language,
        order_id: "ord_0193290c5e3a7cc0a1d6a8e8f5b40001".parse::<TicketId>().unwrap(),
        reference: "H4TCVR4".parse().unwrap(),
        booking_reference: "K7M2QXC".parse().unwrap(),
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
        let letter = message.letter(documents::draw).unwrap();
        let viber = message.viber_text().unwrap();
        for text in [letter.plain.as_str(), body(&letter.html), viber.as_str()] {
            for fact in ["H4TCVR4", "17", "06:30", "EET, UTC+2", "18:05", "CET, UTC+1"] {
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
            let letter = message.letter(documents::draw).unwrap();
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
fn a_cancellation_states_the_refund() {
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
    let letter = message(Language::En, Event::Created).letter(documents::draw).unwrap();
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
    Order number: H4TCVR4
    Booking number: K7M2QXC

    All times are local to the stop.

    -- 
    PREXSELL
    You receive this message because a bus trip was ordered for you. It was sent automatically; please do not reply. If you have questions, contact the place where you bought the ticket or the carrier.
    ");
}

#[test]
fn a_booked_ticket_in_czech() {
    let letter = message(Language::Cs, Event::Booked).letter(documents::draw).unwrap();
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
    Číslo objednávky: H4TCVR4
    Číslo rezervace: K7M2QXC

    Při nástupu ukažte řidiči tento QR kód nebo jízdenku (PDF) z přílohy.

    Všechny časy jsou v místním čase zastávky.

    -- 
    PREXSELL
    Tuto zprávu dostáváte, protože pro vás byla objednána cesta autobusem. Byla odeslána automaticky, prosíme, neodpovídejte na ni. S dotazy se obraťte na prodejce jízdenky nebo na dopravce.
    ");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Any input of users: none of their markup, a subject of one line, and a PDF.
    #[test]
    fn nothing_that_people_type_breaks_a_message(name in any::<String>(), stop in "\\PC{0,200}", long in "[а-яA-Z -]{0,400}") {
        let mut message = message(Language::Uk, Event::Paid);
        message.passenger = format!("<script>{name}</script>");
        message.departure.city = format!("{long}\r\nX: y");
        message.departure.stop = format!("<u>{stop}");
        message.carrier_phones.push(format!("\"><i>{name}"));
        let letter = message.letter(documents::draw).unwrap();
        prop_assert!(!letter.subject.chars().any(char::is_control));
        for markup in ["<script", "<u>", "<i>"] {
            prop_assert!(!letter.html.contains(markup), "{markup}");
        }
        prop_assert!(letter.ticket.is_some());
    }
}
