use domain::id::TicketId;
use domain::language::Language;
use domain::money::{Currency, Money};
use domain::notification::qr;
use domain::notification::view::{LETTER, View};
use domain::notification::{Call, LocalTime, TicketMessage};
use domain::ticket::{Event, TicketStatus};
use domain::zone::Zone;
use proptest::prelude::*;

use super::super::font::Fonts;
use super::super::sheet::{Mark, PAGE, Page};
use super::{BOTTOM, pages};

/// Reference of the order.
const REFERENCE: &str = "3333334";

const ID: uuid::Uuid = uuid::uuid!("0193290c-5e3a-7cc0-a1d6-a8e8f5b40001");

fn message() -> TicketMessage {
    let at = || {
        LocalTime::new(
            "2026-11-21T04:30:00Z".parse().unwrap(),
            &Zone::named("Europe/Kyiv").unwrap(),
        )
    };
    let call = |city: &str| Call {
        city: city.to_owned(),
        stop: format!("{city} Central"),
        address: Some("Main street 1".to_owned()),
        platform: Some("7".to_owned()),
        at: at(),
    };
    TicketMessage {
        event: Event::Booked,
        language: Language::Uk,
        order_id: TicketId(ID),
        reference: REFERENCE.parse().unwrap(),
        booking_reference: "2222222".parse().unwrap(),
        status: TicketStatus::Confirmed,
        passenger: "Олена Коваленко".to_owned(),
        departure: call("Київ"),
        arrival: call("Львів"),
        seat: 17,
        synthetic: true,
        route: "Київ - Львів".to_owned(),
        company: "Карпати".to_owned(),
        carrier: "Карпати Транс".to_owned(),
        carrier_phones: vec!["+380441234567".to_owned()],
        bus: Some("Setra S 516 HD".to_owned()),
        price: Money::new(rust_decimal::dec!(1250.50), Currency::Uah),
        prepaid: rust_decimal::dec!(0),
        refund: None,
        pay_by: at(),
    }
}

fn laid_out(message: &TicketMessage) -> Vec<Page> {
    let view = View::new(message, LETTER);
    let code = qr::Code::new(&view.order).unwrap();
    pages(Fonts::get().unwrap(), &view, code.side())
}

/// The lines of a page: baseline, size, text.
fn lines(page: &Page) -> Vec<(f32, f32, String)> {
    let line = |mark: &Mark| match mark {
        Mark::Line { y, style, line, .. } => {
            let text = line.runs.iter().map(|run| run.text.as_str()).collect();
            Some((*y, style.size, text))
        }
        _ => None,
    };
    page.marks.iter().filter_map(line).collect()
}

fn text(page: &Page) -> String {
    let texts: Vec<String> = lines(page)
        .into_iter()
        .map(|(.., text)| text.trim_end().to_owned())
        .collect();
    texts.join(" ")
}

/// Whether everything lies on its page, and the first one has what a driver checks.
fn check(pages: &[Page]) {
    for page in pages {
        for mark in &page.marks {
            let (right, bottom) = match mark {
                Mark::Line { x, y, style, line } => (x + line.width * style.size, *y),
                Mark::Box {
                    x, width, y, height, ..
                } => (x + width, y + height),
                Mark::Code { x, y, .. } => (x + 150.0, y + 150.0),
            };
            assert!(right <= PAGE.0 + 0.5, "to the right of the page: {right}");
            assert!(bottom <= BOTTOM + 0.5, "below the page: {bottom}");
        }
    }
    let codes = |page: &Page| {
        page.marks
            .iter()
            .filter(|mark| matches!(mark, Mark::Code { .. }))
            .count()
    };
    assert!(codes(&pages[0]) == 1 && pages[1..].iter().all(|page| codes(page) == 0));
    let first = lines(&pages[0]);
    assert!(first.iter().any(|(_, size, text)| *size > 30.0 && text == "17"), "seat");
    assert!(first.iter().any(|(.., text)| *text == REFERENCE), "order number");
    assert!(pages.iter().all(|page| text(page).contains(REFERENCE)));
}

#[test]
fn an_ordinary_ticket_has_one_page() {
    let pages = laid_out(&message());
    check(&pages);
    assert_eq!(pages.len(), 1);
    assert!(!text(&pages[0]).contains('…') && !text(&pages[0]).contains("1 / 1"));
}

#[test]
fn a_long_text_is_shortened_and_follows_in_full() {
    let mut message = message();
    let sentence =
        "Enter through the gate beside the pharmacy, cross the yard, then follow the blue signs to the hall;";
    let long = [sentence; 16].join(" ");
    message.departure.address = Some(long.clone());
    message.arrival.address = Some(format!("{long} end"));
    let pages = laid_out(&message);
    check(&pages);
    assert_eq!(pages.len(), 2);
    assert!(text(&pages[0]).contains('…') && text(&pages[0]).contains("1 / 2"));
    let second = text(&pages[1]);
    assert!(second.contains(&long), "{second}");
    assert!(second.contains("hall; end") && second.contains("2 / 2"));
}

#[test]
fn the_longest_name_stands_on_the_first_page() {
    for name in ["W".repeat(100), "Ж".repeat(100), "王".repeat(100), "ﷺم".repeat(50)] {
        let mut message = message();
        message.passenger = format!("{name} {name}");
        let pages = laid_out(&message);
        check(&pages);
        assert!(
            !text(&pages[0]).contains('…') || !name.starts_with(['W', 'Ж']),
            "{name}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// Any text that people can enter, of any length.
    #[test]
    fn every_part_stays_on_the_page(
        texts in proptest::collection::vec(("\\PC{0,40}", 1_usize..30, any::<bool>()), 9),
        language in proptest::sample::select(Language::ALL),
    ) {
        let text = |at: usize| {
            let (piece, times, spaced) = &texts[at];
            vec![piece.as_str(); *times].join(if *spaced { " " } else { "" })
        };
        let mut message = message();
        message.language = language;
        message.passenger = text(0).chars().take(201).collect();
        message.departure.city = text(1);
        message.departure.stop = text(2);
        message.departure.address = Some(text(3));
        message.departure.platform = Some(text(4));
        message.arrival.address = Some(text(5));
        message.route = text(6);
        message.carrier = text(7);
        message.carrier_phones = vec![text(8); 3];
        check(&laid_out(&message));
    }
}
