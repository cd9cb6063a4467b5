//! Texts in cells that spreadsheets open: nothing that a passenger or partner typed may run as a formula there.

use std::borrow::Cow;

/// What spreadsheets take for the beginning of a formula, full-width forms included: some programs turn them into the
/// plain ones.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// A text as a cell: with an apostrophe before it when a spreadsheet might take it for a formula. Blanks and invisible
/// characters before the formula do not hide it, and a text that begins with a tab or a line break always gets one. A
/// phone gets one too (`'+380671234567`): to a spreadsheet it is a formula like any other.
#[must_use]
pub fn text(text: &str) -> Cow<'_, str> {
    let leads = text.chars().find(|c| !is_blank(*c));
    let controls = text.starts_with(|c: char| c.is_control());
    if controls || leads.is_some_and(|c| FORMULA.contains(&c)) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// White space, control characters, and characters that take no room.
fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::proptest;
    use rstest::rstest;

    use super::text;

    #[rstest]
    #[case("Олена Коваленко", false)]
    #[case("", false)]
    #[case("   ", false)]
    #[case("O'Neil", false)]
    #[case("Київ - Варшава", false)]
    #[case("a=1", false)]
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
    fn formulas_are_neutralised(#[case] typed: &str, #[case] neutralised: bool) {
        assert_eq!(text(typed) != typed, neutralised, "{:?}", text(typed));
        assert_eq!(text(typed).trim_start_matches('\''), typed);
    }

    proptest! {
        #[test]
        fn no_cell_begins_with_a_formula(typed in "[ \t\r\n=+@'\u{a0}-]{0,4}.{0,8}") {
            let cell = text(&typed);
            assert!(!cell.trim_start().starts_with(['=', '+', '-', '@']), "{cell:?}");
            assert!(!cell.starts_with(['\t', '\r', '\n']), "{cell:?}");
            assert!(cell.ends_with(&typed));
        }
    }
}
