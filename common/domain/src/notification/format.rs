//! Dates, times and amounts as each language writes them.

use chrono::{DateTime, Datelike, FixedOffset, Utc};
use rust_decimal::Decimal;

use super::words::{Words, fill};
use crate::money::Money;
use crate::zone::Zone;

/// An instant on the clock of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalTime {
    at: DateTime<FixedOffset>,
    abbreviation: Option<String>,
}

impl LocalTime {
    /// The clock of a zone at an instant.
    #[must_use]
    pub fn new(instant: DateTime<Utc>, zone: &Zone) -> Self {
        Self {
            at: zone.local(instant),
            abbreviation: zone.abbreviation(instant),
        }
    }

    /// `14:05`.
    pub(super) fn time(&self) -> String {
        self.at.format("%H:%M").to_string()
    }

    /// `EET, UTC+2`, or `UTC+3` where the zone has no letters.
    pub(super) fn zone(&self) -> String {
        let minutes = self.at.offset().local_minus_utc() / 60;
        let sign = if minutes < 0 { '−' } else { '+' };
        let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
        let offset = match (hours, rest) {
            (0, 0) => "UTC".to_owned(),
            (_, 0) => format!("UTC{sign}{hours}"),
            (_, _) => format!("UTC{sign}{hours}:{rest:02}"),
        };
        match &self.abbreviation {
            Some(name) if *name != offset => format!("{name}, {offset}"),
            _ => offset,
        }
    }

    /// With the day of the week.
    pub(super) fn long_date(&self, words: &Words) -> String {
        self.date(words, words.long_date)
    }

    /// Without the day of the week.
    pub(super) fn short_date(&self, words: &Words) -> String {
        self.date(words, words.short_date)
    }

    /// Time, zone and date.
    pub(crate) fn moment(&self, words: &Words) -> String {
        self.moment_in(&words.months, (words.short_date, words.moment))
    }

    /// The same in a language in which passengers get no messages: in its months, with its patterns of a date and of a
    /// moment.
    pub(crate) fn moment_in(&self, months: &[&str; 12], (date, moment): (&str, &str)) -> String {
        let (day, year) = (self.at.day().to_string(), self.at.year().to_string());
        let month = months[self.at.month0() as usize];
        let date = fill(date, &[("day", &day), ("month", month), ("year", &year)]);
        let (time, zone) = (self.time(), self.zone());
        fill(moment, &[("time", &time), ("zone", &zone), ("date", &date)])
    }

    fn date(&self, words: &Words, pattern: &str) -> String {
        let weekday = self.at.weekday().num_days_from_monday() as usize;
        let (day, year) = (self.at.day().to_string(), self.at.year().to_string());
        fill(
            pattern,
            &[
                ("weekday", words.weekdays[weekday]),
                ("day", &day),
                ("month", words.months[self.at.month0() as usize]),
                ("year", &year),
            ],
        )
    }
}

/// A sum with its ISO code: `1250,50 UAH`, `12 500 UAH`. Cents are written only where there are some.
pub(super) fn money(words: &Words, money: Money) -> String {
    let amount = money.amount.round_dp(2);
    let (whole, cents) = (
        amount.trunc().to_string(),
        (amount.fract() * Decimal::ONE_HUNDRED).trunc(),
    );
    let mut text = String::new();
    for (index, digit) in whole.char_indices() {
        if whole.len() > 4 && index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(words.thousands_mark);
        }
        text.push(digit);
    }
    if !cents.is_zero() {
        text.push(words.decimal_mark);
        text.push_str(&format!("{:0>2}", cents.normalize().to_string()));
    }
    format!("{text}\u{a0}{}", money.currency)
}

