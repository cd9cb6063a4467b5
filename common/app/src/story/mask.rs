//! Masks personal data: what remains is enough to recognise an address, but not to write to it.

/// The first letter and the domain of an address.
pub fn address(email: &str) -> String {
    match email.rsplit_once('@') {
        Some((local, domain)) => format!("{}***@{domain}", local.chars().take(1).collect::<String>()),
        None => "***".to_owned(),
    }
}

/// A provider's response with addresses and phone numbers masked.
pub fn text(words: &str) -> String {
    let is_part = |c: char| c.is_alphanumeric() || "@._-+%".contains(c);
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
        let digits = word.chars().filter(char::is_ascii_digit).count();
        if word.contains('@') {
            masked.push_str(&address(word));
        } else if digits >= 9 && word.trim_start_matches('+').chars().all(|c| c.is_ascii_digit()) {
            masked.push_str("+***");
        } else {
            masked.push_str(word);
        }
        rest = &rest[end..];
    }
    masked
}

#[cfg(test)]
mod tests {
    use super::{address, text};

    #[test]
    fn addresses_and_numbers_are_masked() {
        assert_eq!(address("taras@example.com"), "t***@example.com");
        assert_eq!(address("nonsense"), "***");
        let said = "550 5.1.1 <taras.s+x@example.com>: no such user; call +380501112233, or 380501112233";
        let shown = "550 5.1.1 <t***@example.com>: no such user; call +***, or +***";
        assert_eq!(text(said), shown);
        assert_eq!(text("Немає місця"), "Немає місця");
    }
}
