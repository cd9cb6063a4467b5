//! Texts in cells that spreadsheets open: nothing that a passenger or partner typed may run as a formula there, and
//! no text may turn into a number or a date.
//!
//! A spreadsheet of another country than the file's splits lines at other characters: `x;=1` in one cell is two cells
//! to it, of which the second is a formula. So the text after each possible separator is checked like a cell of its
//! own.

use std::borrow::Cow;

/// What spreadsheets take for the beginning of a formula, full-width forms included: some programs turn them into the
/// plain ones.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// Characters at which some spreadsheets split a line, regardless of the delimiter of the file.
const SEPARATORS: [char; 6] = [',', ';', '|', '\t', '\r', '\n'];

/// Digits that a spreadsheet shows and keeps as they are; Excel rounds longer numbers or shows them as powers of ten.
const SAFE_DIGITS: usize = 11;

/// A text as a cell: with an apostrophe before everything that a spreadsheet might take for a formula, at the start
/// and after every possible separator. Blanks, quotes and invisible characters before the formula do not hide it, and
/// a text that begins with a control character always gets an apostrophe. So does a text that would turn into another
/// number or a date: digits with a leading zero, more than eleven of them, `1/2`. A phone is both (`'+380671234567`).
#[must_use]
pub fn text(text: &str) -> Cow<'_, str> {
    let mut starts = formulas(text);
    if starts.first() != Some(&0) && (text.starts_with(char::is_control) || is_numeric(text)) {
        starts.insert(0, 0);
    }
    let Some(last) = starts.last() else {
        return Cow::Borrowed(text);
    };
    let mut neutral = String::with_capacity(text.len() + starts.len());
    let mut from = 0;
    for start in &starts {
        neutral.push_str(&text[from..*start]);
        neutral.push('\'');
        from = *start;
    }
    neutral.push_str(&text[*last..]);
    Cow::Owned(neutral)
}

/// Where the possible cells inside a text begin that a spreadsheet might take for formulas.
fn formulas(text: &str) -> Vec<usize> {
    let mut found = Vec::new();
    // Where the present cell begins.
    let mut begin = 0;
    loop {
        let telling = |c: char| SEPARATORS.contains(&c) || !is_blank(c) && !is_quote(c);
        let Some((at, first)) = text[begin..].char_indices().find(|(_, c)| telling(*c)) else {
            return found;
        };
        if FORMULA.contains(&first) {
            found.push(begin);
        }
        // Separators are ASCII, so their bytes are nothing else. Most of a report's time would go into decoding
        // characters.
        let bytes = &text.as_bytes()[begin + at..];
        let Some(end) = bytes.iter().position(|byte| is_separator(*byte)) else {
            return found;
        };
        begin += at + end + 1;
    }
}

/// Whether a byte is one of [`SEPARATORS`]. The compiler turns this into a look-up of bits, where `contains` compares
/// each byte of each text with six characters.
const fn is_separator(byte: u8) -> bool {
    matches!(byte, b',' | b';' | b'|' | b'\t' | b'\r' | b'\n')
}

/// Whether a spreadsheet might read a text as a number, a date or a time, and show something else than the text.
fn is_numeric(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let marks = |c: char| c.is_ascii_digit() || c.is_whitespace() || ".,:/-()".contains(c);
    let kept = digits == text.len() && digits <= SAFE_DIGITS && (digits == 1 || !text.starts_with('0'));
    digits > 0 && text.chars().all(marks) && !kept
}

/// White space, control characters, and characters without width.
fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// Characters that a spreadsheet may take for the quote around a cell. The apostrophe is not one of them: a cell that
/// begins with it is already a text.
fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»' | '＂')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};
    use rstest::rstest;

    use super::{SEPARATORS, is_blank, is_quote, is_separator, text};

    #[rstest]
    #[case("Олена Коваленко", false)]
    #[case("", false)]
    #[case("   ", false)]
    #[case("O'Neil", false)]
    #[case("Київ - Варшава", false)]
    #[case("a=1", false)]
    #[case("12", false)]
    #[case("0", false)]
    #[case("AA 0012 BB", false)]
    #[case("=1+1", true)]
    #[case("+380671234567", true)]
    #[case("-2", true)]
    #[case("@SUM(A1)", true)]
    #[case("\t=1", true)]
    #[case("\tplain", true)]
    #[case("\rplain", true)]
    #[case("\nplain", true)]
    #[case("  =cmd|' /C calc'!A0", true)]
    #[case("\u{a0}=1", true)]
    #[case("\u{feff}=1", true)]
    #[case("\u{200b}\u{200b}+1", true)]
    #[case("＝1+1", true)]
    #[case("\"=1+1\"", true)]
    #[case("007", true)]
    #[case("380671234567", true)]
    #[case("1/2", true)]
    #[case("06:30", true)]
    fn formulas_are_neutralised(#[case] typed: &str, #[case] neutralised: bool) {
        assert_eq!(text(typed) != typed, neutralised, "{:?}", text(typed));
        assert_eq!(text(typed).replace('\'', ""), typed.replace('\'', ""));
    }

    #[rstest]
    #[case("x;=cmd|'/C calc'!A0", "x;'=cmd|'/C calc'!A0")]
    #[case("a|b;\t-1,  @x", "a|b;\t'-1,'  @x")]
    #[case("x;\"=1+1\"", "x;'\"=1+1\"")]
    #[case("one\n=two\r\n+three", "one\n'=two\r\n'+three")]
    #[case("Kyiv, Lviv; Rivne | Sambir", "Kyiv, Lviv; Rivne | Sambir")]
    #[case("x;＝1", "x;'＝1")]
    fn formulas_after_a_separator_are_neutralised(#[case] typed: &str, #[case] cell: &str) {
        assert_eq!(text(typed), cell);
    }

    #[test]
    fn bytes_of_separators_are_counted() {
        for byte in 0..=u8::MAX {
            assert_eq!(is_separator(byte), SEPARATORS.contains(&char::from(byte)), "{byte}");
        }
    }

    proptest! {
        #[test]
        fn no_cell_begins_with_a_formula_wherever_a_line_is_split(typed in "([ \t\r\n=+@'\"\u{a0},;|-]{0,4}[a-я0-9]{0,2}){0,5}") {
            let cell = text(&typed);
            for part in cell.split(SEPARATORS) {
                let part = part.trim_start_matches(|c| is_blank(c) || is_quote(c));
                prop_assert!(!part.starts_with(['=', '+', '-', '@']), "{cell:?}");
            }
            prop_assert!(!cell.starts_with(['\t', '\r', '\n']), "{cell:?}");
            let unmarked = |text: &str| text.replace('\'', "");
            prop_assert_eq!(unmarked(&cell), unmarked(&typed));
        }
    }
}
