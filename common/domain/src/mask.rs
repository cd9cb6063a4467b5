//! Masks personal data: what remains is enough to recognise an address, but not to write to it.

use std::net::Ipv4Addr;
use std::ops::RangeInclusive;

/// Digits of a phone number; a longer one is an id, such as a message token of Viber.
const PHONE_DIGITS: RangeInclusive<usize> = 9..=15;

/// What stands between the groups of digits of a phone number, and how much of it at most.
const BETWEEN: &str = " ().-";
const LONGEST_GAP: usize = 3;

/// What remains of a phone number.
const PHONE: &str = "+***";

/// Characters of an address beside letters, digits and the `@`; the asterisk is of one that is masked already.
const OF_ADDRESS: &str = "._-+%*!#$&'/=?^`{|}~";

/// What is written as a percent code in a URL, where it would hide an address or a phone number.
const CODES: [(&str, &str); 4] = [("%40", "@"), ("%2B", "+"), ("%2b", "+"), ("%20", " ")];

/// What stands before the id of a message in the reply of a mail server, in lower case.
const BEFORE_ID: [&str; 2] = ["id=", "queued as "];

/// Number of characters of an id that are looked at, and of what stands before it.
const LONGEST_ID: usize = 64;
const LONGEST_BEFORE_ID: usize = 10;

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

/// A text that a provider or a person wrote, with addresses and phone numbers masked. What is masked stays as it is.
/// Ids stay too: those of the platform, also in a Message-ID, and those that mail servers give to messages.
///
/// A number without a plus is one of a phone if it begins with 0, or with a country code of Europe (3, 4, 7) or Turkey.
#[must_use]
pub fn text(words: &str) -> String {
    let decoded = CODES
        .iter()
        .fold(words.to_owned(), |words, (code, sign)| words.replace(*code, sign));
    phones(&addresses(&decoded))
}

/// A provider's reply in one line that fits its column, with addresses and phone numbers masked.
#[must_use]
pub fn reply(words: &str) -> String {
    let parts = words.split(|c: char| c.is_control() || c.is_whitespace());
    let line: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    text(&line.join(" ")).chars().take(REPLY_CHARS).collect()
}

/// Masks the addresses in a text.
fn addresses(words: &str) -> String {
    let is_part = |c: char| c.is_alphanumeric() || c == '@' || OF_ADDRESS.contains(c);
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
        match word.rsplit_once('@') {
            Some((local, _)) if !is_id(local) => masked.push_str(&address(word)),
            _ => masked.push_str(word),
        }
        rest = &rest[end..];
    }
    masked
}

/// Whether this is an id of the platform, such as that of a message in its Message-ID.
fn is_id(local: &str) -> bool {
    local.split_once('_').is_some_and(|(prefix, hex)| {
        let is_prefix = prefix.len() == 3 && prefix.bytes().all(|c| c.is_ascii_lowercase());
        is_prefix && hex.len() == 32 && hex.bytes().all(|c| c.is_ascii_hexdigit())
    })
}

/// Masks the phone numbers in a text.
fn phones(words: &str) -> String {
    let chars: Vec<char> = words.chars().collect();
    let mut masked: Vec<char> = Vec::with_capacity(chars.len());
    let mut rest = chars.as_slice();
    while let Some((first, others)) = rest.split_first() {
        if let Some(length) = phone(&masked, rest) {
            masked.extend(PHONE.chars());
            rest = &rest[length..];
        } else {
            masked.push(*first);
            rest = others;
        }
    }
    masked.into_iter().collect()
}

/// The length of the phone number with which `rest` begins, after `before`; `None` when it does not begin with one.
fn phone(before: &[char], rest: &[char]) -> Option<usize> {
    let plus = match rest {
        ['+', '(', ..] => 2,
        ['+', ..] => 1,
        _ if can_begin(before, rest) => 0,
        _ => return None,
    };
    let (mut at, mut digits, mut end) = (plus, 0, None);
    loop {
        let group = digits_of(&rest[at..]);
        let after = at + group;
        digits += group;
        // Without a plus, a single digit is one of a status code, such as 5.1.1.
        let is_lone = group == 1 && plus == 0;
        let is_of_word = rest.get(after).is_some_and(|c| c.is_alphabetic() || *c == '*');
        if group == 0 || is_lone || is_of_word || digits > *PHONE_DIGITS.end() {
            return end;
        }
        if PHONE_DIGITS.contains(&digits) {
            end = Some(after);
        }
        let gap = rest[after..].iter().take_while(|c| BETWEEN.contains(**c)).count();
        if gap == 0 || gap > LONGEST_GAP {
            return end;
        }
        at = after + gap;
    }
}

/// Whether a phone number without a plus can begin here.
fn can_begin(before: &[char], rest: &[char]) -> bool {
    let is_code = matches!(rest, ['0' | '3' | '4' | '7', ..] | ['9', '0', ..]);
    let is_free = match before {
        [.., last] if last.is_alphanumeric() => false,
        // The rest of a version, a status code or a fraction, or of a date or time.
        [.., last, '.'] if last.is_ascii_digit() => false,
        [.., last, '-' | ':'] if last.is_ascii_digit() => digits_of(rest) >= *PHONE_DIGITS.start(),
        _ => true,
    };
    is_code && is_free && !is_ip(rest) && !is_in_id(before)
}

/// Number of digits at the beginning.
fn digits_of(chars: &[char]) -> usize {
    chars.iter().take_while(|c| c.is_ascii_digit()).count()
}