/// One line of text that people typed: no control characters, no marks that change the writing direction, single
/// spaces.
pub(crate) fn clean(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}');
    let plain: String = text
        .chars()
        .filter(|c| !turns(*c))
        .map(|c| {
            if c.is_control() || c == '\u{2028}' || c == '\u{2029}' {
                ' '
            } else {
                c
            }
        })
        .collect();
    plain
        .split(' ')
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The first `most` characters of a text, with an ellipsis when there are more.
pub(super) fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use rstest::rstest;
    use rust_decimal::{Decimal, dec};

    use super::{LocalTime, clean, money, shortened};
    use crate::language::Language;
    use crate::money::{Currency, Money};
    use crate::notification::words::Words;
    use crate::zone::Zone;

    #[rstest]
    #[case("Europe/Kyiv", "2026-11-21T12:35:00Z", "14:35", "EET, UTC+2")]
    #[case("Europe/Kyiv", "2026-06-10T03:30:00Z", "06:30", "EEST, UTC+3")]
    #[case("Europe/Istanbul", "2026-06-10T03:30:00Z", "06:30", "UTC+3")]
    #[case("Asia/Kolkata", "2026-06-10T03:30:00Z", "09:00", "IST, UTC+5:30")]
    #[case("America/New_York", "2026-06-10T03:30:00Z", "23:30", "EDT, UTC−4")]
    #[case("UTC", "2026-06-10T03:30:00Z", "03:30", "UTC")]
    fn a_time_names_its_zone(#[case] zone: &str, #[case] at: &str, #[case] time: &str, #[case] name: &str) {
        let at: DateTime<chrono::Utc> = at.parse().unwrap();
        let local = LocalTime::new(at, &Zone::named(zone).unwrap());
        assert_eq!((local.time().as_str(), local.zone().as_str()), (time, name));
    }

    #[rstest]
    #[case(Language::En, "Wednesday, 10 June 2026", "06:30 (EEST, UTC+3) on 10 June 2026")]
    #[case(Language::Uk, "середа, 10 червня 2026 р.", "06:30 (EEST, UTC+3), 10 червня 2026 р.")]
    #[case(Language::Pl, "środa, 10 czerwca 2026 r.", "06:30 (EEST, UTC+3), 10 czerwca 2026 r.")]
    #[case(Language::Cs, "středa 10. června 2026", "10. června 2026 do 06:30 (EEST, UTC+3)")]
    #[case(Language::Ru, "среда, 10 июня 2026 г.", "06:30 (EEST, UTC+3), 10 июня 2026 г.")]
    fn a_date_reads_as_its_language_writes_it(#[case] language: Language, #[case] long: &str, #[case] moment: &str) {
        let at = "2026-06-10T03:30:00Z".parse::<DateTime<chrono::Utc>>().unwrap();
        let local = LocalTime::new(at, &Zone::named("Europe/Kyiv").unwrap());
        let words = Words::of(language);
        assert_eq!(
            (local.long_date(words).as_str(), local.moment(words).as_str()),
            (long, moment)
        );
    }

    #[rstest]
    #[case(Language::En, dec!(12500.5), "12,500.50\u{a0}UAH")]
    #[case(Language::Uk, dec!(12500.5), "12\u{a0}500,50\u{a0}UAH")]
    #[case(Language::Pl, dec!(1250), "1250\u{a0}UAH")]
    #[case(Language::Cs, dec!(0.05), "0,05\u{a0}UAH")]
    #[case(Language::Ru, dec!(1234567.00), "1\u{a0}234\u{a0}567\u{a0}UAH")]
    fn a_sum_is_exact(#[case] language: Language, #[case] amount: Decimal, #[case] text: &str) {
        assert_eq!(money(Words::of(language), Money::new(amount, Currency::Uah)), text);
    }

    #[test]
    fn a_long_text_ends_in_an_ellipsis() {
        assert_eq!(shortened("їжак", 4), "їжак");
        assert_eq!(shortened("їжак і кіт", 5), "їжак…");
    }

    #[test]
    fn what_people_typed_stays_on_one_line() {
        assert_eq!(clean(" Ann\r\nBcc: x@y.z\0 \u{202e}Lee "), "Ann Bcc: x@y.z Lee");
    }
}
