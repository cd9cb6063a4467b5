//! Folded names of all cities in one text, so that a search is one pass over it.

/// Names of every city, one after the other.
#[derive(Debug, Default)]
pub(super) struct SearchText {
    /// Folded names, those of one city together: a `\n`, then each name with a `\n` after it.
    text: Box<str>,
    /// Where in `text` the names of each city end.
    ends: Box<[usize]>,
}

/// Where in a name a match may begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Match {
    /// At any letter.
    Anywhere,
    /// At the first letter of a word.
    WordStart,
}

impl SearchText {
    /// The text of the folded names of each city.
    pub fn new(cities: impl Iterator<Item = Vec<String>>) -> Self {
        let mut text = String::from('\n');
        let mut ends = Vec::new();
        for mut names in cities {
            names.sort();
            names.dedup();
            for name in names {
                text.push_str(&name);
                text.push('\n');
            }
            ends.push(text.len());
        }
        Self {
            text: text.into(),
            ends: ends.into(),
        }
    }

    /// Sets `found` for every city one of whose names contains `needle`, which is folded and not empty.
    pub fn mark(&self, needle: &str, begins: Match, found: &mut [bool]) {
        // What may come before a match: folded names have no other separators than these.
        let before = match begins {
            Match::Anywhere => &[""][..],
            Match::WordStart => &["\n", " "],
        };
        for before in before {
            for (at, _) in self.text.match_indices(&format!("{before}{needle}")) {
                let city = self.ends.partition_point(|end| *end <= at + before.len());
                found[city] = true;
            }
        }
    }
}
