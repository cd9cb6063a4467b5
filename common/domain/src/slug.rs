//! Names in a form for URLs: lower-case ASCII letters, digits and single dashes.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The slug of a name, such as `dem-o-brasov` of `Dem'o Brașov`; empty when nothing of it can be written in ASCII.
#[must_use]
pub fn slug(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    for c in name.to_lowercase().nfc() {
        if let Some(latin) = latin(c) {
            slug.push_str(latin);
            continue;
        }
        for base in std::iter::once(c).nfkd().filter(|c| !is_combining_mark(*c)) {
            if base.is_ascii_alphanumeric() {
                slug.push(base);
            } else if !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

/// Whether a text is a slug already.
#[must_use]
pub fn is_slug(text: &str) -> bool {
    !text.is_empty() && text.len() <= 100 && slug(text) == text
}

/// Letters that do not decompose into ASCII: Latin ones, and Cyrillic by the Ukrainian passport rules.
fn latin(c: char) -> Option<&'static str> {
    Some(match c {
        'ł' => "l",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ı' => "i",
        'а' => "a",
        'б' => "b",
        'в' => "v",
        'г' => "h",
        'ґ' => "g",
        'д' => "d",
        'е' | 'э' => "e",
        'ё' => "io",
        'є' => "ie",
        'ж' => "zh",
        'з' => "z",
        'и' | 'ы' => "y",
        'і' | 'ї' | 'й' => "i",
        'к' => "k",
        'л' => "l",
        'м' => "m",
        'н' => "n",
        'о' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'у' => "u",
        'ф' => "f",
        'х' => "kh",
        'ц' => "ts",
        'ч' => "ch",
        'ш' => "sh",
        'щ' => "shch",
        'ь' | 'ъ' | '\'' | '’' | 'ʼ' => "",
        'ю' => "iu",
        'я' => "ia",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{is_slug, slug};

    #[test]
    fn writes_names_in_plain_letters() {
        assert_eq!(slug("CFR Călători"), "cfr-calatori");
        assert_eq!(slug("ÖBB"), "obb");
        assert_eq!(slug("Łódź – Київ (Схід)"), "lodz-kyiv-skhid");
        assert_eq!(slug("  Ferotrafic - T.F.I. S.R.L. "), "ferotrafic-t-f-i-s-r-l");
        assert_eq!(slug("東京"), "");
        assert!(is_slug("demo-karpaty") && !is_slug("Demo") && !is_slug("-a") && !is_slug(""));
    }
}
