//! Masks personal data: what remains is enough to recognise an address, but not to write to it.

/// Digits of a phone number; a longer one is an id, such as a message token of Viber.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 9..=15;

/// Longest reply of a provider that is kept.
const REPLY_CHARS: usize = 200;

/// The first letter and the domain of an address; one that is masked already stays as it is.
#[must_use]
pub fn address(email: &str) -> String {
    match email.rsplit_once('@') {
        Some((local, domain)) => {
            let first: String = local.chars().filter(|c| *c != '*').take(1).collect();
            format!("{first}***@{domain}")
        }
        None => "***".to_owned(),
    }
}

/// A text that a provider or a person wrote, with addresses and phone numbers masked.
#[must_use]
pub fn text(words: &str) -> String {
    let is_part = |c: char| c.is_alphanumeric() || "@._-+%*".contains(c);
    let mut masked = String::with_capacity(words.len());
    let mut rest = words;
    while !rest.is_empty() {
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        if end == 0 {
            let next = rest.chars().next().map_or(rest.len(), char::len_utf8);
            masked.push_str(&rest[..next]);
            rest = &rest[next..];
            continue;
        }
        let word = &rest[..end];
        if word.contains('@') {
            masked.push_str(&address(word));
        } else if is_phone(word) {
            masked.push_str("+***");
        } else {
            masked.push_str(word);
        }
        rest = &rest[end..];
    }
    masked
}

/// A provider's reply in one line that fits its column, with addresses and phone numbers masked.
#[must_use]
pub fn reply(words: &str) -> String {
    let parts = words.split(|c: char| c.is_control() || c.is_whitespace());
    let line: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    text(&line.join(" ")).chars().take(REPLY_CHARS).collect()
}

/// Whether a word is a phone number, perhaps with a plus before it or a full stop after it.
fn is_phone(word: &str) -> bool {
    let number = word.trim_matches(|c: char| !c.is_alphanumeric());
    PHONE_DIGITS.contains(&number.len()) && number.bytes().all(|digit| digit.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{address, reply, text};

    #[test]
    fn addresses_and_numbers_are_masked() {
        assert_eq!(address("taras@example.com"), "t***@example.com");
        assert_eq!(address("nonsense"), "***");
        let said = "550 5.1.1 <taras.s+x@example.com>: no such user; call +380501112233, or 380501112233.";
        let shown = "550 5.1.1 <t***@example.com>: no such user; call +***, or +***";
        assert_eq!(text(said), shown);
        assert_eq!(text("Немає місця"), "Немає місця");
        assert_eq!(
            text("ok, message_token 5741311803571721087"),
            "ok, message_token 5741311803571721087"
        );
        assert_eq!(text(&text(said)), shown, "what is masked stays as it is");
        assert_eq!(text(&text("@example.com")), "***@example.com");
    }

    #[test]
    fn a_reply_is_one_short_line() {
        let said = "250 2.0.0 <taras@example.com>\r\n\u{0}queued\t as  4F3A\n";
        assert_eq!(reply(said), "250 2.0.0 <t***@example.com> queued as 4F3A");
        assert_eq!(reply(" \n"), "");
        assert_eq!(reply(&"я".repeat(300)).chars().count(), 200);
    }
}
