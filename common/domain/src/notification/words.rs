//! The words of messages, one table per language. A text may name values in braces; [`fill`] puts them in.

mod cs;
mod en;
mod pl;
mod ru;
mod uk;

use crate::language::Language;

/// All texts of a message in one language, except for the data of the ticket.
#[derive(Debug)]
pub struct Words {
    /// BCP 47 tag.
    pub tag: &'static str,
    /// January first, in the form that follows a day ("10 червня").
    pub months: [&'static str; 12],
    /// Monday first.
    pub weekdays: [&'static str; 7],
    /// A full date of `{weekday}`, `{day}`, `{month}` and `{year}`.
    pub long_date: &'static str,
    /// A date of `{day}`, `{month}` and `{year}`.
    pub short_date: &'static str,
    /// A `{time}` in a `{zone}` on a `{date}`.
    pub moment: &'static str,
    /// Decimal separator.
    pub decimal_mark: char,
    /// Thousands separator, used from five digits on.
    pub thousands_mark: char,
    /// To a passenger with a `{name}`.
    pub greeting: &'static str,
    /// The labels of the values.
    pub labels: Labels,
    /// The texts of each event.
    pub events: Events,
    /// How to use the ticket that comes with the message.
    pub ticket_note: &'static str,
    /// The same, on the ticket itself.
    pub boarding_note: &'static str,
    /// That the trip is of an invented demo feed.
    pub synthetic_note: &'static str,
    /// Which clock the times are of.
    pub times_note: &'static str,
    /// Why this message was sent, and that replies are not read.
    pub footer: &'static str,
}

/// The label of each value.
#[derive(Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Labels {
    pub ticket: &'static str,
    pub departure: &'static str,
    pub arrival: &'static str,
    pub platform: &'static str,
    pub passenger: &'static str,
    pub seat: &'static str,
    pub route: &'static str,
    pub company: &'static str,
    pub carrier: &'static str,
    pub phones: &'static str,
    pub bus: &'static str,
    pub price: &'static str,
    pub due: &'static str,
    pub refund: &'static str,
    pub pay_by: &'static str,
    pub order: &'static str,
    pub booking: &'static str,
}

/// The texts of one event.
#[derive(Debug)]
pub struct Saying {
    /// Head of the subject line; the trip follows.
    pub subject: &'static str,
    /// The headline.
    pub title: &'static str,
    /// One or two sentences. May name `{pay_by}`, `{price}`, `{prepaid}`, `{due}`, `{refund}` and `{seat}`.
    pub lead: &'static str,
}

/// The texts of all events.
#[derive(Debug)]
#[expect(missing_docs, reason = "the names are the events'")]
pub struct Events {
    pub created: Saying,
    pub booked: Saying,
    pub paid: Saying,
    pub prepaid: Saying,
    /// Canceled before anything was paid.
    pub canceled: Saying,
    /// Canceled after payment, with a refund.
    pub refunded: Saying,
    /// Canceled after payment, without a refund.
    pub forfeited: Saying,
    pub uncompleted: Saying,
    pub confirmed: Saying,
    pub rejected: Saying,
    pub moved: Saying,
}

impl Words {
    /// The table of a language.
    pub const fn of(language: Language) -> &'static Self {
        match language {
            Language::Uk => &uk::WORDS,
            Language::Pl => &pl::WORDS,
            Language::Cs => &cs::WORDS,
            Language::En => &en::WORDS,
            Language::Ru => &ru::WORDS,
        }
    }
}

/// Replaces `{name}` by its value, once and from left to right: braces inside a value are left as they are.
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            filled.push('{');
            rest = after;
            continue;
        };
        let value = values.iter().find(|(known, _)| *known == name);
        filled.push_str(value.map_or("", |(_, value)| value));
        rest = tail;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn a_value_is_never_filled_again() {
        assert_eq!(fill("{a} and {b}", &[("a", "{b}"), ("b", "2")]), "{b} and 2");
        assert_eq!(fill("no end {a", &[("a", "1")]), "no end {a");
    }
}
