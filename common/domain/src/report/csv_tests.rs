use chrono::{DateTime, TimeDelta, Utc};
use rust_decimal::dec;

use super::{COLUMNS, Line, Sheet, push_time};
use crate::id::{BookingId, TicketId};
use crate::money::Currency;
use crate::report::dialect::{DecimalMark, Delimiter, Dialect};
use crate::ticket::{PaymentStatus, State, TicketStatus};
use crate::zone::{LocalClock, Zone};

const ID: uuid::Uuid = uuid::uuid!("01980c6a-5f0e-7d8c-9b3a-2f1e0d4c5b6a");

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn line() -> Line<'static> {
    Line {
        id: TicketId(ID),
        booking_id: BookingId(ID),
        created_at: at("2027-02-01T22:30:15.999Z"),
        state: State::NEW,
        route: "Київ - Варшава",
        boarding_at: at("2027-06-10T03:30:00Z"),
        boarding_zone: "Europe/Warsaw",
        from_city: "Київ",
        from_stop: "АС «Київ», платформа 7",
        to_city: "",
        to_stop: "Warszawa \"Zachodnia\"",
        seat: 17,
        first_name: "Олена",
        last_name: "Коваленко\nШевченко",
        phone: Some("+380671234567"),
        price: dec!(1250.50),
        currency: Currency::Uah,
        discount: dec!(0.10),
        refund: None,
        partner: "=HYPERLINK(\"http://x\")",
        carrier: "-fleet",
        bus: "AA 1234 BB",
    }
}

fn written(line: Line<'_>, now: &str) -> String {
    written_in(Dialect::STANDARD, line, now)
}

fn written_in(dialect: Dialect, line: Line<'_>, now: &str) -> String {
    let mut sheet = Sheet::new(Zone::named("Europe/Kyiv").unwrap(), dialect, at(now));
    let mut file = Vec::new();
    sheet.line(&mut file, &line).unwrap();
    String::from_utf8(file).unwrap()
}

#[test]
fn every_cell_but_a_number_is_quoted_and_neutral() {
    assert_eq!(
        written(line(), "2027-02-01T22:31:00Z"),
        "\"ord_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a\",\"bkg_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a\",\
         \"2027-02-02T00:30:15+02:00\",\"Processing\",\"Unpaid\",\"Київ - Варшава\",\"2027-06-10T05:30:00+02:00\",\
         \"Київ, АС «Київ», платформа 7\",\"Warszawa \"\"Zachodnia\"\"\",17,\"Олена Коваленко\nШевченко\",\
         \"'+380671234567\",1250.50,\"UAH\",0.10,,\
         \"'=HYPERLINK(\"\"http://x\"\")\",\"'-fleet, AA 1234 BB\"\r\n"
    );
}

