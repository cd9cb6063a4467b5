//! The mail about a scheduled report: with a link to its file, or that it could not be made.

use askama::Template as _;
use chrono::{Datelike, NaiveDate};

use super::{DateField, Range};
use crate::language::Language;
use crate::letter::{Html, Letter};
use crate::notification::words::{Words as Calendar, fill};
use crate::notification::{LocalTime, clean};

mod words;

use words::Words;

/// Contents of a mail about a scheduled report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportNews {
    /// Language of the mail.
    pub language: Language,
    /// Name of the company.
    pub company: String,
    /// Which days the report covers.
    pub range: Range,
    /// Which date of a ticket counts.
    pub date_field: DateField,
    /// The file; `None` when there is none.
    pub file: Option<ReportFile>,
}

/// The file of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportFile {
    /// Tickets in it.
    pub tickets: i64,
    /// Where it can be downloaded.
    pub link: String,
    /// Until when, on the clock of the company.
    pub until: LocalTime,
}

impl ReportNews {
    /// The mail.
    ///
    /// # Errors
    /// When the template fails, a bug.
    pub fn letter(&self) -> Result<Letter, askama::Error> {
        let (words, calendar) = (Words::of(self.language), Calendar::of(self.language));
        let (company, days) = (clean(&self.company), days(calendar, self.range));
        let until = self.file.as_ref().map(|file| file.until.moment(calendar));
        let values = [
            ("company", company.as_str()),
            ("days", days.as_str()),
            ("until", until.as_deref().unwrap_or_default()),
        ];
        let say = |text: &str| fill(text, &values);
        let about = match self.date_field {
            DateField::CreatedAt => words.by_day_of_sale,
            DateField::DepartureDate => words.by_day_of_travel,
        };
        let mut details = vec![format!("{about}: {days}")];
        let (subject, lead, note) = match &self.file {
            Some(file) => {
                details.push(format!("{}: {}", words.orders, file.tickets));
                (say(words.subject), say(words.lead), say(words.term))
            }
            None => (
                say(words.failed_subject),
                say(words.failed_lead),
                say(words.failed_note),
            ),
        };
        let link = self.file.as_ref().map(|file| file.link.as_str());
        let footer = say(words.footer);
        let html = Html {
            tag: calendar.tag,
            subject: &subject,
            lead: &lead,
            details: &details,
            link,
            button: words.button,
            notes: &[&note, &footer],
        };
        let html = html.render()?;
        let parts = [
            Some(lead.as_str()),
            Some(&details.join("\n")),
            link,
            Some(&note),
            Some(&footer),
        ]
        .map(|part| part.unwrap_or_default().to_owned());
        let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        let plain = format!("{}\n", parts.join("\n\n"));
        Ok(Letter { subject, plain, html })
    }
}

/// A day, or the first and the last one.
fn days(calendar: &Calendar, range: Range) -> String {
    let date = |day: NaiveDate| {
        let (number, year) = (day.day().to_string(), day.year().to_string());
        let month = calendar.months[day.month0() as usize];
        let values = [("day", number.as_str()), ("month", month), ("year", year.as_str())];
        fill(calendar.short_date, &values)
    };
    if range.from() == range.to() {
        date(range.from())
    } else {
        format!("{} – {}", date(range.from()), date(range.to()))
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::{ReportFile, ReportNews};
    use crate::language::Language;
    use crate::notification::LocalTime;
    use crate::report::{DateField, Range};
    use crate::zone::Zone;

    const LINK: &str = "https://api.example.com/files/orders.csv?expires=1&signature=a-b";

    fn news(language: Language, is_ready: bool) -> ReportNews {
        let day = |text: &str| text.parse().unwrap();
        let until = LocalTime::new(
            "2026-12-07T05:00:07Z".parse().unwrap(),
            &Zone::named("Europe/Kyiv").unwrap(),
        );
        ReportNews {
            language,
            company: "Карпати\r\nBcc: x <b>".to_owned(),
            range: Range::new(day("2026-11-23"), day("2026-11-29")).unwrap(),
            date_field: DateField::DepartureDate,
            file: is_ready.then(|| ReportFile {
                tickets: 1234,
                link: LINK.to_owned(),
                until,
            }),
        }
    }

    #[test]
    fn a_letter_says_whose_report_it_is_and_how_long_its_link_works_in_every_language() {
        for language in Language::ALL {
            let letter = news(*language, true).letter().unwrap();
            assert!(letter.subject.contains("Карпати Bcc: x") && letter.subject.contains("29"));
            for text in [&letter.plain, &letter.html] {
                assert!(text.contains("07:00 (EET, UTC+2)") && text.contains(": 1234"), "{text}");
                assert!(!text.contains('{') && !text.contains('}'), "{text}");
            }
            assert!(letter.plain.contains(LINK));
            assert!(!letter.html.contains("<b>"), "{}", letter.html);
        }
    }

    #[test]
    fn a_letter_about_a_failure_has_no_link() {
        for language in Language::ALL {
            let letter = news(*language, false).letter().unwrap();
            assert_ne!(letter.subject, news(*language, true).letter().unwrap().subject);
            for text in [&letter.plain, &letter.html] {
                assert!(text.contains("23") && !text.contains("http"), "{text}");
                assert!(!text.contains('{') && !text.contains('}'), "{text}");
            }
        }
    }

    #[rstest]
    #[case(Language::En, "Карпати Bcc: x <b>: orders, 23 November 2026 – 29 November 2026")]
    #[case(
        Language::Uk,
        "Карпати Bcc: x <b>: замовлення, 23 листопада 2026 р. – 29 листопада 2026 р."
    )]
    fn a_subject_names_company_and_days(#[case] language: Language, #[case] subject: &str) {
        assert_eq!(news(language, true).letter().unwrap().subject, subject);
    }
}
