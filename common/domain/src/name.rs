//! Names of people, which must be readable on a ticket.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Maximum number of characters of a name.
pub const MAX_LENGTH: usize = 100;

/// Why a text is not a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing in it is readable.
    #[error("must contain a visible letter")]
    Blank,
    /// It would break lines, or the order of letters on a ticket.
    #[error("must not contain control characters or characters that change the text direction")]
    Control,
    /// It is too long.
    #[error("must be at most 100 characters")]
    Length,
}

impl NameError {
    /// The rule, as field errors name it.
    #[must_use]
    pub const fn constraint(self) -> &'static str {
        match self {
            Self::Blank => "letter",
            Self::Control => "text",
            Self::Length => "maxLength",
        }
    }
}

/// The name as it is kept: composed (NFC), without blanks and invisible characters around it.
///
/// # Errors
/// See [`NameError`].
pub fn normal(text: &str) -> Result<String, NameError> {
    let name: String = text.trim_matches(is_invisible).nfc().collect();
    if !name.chars().any(is_visible_letter) {
        Err(NameError::Blank)
    } else if name.chars().any(breaks_lines) {
        Err(NameError::Control)
    } else if name.chars().count() > MAX_LENGTH {
        Err(NameError::Length)
    } else {
        Ok(name)
    }
}

/// Letters of any script, without combining marks.
fn is_visible_letter(c: char) -> bool {
    c.is_alphabetic() && !is_combining_mark(c) && !is_filler(c)
}

/// Characters that Unicode calls letters and that show nothing.
const fn is_filler(c: char) -> bool {
    matches!(c, '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}')
}

/// Control characters, ends of lines and paragraphs, and characters that change the writing direction.
fn breaks_lines(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// White space, and characters without width.
fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || is_filler(c)
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{2800}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::{MAX_LENGTH, NameError, normal};

    #[rstest]
    #[case("Олена", "Олена")]
    #[case(" \t Олена\u{a0}\n", "Олена")]
    #[case("\u{feff}Anna\u{200b}", "Anna")]
    #[case("Жан-Поль", "Жан-Поль")]
    #[case("O’Neil d'Arc", "O’Neil d'Arc")]
    // As a Mac sends it.
    #[case("Сергі\u{438}\u{306}", "Сергі\u{439}")]
    #[case("Zoe\u{308}", "Zo\u{eb}")]
    #[case("王小明", "王小明")]
    #[case("محمد", "محمد")]
    #[case("שרה", "שרה")]
    #[case("प्रिया", "प्रिया")]
    #[case("ნინო", "ნინო")]
    // A joiner inside a name belongs to it.
    #[case("نی\u{200c}ما", "نی\u{200c}ما")]
    #[case("Ø", "Ø")]
    fn a_name_is_kept_trimmed_and_composed(#[case] text: &str, #[case] name: &str) {
        assert_eq!(normal(text).as_deref(), Ok(name));
    }

    #[rstest]
    #[case("", NameError::Blank)]
    #[case("   ", NameError::Blank)]
    #[case("\u{a0}\u{2003}\u{3000}", NameError::Blank)]
    #[case("\u{200b}\u{200d}\u{2060}\u{feff}", NameError::Blank)]
    #[case("\u{301}\u{308}", NameError::Blank)]
    #[case("\u{93f}\u{941}", NameError::Blank)]
    #[case("\u{3164}\u{115f}\u{1160}\u{ffa0}", NameError::Blank)]
    #[case("\u{2800}", NameError::Blank)]
    #[case("\u{202e}", NameError::Blank)]
    #[case("\u{7}", NameError::Blank)]
    #[case("-", NameError::Blank)]
    #[case("123", NameError::Blank)]
    #[case("🙂", NameError::Blank)]
    #[case("\u{e000}", NameError::Blank)]
    #[case("An\u{0}na", NameError::Control)]
    #[case("Ann\nBcc: x@y.z", NameError::Control)]
    #[case("An\tna", NameError::Control)]
    #[case("Anna\u{202e}xyz", NameError::Control)]
    #[case("\u{2066}Anna\u{2069}", NameError::Control)]
    #[case("An\u{2028}na", NameError::Control)]
    #[case("\u{7f}Anna", NameError::Control)]
    fn what_cannot_be_read_on_a_ticket_is_refused(#[case] text: &str, #[case] error: NameError) {
        assert_eq!(normal(text), Err(error));
    }

    #[test]
    fn the_length_is_that_of_the_kept_form() {
        let letters = "\u{438}\u{306}".repeat(MAX_LENGTH);
        assert_eq!(normal(&letters), Ok("\u{439}".repeat(MAX_LENGTH)));
        assert_eq!(normal(&"x".repeat(MAX_LENGTH + 1)), Err(NameError::Length));
    }
}