#[test]
fn a_dialect_changes_separators_and_nothing_else() {
    let cells = |delimiter, decimal| {
        let dialect = Dialect { delimiter, decimal };
        let text = written_in(dialect, line(), "2027-02-01T22:31:00Z");
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .delimiter(delimiter.byte())
            .from_reader(text.as_bytes());
        let record = reader.into_records().next().unwrap().unwrap();
        record.iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let standard = cells(Delimiter::Comma, DecimalMark::Point);
    assert_eq!(standard.len(), COLUMNS.len());
    for delimiter in Delimiter::ALL {
        assert_eq!(cells(*delimiter, DecimalMark::Point), standard, "{delimiter}");
        let mut with_comma = standard.clone();
        (with_comma[12], with_comma[14]) = ("1250,50".to_owned(), "0,10".to_owned());
        assert_eq!(cells(*delimiter, DecimalMark::Comma), with_comma, "{delimiter}");
    }
}

#[test]
fn sums_of_a_column_have_one_form() {
    for (amount, form) in [
        (dec!(0), "0.00"),
        (dec!(76), "76.00"),
        (dec!(76.5), "76.50"),
        (dec!(1e3), "1000.00"),
        (dec!(0.10000), "0.10"),
        (dec!(-3.14), "-3.14"),
        (dec!(9999999999.99), "9999999999.99"),
        (dec!(199999999999999999999.99), "199999999999999999999.99"),
    ] {
        let whole = Line {
            price: amount,
            discount: amount,
            refund: Some(amount),
            ..line()
        };
        let whole = written(whole, "2027-02-01T22:31:00Z");
        assert!(whole.contains(&format!(",{form},\"UAH\",{form},{form},")), "{whole}");
    }
}

#[test]
fn a_stop_that_is_called_after_its_city_is_named_once() {
    let plain = Line {
        from_stop: "Київ",
        to_city: "=Lviv",
        to_stop: "=Lviv",
        ..line()
    };
    let plain = written(plain, "2027-02-01T22:31:00Z");
    assert!(plain.contains("+02:00\",\"Київ\",\"'=Lviv\",17,"), "{plain}");
}

#[test]
fn a_line_is_the_same_whatever_lines_precede_it() {
    let now = "2027-02-01T22:31:00Z";
    let other = Line {
        route: "=1",
        from_city: "",
        from_stop: "Київ",
        to_city: "Warszawa \"Zachodnia\"",
        to_stop: "",
        partner: "Київ - Варшава",
        carrier: "",
        ..line()
    };
    let lines = [line(), other, line(), other];
    let mut sheet = Sheet::new(Zone::named("Europe/Kyiv").unwrap(), Dialect::STANDARD, at(now));
    let mut file = Vec::new();
    for line in &lines {
        sheet.line(&mut file, line).unwrap();
    }
    assert_eq!(
        String::from_utf8(file).unwrap(),
        lines.map(|line| written(line, now)).concat()
    );
}

#[test]
fn the_head_has_a_byte_order_mark_and_every_column() {
    let now = at("2027-02-01T22:31:00Z");
    let head = String::from_utf8(Sheet::new(Zone::utc(), Dialect::STANDARD, now).head()).unwrap();
    assert_eq!(head, format!("\u{feff}\"{}\"\r\n", COLUMNS.join("\",\"")));
}

#[test]
fn an_order_reads_as_at_the_time_of_the_report() {
    let late = written(line(), "2027-02-01T22:50:16Z");
    assert!(late.contains("\"Uncompleted\",\"Unpaid\","), "no sweep came by: {late}");
    let paid = Line {
        state: State {
            status: TicketStatus::Refund,
            payment_status: PaymentStatus::Paid,
        },
        refund: Some(dec!(0.1) + dec!(0.2)),
        ..line()
    };
    let paid = written(paid, "2027-02-01T22:50:16Z");
    assert!(
        paid.contains("\"Refund\",\"Paid\",") && paid.contains(",0.10,0.30,"),
        "{paid}"
    );
}

#[test]
fn an_unknown_zone_is_an_error() {
    let mut sheet = Sheet::new(Zone::utc(), Dialect::STANDARD, at("2027-02-01T22:50:16Z"));
    let lost = Line {
        boarding_zone: "Europe/Atlantis",
        ..line()
    };
    assert!(sheet.line(&mut Vec::new(), &lost).is_err());
}

#[test]
fn times_are_those_of_the_zone_at_every_instant() {
    for name in [
        "Europe/Kyiv",
        "Australia/Lord_Howe",
        "America/St_Johns",
        "UTC",
        "Asia/Kathmandu",
    ] {
        let zone = Zone::named(name).unwrap();
        let mut clock = LocalClock::new(zone.clone());
        let mut instant = at("2026-01-01T00:00:00Z");
        while instant < at("2028-01-01T00:00:00Z") {
            for near in [-1, 0, 1] {
                let instant = instant + TimeDelta::seconds(near);
                let (fast, slow) = (clock.local(instant), zone.local(instant));
                let mut text = Vec::new();
                push_time(&mut text, fast);
                let text = String::from_utf8(text).unwrap();
                assert_eq!(text, slow.format("%Y-%m-%dT%H:%M:%S%:z").to_string(), "{name}");
            }
            instant += TimeDelta::minutes(30);
        }
    }
}
