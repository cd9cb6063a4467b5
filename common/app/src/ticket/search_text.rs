//! Interprets the text that a user types to find a ticket.

use db::ticket::company::SearchText;

/// Minimum number of digits of a phone number.
const DIGITS: usize = 4;

/// Maximum number of words that are searched for.
const WORDS: usize = 5;

/// What a text means: the id of a ticket or a booking, a phone number or part of one, or the beginnings of words; the
/// latter two may also be a reference. `None` when it has neither letters nor digits.
pub(super) fn parse(typed: &str) -> Option<SearchText> {
    let typed = typed.trim();
    if let Ok(id) = typed.parse() {
        return Some(SearchText::Ticket(id));
    }
    if let Ok(id) = typed.parse() {
        return Some(SearchText::Booking(id));
    }
    let reference = typed.parse().ok();
    if let Some(first) = phone(typed) {
        return Some(SearchText::Words {
            first,
            others: Vec::new(),
            reference,
        });
    }
    let is_gap = |c: char| c.is_whitespace() || c == ',' || c == '-' && !typed.contains('@');
    let words = typed.split(is_gap).filter(|word| word.contains(char::is_alphanumeric));
    let mut words: Vec<String> = words.take(WORDS).map(str::to_owned).collect();
    // The longest one has the fewest matches.
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    let mut words = words.into_iter();
    let first = vec![words.next()?];
    Some(SearchText::Words {
        first,
        others: words.collect(),
        reference,
    })
}

/// A phone number as people write it, international or not, whole or only its beginning or end.
fn phone(typed: &str) -> Option<Vec<String>> {
    let is_phone = typed.chars().all(|c| c.is_ascii_digit() || " +()-./".contains(c));
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    if !is_phone || digits.len() < DIGITS {
        return None;
    }
    // Without the leading zeros of an international or a national call.
    let digits = digits.trim_start_matches('0');
    let backwards: String = digits.chars().rev().collect();
    (digits.len() >= DIGITS).then(|| vec![digits.to_owned(), format!("~{backwards}")])
}

#[cfg(test)]
mod tests {
    use db::ticket::company::SearchText;
    use rstest::rstest;

    use super::parse;

    #[rstest]
    #[case::name("  Olena  ", &["Olena"], &[])]
    #[case::the_longest_first("Taras O. Kovalenko-Bondar", &["Kovalenko"], &["Bondar", "Taras", "O."])]
    #[case::address("o-k@example.com", &["o-k@example.com"], &[])]
    #[case::international("+380 67 123-45-67", &["380671234567"], &["~765432176083"])]
    #[case::national("(067) 123 45 67", &["671234567"], &["~765432176"])]
    #[case::the_end("4567", &["4567"], &["~7654"])]
    fn words_are_taken_apart(#[case] typed: &str, #[case] first: &[&str], #[case] rest: &[&str]) {
        let Some(SearchText::Words {
            first: found, others, ..
        }) = parse(typed)
        else {
            panic!("no words in {typed}")
        };
        let all: Vec<String> = found.into_iter().chain(others).collect();
        assert_eq!(all, [first, rest].concat());
    }

    #[rstest]
    #[case("--")]
    #[case("")]
    #[case("0000000")]
    fn a_search_text_without_letters_and_digits_finds_nothing(#[case] typed: &str) {
        assert!(!matches!(parse(typed), Some(SearchText::Words { first, .. }) if first.iter().any(String::is_empty)));
    }
}
