//! Cells of texts that repeat from line to line: routes, stops, partners, buses. To find and copy such a cell takes a
//! fraction of the time of writing it again. How a cell is written is in [`super::record`].

/// Cells that were written before. Their number is limited: a cell replaces an earlier one whose texts have the same hash.
#[derive(Debug)]
pub(super) struct RepeatedCells(Vec<RepeatedCell>);

/// A cell, and the two texts of which it was made; empty until one is written.
#[derive(Debug, Clone, Default)]
struct RepeatedCell {
    first: String,
    second: String,
    cell: Vec<u8>,
}

impl RepeatedCells {
    /// Bits of a hash that are used.
    const BITS: u32 = 10;

    /// Number of cells that are kept: more than most companies have stops.
    const KEPT: usize = 1 << Self::BITS;

    /// Bytes of the longest texts that are kept. With them, memory use is limited to about 1 MB for each cache, with
    /// apostrophes and doubled quotes.
    const LONGEST: usize = 256;

    pub fn new() -> Self {
        // The last place is that of texts that are not kept.
        Self(vec![RepeatedCell::default(); Self::KEPT + 1])
    }

    /// The cell of two texts, which `write` adds to an empty one unless it is known.
    pub fn cell(&mut self, first: &str, second: &str, write: impl FnOnce(&mut Vec<u8>)) -> &[u8] {
        let known = &mut self.0[Self::place(first, second)];
        if known.cell.is_empty() || known.first != first || known.second != second {
            first.clone_into(&mut known.first);
            second.clone_into(&mut known.second);
            known.cell.clear();
            write(&mut known.cell);
        }
        &known.cell
    }

    fn place(first: &str, second: &str) -> usize {
        if first.len() + second.len() > Self::LONGEST {
            return Self::KEPT;
        }
        let hash = mix_text(mix_text(0, first), second);
        // The highest bits, since every bit of the texts changes them.
        usize::try_from(hash >> (u64::BITS - Self::BITS)).unwrap_or(Self::KEPT)
    }
}

/// Adds a text to a hash, eight bytes at a time.
fn mix_text(hash: u64, text: &str) -> u64 {
    let (words, rest) = text.as_bytes().as_chunks::<8>();
    let hash = words
        .iter()
        .fold(hash, |hash, word| mix(hash, u64::from_le_bytes(*word)));
    mix(hash, rest.iter().fold(0, |word, byte| (word << 8) | u64::from(*byte)))
}

/// Adds a word to a hash. The factor is that of Fibonacci hashing: two to the power of 64, divided by the golden ratio.
const fn mix(hash: u64, word: u64) -> u64 {
    (hash.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[cfg(test)]
mod tests {
    use super::RepeatedCells;

    /// Whether the cell of two texts had to be written; it must be their own in either case.
    fn is_written(cells: &mut RepeatedCells, first: &str, second: &str) -> bool {
        let own = format!("{first}|{second}");
        let mut is_written = false;
        let cell = cells.cell(first, second, |cell| {
            is_written = true;
            cell.extend_from_slice(own.as_bytes());
        });
        assert_eq!(cell, own.as_bytes());
        is_written
    }

    #[test]
    fn a_cell_is_written_once() {
        let mut cells = RepeatedCells::new();
        assert!(is_written(&mut cells, "Київ", "АС «Центральний»"));
        assert!(!is_written(&mut cells, "Київ", "АС «Центральний»"));
        assert!(is_written(&mut cells, "", ""));
        assert!(!is_written(&mut cells, "", ""));
    }

    #[test]
    fn texts_that_are_divided_differently_have_different_cells() {
        let mut cells = RepeatedCells::new();
        for _ in 0..2 {
            for (first, second) in [("Kyiv", ""), ("", "Kyiv"), ("Ky", "iv"), ("Kyiv\0", ""), ("Kyiv", "\0")] {
                is_written(&mut cells, first, second);
            }
        }
    }

    #[test]
    fn each_of_many_texts_has_its_own_cell() {
        let mut cells = RepeatedCells::new();
        for _ in 0..2 {
            for number in 0..5 * RepeatedCells::KEPT {
                is_written(&mut cells, &format!("Місто {number}"), &"АС ".repeat(number % 60));
            }
        }
    }

    #[test]
    fn most_cells_of_a_company_are_kept() {
        let mut cells = RepeatedCells::new();
        let mut again = || {
            let texts = (0..200).map(|number| (format!("Місто {}", number / 4), format!("Автостанція {number}")));
            texts
                .filter(|(first, second)| is_written(&mut cells, first, second))
                .count()
        };
        assert_eq!(again(), 200);
        let lost = again();
        assert!(lost < 60, "{lost}");
    }

    #[test]
    fn long_texts_are_not_kept() {
        let mut cells = RepeatedCells::new();
        let long = "x".repeat(RepeatedCells::LONGEST);
        assert!(is_written(&mut cells, &long, ""));
        assert!(is_written(&mut cells, &long, "1"));
        assert!(is_written(&mut cells, &long, "2"));
        assert!(is_written(&mut cells, &long, "1"));
        assert!(!is_written(&mut cells, &long, ""));
    }
}
