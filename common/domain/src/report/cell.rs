//! Texts in cells that spreadsheets open: nothing that a passenger or partner typed may run as a formula there, and
//! no text may turn into a number or a date.
//!
//! A spreadsheet of another country than the file's splits lines at other characters: `x;=1` in one cell is two cells
//! to it, of which the second is a formula. So the text after each possible separator is checked like a cell of its
//! own.

/// What spreadsheets take for the beginning of a formula, full-width forms included: some programs turn them into the
/// plain ones.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// Digits that a spreadsheet shows and keeps as they are; Excel rounds longer numbers or shows them as powers of ten.
const SAFE_DIGITS: usize = 11;

/// The possible cells of a text, each with the separator that ends it, and whether an apostrophe precedes it: that is so
/// for everything that a spreadsheet might take for a formula, at the start and after every possible separator. Blanks,
/// quotes and invisible characters before the formula do not hide it, and a text that begins with a control character
/// always gets an apostrophe. So does a text that would turn into another number or a date: digits with a leading zero,
/// more than eleven of them, `1/2`. A phone is both (`'+380671234567`).
pub(super) fn parts(text: &str) -> impl Iterator<Item = (bool, &str)> {
    let mut is_marked = text.starts_with(char::is_control) || is_numeric(text);
    let is_whole = !has_separator(text);
    let mut left = text;
    std::iter::from_fn(move || {
        if left.is_empty() {
            return None;
        }
        let end = if is_whole { left.len() } else { end_of_part(left) };
        let (part, rest) = left.split_at(end);
        left = rest;
        // What is true of the whole text marks its beginning only.
        Some((std::mem::take(&mut is_marked) || is_formula(part), part))
    })
}

/// Where the first possible cell of a text ends. Separators are ASCII, so their bytes are nothing else; most of the time
/// would go into decoding characters.
fn end_of_part(text: &str) -> usize {
    let separator = text.bytes().position(is_separator);
    separator.map_or(text.len(), |at| at + 1)
}

/// Whether a spreadsheet might take a possible cell for a formula.
fn is_formula(part: &str) -> bool {
    let first = part.chars().find(|c| !is_blank(*c) && !is_quote(*c));
    first.is_some_and(|c| FORMULA.contains(&c))
}

/// Whether a text can be split. Few can, and the compiler compares many bytes at a time if the loop does not end early.
fn has_separator(text: &str) -> bool {
    text.bytes().fold(false, |found, byte| found | is_separator(byte))
}

/// Whether some spreadsheets split a line at this character, regardless of the delimiter of the file. Without branches,
/// for [`has_separator`].
const fn is_separator(byte: u8) -> bool {
    (byte == b',') | (byte == b';') | (byte == b'|') | (byte == b'\t') | (byte == b'\r') | (byte == b'\n')
}

/// Whether a spreadsheet might read a text as a number, a date or a time, and show something else than the text.
fn is_numeric(text: &str) -> bool {
    let marks = |c: char| c.is_ascii_digit() || c.is_whitespace() || ".,:/-()".contains(c);
    // First, because it ends at the first letter.
    if !text.chars().all(marks) {
        return false;
    }
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let kept = digits == text.len() && digits <= SAFE_DIGITS && (digits == 1 || !text.starts_with('0'));
    digits > 0 && !kept
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

    use super::{has_separator, is_blank, is_quote, is_separator, parts};

    const SEPARATORS: [char; 6] = [',', ';', '|', '\t', '\r', '\n'];

    /// The cell of a text, before its quotes are doubled.
    fn text(typed: &str) -> String {
        let marked = |(is_marked, part): (bool, &str)| format!("{}{part}", if is_marked { "'" } else { "" });
        parts(typed).map(marked).collect()
    }

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
    #[case("\t=1", "'\t'=1")]
    #[case("1,2", "'1,2")]
    #[case(";", ";")]
    fn formulas_after_a_separator_are_neutralised(#[case] typed: &str, #[case] cell: &str) {
        assert_eq!(text(typed), cell);
    }

    #[test]
    fn bytes_of_separators_are_counted() {
        for byte in 0..=u8::MAX {
            assert_eq!(is_separator(byte), SEPARATORS.contains(&char::from(byte)), "{byte}");
            if byte.is_ascii() {
                let text = format!("Київ{}", char::from(byte));
                assert_eq!(has_separator(&text), is_separator(byte), "{byte}");
            }
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
