//! The name of the machine, or of the container. With it, processes that have the same number can be distinguished.

use std::fs;

/// Where Linux keeps it, for each container its own.
const FILE: &str = "/proc/sys/kernel/hostname";

/// Maximum length, that of Linux.
const LENGTH: usize = 64;

/// The name; empty where the system has none.
#[must_use]
pub fn name() -> String {
    cleaned(&fs::read_to_string(FILE).unwrap_or_default())
}

/// What of a text may be in the name of a host.
fn cleaned(text: &str) -> String {
    let is_part = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    text.chars().filter(is_part).take(LENGTH).collect()
}

#[cfg(test)]
mod tests {
    use super::{LENGTH, cleaned};

    #[test]
    fn a_name_is_one_word_of_bounded_length() {
        assert_eq!(cleaned("mail-1.example\n"), "mail-1.example");
        assert_eq!(cleaned("a b\u{1b}[1m@c"), "ab1mc");
        assert_eq!(cleaned(""), "");
        assert_eq!(cleaned(&"x".repeat(100)).len(), LENGTH);
    }
}
