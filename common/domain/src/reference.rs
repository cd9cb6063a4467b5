//! References: what people say on the telephone, write on paper and type to name a booking or a ticket (contract
//! section 5). They grant no access: a caller who knows one needs a credential as well.
//!
//! The alphabet has no `0 O 1 I L`, no `U`, which is written like `V`, and no `B`, which is heard like `D` and `P` and
//! written like `8`. It has 29 characters, a prime number, so that a weighted sum finds every wrong character and every
//! two characters that were swapped, at any positions. `reference_candidate` in `migrations/0041_references.sql` makes
//! them, too.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The characters, each with the value of its place.
const ALPHABET: &[u8; 29] = b"23456789ACDEFGHJKMNPQRSTVWXYZ";

/// Characters, the check character included.
const LENGTH: usize = 7;

/// Cyrillic letters that look like letters of the alphabet: a person who sees `A` on paper may type either.
const LOOK_ALIKE: [(char, char); 10] = [
    ('А', 'A'),
    ('С', 'C'),
    ('Е', 'E'),
    ('Н', 'H'),
    ('К', 'K'),
    ('М', 'M'),
    ('Р', 'P'),
    ('Т', 'T'),
    ('Х', 'X'),
    ('У', 'Y'),
];

/// The reference of a booking or a ticket.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "sqlx", derive(sqlx::Type), sqlx(transparent))]
pub struct Reference(String);

/// A text that is not a reference, or a reference with a typing error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a reference must be seven letters and digits, the last of which checks the others")]
pub struct ParseReferenceError;

impl FromStr for Reference {
    type Err = ParseReferenceError;

    /// As people type it: in upper or lower case, with blanks and hyphens anywhere.
    fn from_str(typed: &str) -> Result<Self, Self::Err> {
        let mut text = String::with_capacity(LENGTH);
        let mut sum = 0;
        let typed = typed.chars().filter(|c| !c.is_whitespace() && *c != '-');
        for c in typed.flat_map(char::to_uppercase) {
            let c = LOOK_ALIKE
                .iter()
                .find(|(other, _)| *other == c)
                .map_or(c, |(_, ours)| *ours);
            let value = ALPHABET.iter().position(|known| char::from(*known) == c);
            let weight = LENGTH.checked_sub(text.len()).filter(|weight| *weight > 0);
            let (Some(value), Some(weight)) = (value, weight) else {
                return Err(ParseReferenceError);
            };
            sum += weight * value;
            text.push(c);
        }
        if text.len() == LENGTH && sum % ALPHABET.len() == 0 {
            Ok(Self(text))
        } else {
            Err(ParseReferenceError)
        }
    }
}

impl Reference {
    /// The first candidate for a booking or a ticket with this id, computed from the id's random bits. It may be taken
    /// already (there are 595 million, all equally likely); the database then computes the next candidate.
    #[must_use]
    pub fn candidate(id: Uuid) -> Self {
        let attempt = 0_i32.to_be_bytes();
        let digest = Sha256::new()
            .chain_update(id.as_bytes())
            .chain_update(attempt)
            .finalize();
        let mut rest = digest.iter().take(7).fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        let mut sum = 0;
        let mut text = String::with_capacity(LENGTH);
        let characters = ALPHABET.len() as u64;
        for weight in (2..=LENGTH as u64).rev() {
            let value = rest % characters;
            rest /= characters;
            sum += weight * value;
            text.push(character(value));
        }
        text.push(character(characters - sum % characters));
        Self(text)
    }

    /// The characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The character of a value, which counts modulo the length of the alphabet.
fn character(value: u64) -> char {
    let place = usize::try_from(value).unwrap_or_default() % ALPHABET.len();
    char::from(ALPHABET[place])
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;
    use uuid::Uuid;

    use super::{ALPHABET, LENGTH, ParseReferenceError, Reference};

    fn checked(values: [usize; 6]) -> String {
        let sum: usize = values
            .iter()
            .zip([7, 6, 5, 4, 3, 2])
            .map(|(value, weight)| value * weight)
            .sum();
        let values = values.into_iter().chain([(29 - sum % 29) % 29]);
        values.map(|value| char::from(ALPHABET[value])).collect()
    }

    fn is_reference(text: &[u8]) -> bool {
        String::from_utf8_lossy(text).parse::<Reference>().is_ok()
    }

    proptest! {
        #[test]
        fn every_wrong_character_and_every_exchange_is_found(values in prop::array::uniform6(0..29usize)) {
            let right = checked(values).into_bytes();
            prop_assert!(is_reference(&right));
            for place in 0..LENGTH {
                for wrong in ALPHABET.iter().filter(|other| **other != right[place]) {
                    let mut typed = right.clone();
                    typed[place] = *wrong;
                    prop_assert!(!is_reference(&typed), "{typed:?}");
                }
                for other in (0..place).filter(|other| right[*other] != right[place]) {
                    let mut typed = right.clone();
                    typed.swap(place, other);
                    prop_assert!(!is_reference(&typed), "{typed:?}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn a_candidate_is_a_reference(id in any::<u128>()) {
            let candidate = Reference::candidate(Uuid::from_u128(id));
            prop_assert_eq!(candidate.as_str().parse(), Ok(candidate));
        }
    }

    #[rstest]
    #[case("2345674")]
    #[case("ACEH KM")]
    fn a_mistyped_reference_is_refused(#[case] typed: &str) {
        assert_eq!(typed.parse::<Reference>(), Err(ParseReferenceError));
    }

    #[test]
    fn small_letters_blanks_hyphens_and_cyrillic_letters_are_taken() {
        let right = checked([8, 14, 20, 23, 0, 9]);
        let reference: Reference = right.parse().unwrap();
        assert_eq!(reference.as_str(), right);
        let small = right.to_lowercase();
        for typed in [
            small.clone(),
            format!(" {}-{} ", &small[..3], &small[3..]),
            right.replace('A', "А"),
        ] {
            assert_eq!(typed.parse(), Ok(reference.clone()), "{typed}");
        }
        for typed in [
            &right[1..],
            "",
            "-",
            &format!("{right}2"),
            &right.replace('2', "O"),
            "ABCDEFG",
        ] {
            assert_eq!(typed.parse::<Reference>(), Err(ParseReferenceError), "{typed}");
        }
    }
}