/// Whether an IP address begins here; the longest one has 15 characters.
fn is_ip(rest: &[char]) -> bool {
    let is_part = |c: &&char| c.is_ascii_digit() || **c == '.';
    let text: String = rest.iter().take(16).take_while(is_part).collect();
    text.trim_end_matches('.').parse::<Ipv4Addr>().is_ok()
}

/// Whether what follows is part of an id that a mail server gave to a message.
fn is_in_id(before: &[char]) -> bool {
    let is_part = |c: &&char| c.is_alphanumeric() || "-._".contains(**c);
    let begun = before.iter().rev().take(LONGEST_ID).take_while(is_part).count();
    let lead = &before[..before.len() - begun];
    let lead: String = lead[lead.len().saturating_sub(LONGEST_BEFORE_ID)..].iter().collect();
    let lead = lead.to_lowercase();
    BEFORE_ID.iter().any(|mark| lead.ends_with(mark))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::{address, reply, text};

    #[test]
    fn addresses_and_numbers_are_masked() {
        assert_eq!(address("taras@example.com"), "t***@example.com");
        assert_eq!(address("nonsense"), "***");
        let said = "550 5.1.1 <taras.s+x@example.com>: no such user; call +380501112233, or 380501112233.";
        let shown = "550 5.1.1 <t***@example.com>: no such user; call +***, or +***.";
        assert_eq!(text(said), shown);
        assert_eq!(text("Немає місця"), "Немає місця");
        assert_eq!(text(&text(said)), shown, "what is masked stays as it is");
        assert_eq!(text(&text("@example.com")), "***@example.com");
    }

    #[rstest]
    #[case::groups("+38 050 111 22 33", "+***")]
    #[case::national("050-111-22-33", "+***")]
    #[case::dots("050.111.22.33", "+***")]
    #[case::brackets("+38(050)1112233", "+***")]
    #[case::bracketed("(0501112233)", "(+***)")]
    #[case::bracketed_code("+(380) 50 111-22-33", "+***")]
    #[case::trunk_zero("+38 (0) 50 111 22 33", "+***")]
    #[case::name("phone_380501112233", "phone_+***")]
    #[case::label("tel.050 111 22 33", "tel.+***")]
    #[case::parameter("phone=380501112233", "phone=+***")]
    #[case::encoded("to=%2B380501112233", "to=+***")]
    #[case::account("user1-380501112233", "user1-+***")]
    #[case::after_status_code("550 5.1.1 380501112233 unknown", "550 5.1.1 +*** unknown")]
    #[case::two("0501112233 0671112233", "+*** +***")]
    #[case::before_word("380501112233 2nd floor", "+*** 2nd floor")]
    #[case::poland("48 600 700 800", "+***")]
    #[case::turkey("905321112233", "+***")]
    fn a_phone_number_is_masked(#[case] said: &str, #[case] shown: &str) {
        assert_eq!(text(said), shown);
    }

    #[rstest]
    #[case::encoded("taras%40example.com", "t***@example.com")]
    #[case::two_people("taras&olena@example.com", "t***@example.com")]
    #[case::apostrophe("<o'brien@example.com>", "<o***@example.com>")]
    #[case::every_sign("a!#$&'/=?^`{|}~b@example.com", "a***@example.com")]
    #[case::phone_as_name("380501112233@example.com", "3***@example.com")]
    #[case::phone_after_it("taras@example.com/380501112233", "t***@example.com/+***")]
    #[case::like_an_id("ntf_taras@example.com", "n***@example.com")]
    fn an_address_is_masked(#[case] said: &str, #[case] shown: &str) {
        assert_eq!(text(said), shown);
    }

    #[rstest]
    #[case::viber("message_token 5741311803571721087: ok")]
    #[case::gmail("250 2.0.0 OK 1764612345 a640c23a62f3a-b1b2c3d4e5f6g7sm123456789e9.12 - gsmtp")]
    #[case::gmail_without_ok("250 2.0.0 1764612345 - gsmtp")]
    #[case::exchange(
        "250 2.6.0 <ntf_0190a1b2c3d4e5f60718293a4b5c6d7e@mail.example.com> [InternalId=42345678901234, \
         Hostname=AB3PR01MB1234.eurprd01.prod.example.com] 123456 bytes in 0.345, 340.567 KB/sec Queued mail"
    )]
    #[case::exim("250 OK id=1rD5Vb-00000001234-3xYz")]
    #[case::postfix("250 2.0.0 Ok: queued as 423456789012")]
    #[case::our_id("job_0190a1b2c3d4e5f60718293a4b5c6d7e")]
    #[case::ip("connection to [34.101.120.45]:25 refused")]
    #[case::status_code("SMTP 450 4.7.1 12345678")]
    #[case::time("2026-03-04 21:12:03.345678901, after 0.345678901 s")]
    #[case::date_and_count("2026-03-04 1764612345")]
    fn an_id_stays(#[case] said: &str) {
        assert_eq!(text(said), said);
    }

    #[test]
    fn a_reply_is_one_short_line() {
        let said = "250 2.0.0 <taras@example.com>\r\n\u{0}queued\t as  4F3A\n";
        assert_eq!(reply(said), "250 2.0.0 <t***@example.com> queued as 4F3A");
        assert_eq!(reply(" \n"), "");
        assert_eq!(reply(&"я".repeat(300)).chars().count(), 200);
    }

    proptest! {
        #[test]
        fn masking_again_changes_nothing(said in "[-0-9 ().+@%a_=*]{0,60}") {
            let once = text(&said);
            prop_assert_eq!(text(&once), once);
        }
    }
}
