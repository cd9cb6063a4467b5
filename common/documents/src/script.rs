//! Texts in scripts that the fonts of a ticket, or the people who check it, may not know.

use deunicode::deunicode;
use unicode_normalization::char::is_combining_mark;

use super::font::{Fonts, Weight};

/// The text with every character replaced that no font has: letters and digits by Latin ones that sound alike;
/// characters without width and pictures are dropped.
pub(super) fn printable(fonts: &Fonts, text: &str) -> String {
    let mut printable = String::with_capacity(text.len());
    let mut missing = String::new();
    for c in text.chars().filter(|c| !is_joiner(*c)) {
        if fonts.of(Weight::Regular, c).is_some() {
            printable.push_str(&in_latin(&missing));
            missing.clear();
            printable.push(c);
        } else if c.is_alphanumeric() || is_combining_mark(c) || c.is_ascii_punctuation() {
            missing.push(c);
        }
    }
    printable.push_str(&in_latin(&missing));
    printable
}

/// The text in Latin letters, if it has others.
pub(super) fn transliterated(text: &str) -> Option<String> {
    text.chars()
        .any(|c| c.is_alphabetic() && !is_familiar(c))
        .then(|| in_latin(text))
        .filter(|latin| !latin.is_empty())
}

/// Latin letters that sound like a text, each word with a capital.
fn in_latin(text: &str) -> String {
    let latin = deunicode(text);
    let mut words = Vec::new();
    for word in latin.split_whitespace() {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        let mut letters = word.chars();
        if let Some(first) = letters.next() {
            words.push(first.to_ascii_uppercase().to_string() + &letters.as_str().to_ascii_lowercase());
        }
    }
    words.join(" ")
}

/// Latin, Greek and Cyrillic letters.
const fn is_familiar(c: char) -> bool {
    matches!(c, '\0'..='\u{52f}' | '\u{1c80}'..='\u{1c8f}' | '\u{1d00}'..='\u{1fff}' | '\u{2c60}'..='\u{2c7f}' | '\u{a640}'..='\u{a69f}' | '\u{a720}'..='\u{a7ff}' | '\u{ab30}'..='\u{ab6f}' | '\u{fb00}'..='\u{fb06}' | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}')
}

/// Characters that select a form of a picture, and characters that show nothing.
const fn is_joiner(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e01ef}')
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::super::font::Fonts;
    use super::{printable, transliterated};

    #[rstest]
    #[case("Олена Коваленко", None)]
    #[case("Zdeněk Żółć", None)]
    #[case("Đặng Nguyễn", None)]
    #[case("Γιώργος", None)]
    #[case("王小明", Some("Wang Xiao Ming"))]
    #[case("Anna 王", Some("Anna Wang"))]
    #[case("김민수", Some("Gimminsu"))]
    #[case("שרה כהן", Some("Shrh Khn"))]
    #[case("ნინო", Some("Nino"))]
    #[case("Արմեն", Some("Armen"))]
    fn a_name_on_a_ticket_has_latin_letters_too(#[case] name: &str, #[case] latin: Option<&str>) {
        assert_eq!(transliterated(name).as_deref(), latin);
    }

    #[rstest]
    #[case("Олена Коваленко", "Олена Коваленко")]
    #[case("王小明", "王小明")]
    #[case("प्रिया", "प्रिया")]
    #[case("محمد", "محمد")]
    #[case("สมชาย", "สมชาย")]
    #[case("김민수 Kim", "Gimminsu Kim")]
    #[case("Олена 🦄\u{fe0f}", "Олена ")]
    #[case("An\u{200b}na\u{e0041}", "Anna")]
    fn what_no_font_has_is_written_in_latin_letters(#[case] text: &str, #[case] shown: &str) {
        assert_eq!(printable(Fonts::get().unwrap(), text), shown);
    }
}
