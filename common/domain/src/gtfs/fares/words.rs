//! For whom a fare is, judging by its name.

/// Prefixes of words for passengers who pay less, in English, Ukrainian, Russian, Polish, Czech, Romanian and German,
/// with the Latin spellings that ids use.
const REDUCED: [&str; 63] = [
    "child",
    "infant",
    "toddler",
    "youth",
    "junior",
    "teen",
    "student",
    "pupil",
    "school",
    "senior",
    "pensioner",
    "pensionar",
    "retire",
    "elder",
    "disab",
    "veteran",
    "reduced",
    "reduction",
    "concession",
    "discount",
    "дитяч",
    "дитин",
    "діти",
    "дітей",
    "детск",
    "детям",
    "студент",
    "школяр",
    "шкільн",
    "школьн",
    "учнів",
    "пенсіон",
    "пенсион",
    "пільг",
    "льгот",
    "інвал",
    "инвал",
    "dytyach",
    "dytiach",
    "detsk",
    "pilg",
    "pilh",
    "lgot",
    "dziec",
    "ulg",
    "szkol",
    "ucze",
    "emeryt",
    "młodz",
    "mlodz",
    "dět",
    "díte",
    "dítě",
    "žák",
    "důchod",
    "duchod",
    "slev",
    "copil",
    "copii",
    "ermäß",
    "ermaess",
    "schüler",
    "schueler",
];
/// More such words, which count only as a whole because they are prefixes of others.
const REDUCED_WHOLE: [&str; 16] = [
    "kid", "kids", "baby", "half", "kind", "kinder", "elev", "elevi", "zak", "dite", "deti", "dity", "jugend",
    "rentner", "chd", "inf",
];
/// Prefixes of words for something other than one seat for one ride.
const SPECIAL: [&str; 32] = [
    "return",
    "round",
    "month",
    "week",
    "season",
    "annual",
    "carnet",
    "abonn",
    "abonam",
    "luggage",
    "baggage",
    "bicycle",
    "animal",
    "group",
    "family",
    "multi",
    "туди",
    "зворот",
    "обрат",
    "місячн",
    "месячн",
    "абонем",
    "проїзн",
    "проезд",
    "багаж",
    "груп",
    "сімей",
    "miesi",
    "powrot",
    "bagaż",
    "zpáteč",
    "rodin",
];
/// More such words, which count only as a whole.
const SPECIAL_WHOLE: [&str; 7] = ["pass", "day", "bike", "dog", "pet", "rt", "bagaz"];

/// For whom or for what a fare is, judging by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// For passengers who pay less than others: children, pupils, pensioners.
    Reduced,
    /// A return ticket, a pass, a bicycle.
    Special,
    /// Neither.
    Plain,
}

/// Reads a name or an id.
pub fn meaning(name: &str) -> Meaning {
    let words = words(name);
    let any = |starts: &[&str], whole: &[&str]| {
        let speaks =
            |word: &String| starts.iter().any(|start| word.starts_with(start)) || whole.contains(&word.as_str());
        words.iter().any(speaks)
    };
    if any(&REDUCED, &REDUCED_WHOLE) {
        Meaning::Reduced
    } else if any(&SPECIAL, &SPECIAL_WHOLE) {
        Meaning::Special
    } else {
        Meaning::Plain
    }
}

/// The words of a name in lower case: `Kyiv-LvivChild_2` has `kyiv`, `lviv`, `child` and `2`.
fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut before = ' ';
    for c in name.chars() {
        let begins = before.is_lowercase() && c.is_uppercase() || before.is_alphabetic() != c.is_alphabetic();
        if begins && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::{Meaning, meaning};

    #[rstest]
    #[case("child", Meaning::Reduced)]
    #[case("Kyiv-Lviv Children (under 14)", Meaning::Reduced)]
    #[case("KyivLvivChild", Meaning::Reduced)]
    #[case("kl_kids", Meaning::Reduced)]
    #[case("Дитячий", Meaning::Reduced)]
    #[case("bilet ulgowy", Meaning::Reduced)]
    #[case("žákovské jízdné", Meaning::Reduced)]
    #[case("Kinderkarte", Meaning::Plain)]
    #[case("kind", Meaning::Reduced)]
    #[case("monthly-pass", Meaning::Special)]
    #[case("return student", Meaning::Reduced)]
    #[case("return", Meaning::Special)]
    #[case("adult", Meaning::Plain)]
    #[case("K1-kyiv-lviv", Meaning::Plain)]
    #[case("zakarpattia", Meaning::Plain)]
    #[case("halfway", Meaning::Plain)]
    #[case("Passau", Meaning::Plain)]
    #[case("", Meaning::Plain)]
    fn names_of_fares_tell_their_meaning(#[case] name: &str, #[case] expected: Meaning) {
        assert_eq!(meaning(name), expected);
    }
}
