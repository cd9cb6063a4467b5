//! What the mail of an invitation says, in each language.

use askama::Template as _;

use crate::language::{Language, StaffLanguage};
use crate::letter::{Html, Letter};
use crate::notification::LocalTime;
use crate::notification::words::{Words as Calendar, fill};

/// Contents of an invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Language of the mail.
    pub language: StaffLanguage,
    /// Name of the company or the partner.
    pub place: String,
    /// Who invites.
    pub inviter: String,
    /// Where it can be accepted.
    pub link: String,
    /// Until when, on the clock of the company; on that of UTC for a partner.
    pub until: LocalTime,
}

impl Invitation {
    /// The mail.
    ///
    /// # Errors
    /// When the template fails, a bug.
    pub fn letter(&self) -> Result<Letter, askama::Error> {
        let words = Words::of(self.language);
        let clean = |text: &str| {
            text.chars()
                .map(|c| if c.is_control() { ' ' } else { c })
                .collect::<String>()
        };
        let (place, inviter) = (clean(&self.place), clean(&self.inviter));
        let filled = |text: &str| text.replace("{inviter}", &inviter).replace("{place}", &place);
        let (subject, lead) = (filled(words.subject), filled(words.lead));
        let term = fill(words.term, &[("until", &moment(self.language, &self.until))]);
        let note = format!("{term} {}", words.footer);
        let html = Html {
            tag: words.tag,
            subject: &subject,
            lead: &lead,
            details: &[],
            link: Some(&self.link),
            button: words.button,
            notes: &[&note],
        };
        Ok(Letter {
            html: html.render()?,
            plain: format!("{lead}\n\n{}\n\n{term}\n{}\n", self.link, words.footer),
            subject,
        })
    }
}

/// A moment as the mails of a language write it. Passengers get no messages in Romanian, so its words are here.
fn moment(language: StaffLanguage, at: &LocalTime) -> String {
    let language = match language {
        StaffLanguage::Uk => Language::Uk,
        StaffLanguage::Pl => Language::Pl,
        StaffLanguage::Cs => Language::Cs,
        StaffLanguage::En => Language::En,
        StaffLanguage::Ru => Language::Ru,
        StaffLanguage::Ro => return at.moment_in(&RO_MONTHS, ("{day} {month} {year}", "{date}, ora {time} ({zone})")),
    };
    at.moment(Calendar::of(language))
}

const RO_MONTHS: [&str; 12] = [
    "ianuarie",
    "februarie",
    "martie",
    "aprilie",
    "mai",
    "iunie",
    "iulie",
    "august",
    "septembrie",
    "octombrie",
    "noiembrie",
    "decembrie",
];

/// The sentences of a language.
struct Words {
    tag: &'static str,
    subject: &'static str,
    lead: &'static str,
    button: &'static str,
    term: &'static str,
    footer: &'static str,
}

impl Words {
    const fn of(language: StaffLanguage) -> &'static Self {
        match language {
            StaffLanguage::Uk => &UK,
            StaffLanguage::Pl => &PL,
            StaffLanguage::Cs => &CS,
            StaffLanguage::En => &EN,
            StaffLanguage::Ro => &RO,
            StaffLanguage::Ru => &RU,
        }
    }
}

const EN: Words = Words {
    tag: "en",
    subject: "Invitation to {place}",
    lead: "{inviter} invites you to work in PREXSELL for {place}.",
    button: "Accept the invitation",
    term: "The link works once, until {until}.",
    footer: "If you do not expect this invitation, you need not do anything.",
};

const UK: Words = Words {
    tag: "uk",
    subject: "Запрошення до {place}",
    lead: "{inviter} запрошує вас працювати в PREXSELL для {place}.",
    button: "Прийняти запрошення",
    term: "Посилання діє один раз, до {until}",
    footer: "Якщо ви не очікуєте цього запрошення, нічого робити не потрібно.",
};

const PL: Words = Words {
    tag: "pl",
    subject: "Zaproszenie do {place}",
    lead: "{inviter} zaprasza Cię do pracy w PREXSELL dla {place}.",
    button: "Przyjmij zaproszenie",
    term: "Link działa jeden raz, do: {until}",
    footer: "Jeśli nie spodziewasz się tego zaproszenia, nie musisz nic robić.",
};

const CS: Words = Words {
    tag: "cs",
    subject: "Pozvánka do {place}",
    lead: "{inviter} vás zve k práci v PREXSELL pro {place}.",
    button: "Přijmout pozvánku",
    term: "Odkaz funguje jednou, nejpozději {until}.",
    footer: "Pokud tuto pozvánku neočekáváte, nemusíte dělat nic.",
};

const RO: Words = Words {
    tag: "ro",
    subject: "Invitație la {place}",
    lead: "{inviter} vă invită să lucrați în PREXSELL pentru {place}.",
    button: "Acceptă invitația",
    term: "Linkul funcționează o singură dată, până la {until}.",
    footer: "Dacă nu așteptați această invitație, nu trebuie să faceți nimic.",
};

const RU: Words = Words {
    tag: "ru",
    subject: "Приглашение в {place}",
    lead: "{inviter} приглашает вас работать в PREXSELL для {place}.",
    button: "Принять приглашение",
    term: "Ссылка действует один раз, до {until}",
    footer: "Если вы не ждёте этого приглашения, ничего делать не нужно.",
};

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::Invitation;
    use crate::language::StaffLanguage;
    use crate::notification::LocalTime;
    use crate::zone::Zone;

    #[test]
    fn a_letter_says_who_where_and_how_in_every_language() {
        for language in StaffLanguage::ALL {
            let invitation = Invitation {
                language: *language,
                place: "Карпати\r\nBcc: x <b>".to_owned(),
                inviter: "Олена Коваль".to_owned(),
                link: "https://api.example.com/console/invitation#token".to_owned(),
                until: LocalTime::new(
                    DateTime::from_timestamp(1_800_000_000, 0).unwrap(),
                    &Zone::named("Europe/Kyiv").unwrap(),
                ),
            };
            let letter = invitation.letter().unwrap();
            assert!(letter.subject.contains("Карпати") && !letter.subject.contains(char::is_control));
            for text in [&letter.plain, &letter.html] {
                assert!(
                    text.contains("Олена Коваль") && text.contains(&invitation.link),
                    "{text}"
                );
            }
            assert!(!letter.html.contains("<b>"), "{}", letter.html);
            for text in [&letter.plain, &letter.html] {
                assert!(text.contains("10:00 (EET, UTC+2)") && text.contains(" 2027"), "{text}");
            }
            let date = match language {
                StaffLanguage::Uk => "до 10:00 (EET, UTC+2), 15 січня 2027 р.",
                StaffLanguage::Pl => "do: 10:00 (EET, UTC+2), 15 stycznia 2027 r.",
                StaffLanguage::Cs => "nejpozději 15. ledna 2027 do 10:00 (EET, UTC+2).",
                StaffLanguage::En => "until 10:00 (EET, UTC+2) on 15 January 2027.",
                StaffLanguage::Ro => "până la 15 ianuarie 2027, ora 10:00 (EET, UTC+2).",
                StaffLanguage::Ru => "до 10:00 (EET, UTC+2), 15 января 2027 г.",
            };
            assert!(letter.plain.contains(date), "{}", letter.plain);
        }
    }
}
