//! A token that was copied: an owner and a thief who take turns.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use super::at;
use super::{Family, LEEWAY, Presented};

/// A person with a cookie jar of their own: the owner, or a thief who once copied it.
#[derive(Debug, Clone, Copy)]
struct Holder {
    jar: u32,
    /// Whether a refusal has said that the session is over.
    out: bool,
}

/// An owner and a thief who take turns as they like, and what the family did with every token.
struct Theft {
    family: Family,
    now: DateTime<Utc>,
    owner: Holder,
    thief: Option<Holder>,
    /// When each generation was superseded.
    superseded: Vec<DateTime<Utc>>,
}

impl Theft {
    /// A holder presents a token; returns the generation of the token that they get, or `None` if the session is over.
    fn present(&mut self, generation: u32) -> Option<u32> {
        let now = self.now;
        let valid = self.family.generation;
        let age = self.superseded.get(generation as usize).map(|at| now - *at);
        match self.family.present(generation, now) {
            Presented::Rotated(next) => {
                assert_eq!((generation, next.generation), (valid, valid + 1));
                self.superseded.push(now);
                self.family = next;
            }
            Presented::Repeated(next) => {
                // Honoured within 20 seconds of its rotation and never later; all get the one valid token.
                assert!(age.is_none_or(|age| age <= LEEWAY), "{generation} after {age:?}");
                assert_eq!(next.generation, valid);
                // The hold of the valid token ends with the leeway of the rotation that made it.
                if generation == valid {
                    let made = valid.checked_sub(1).map(|before| self.superseded[before as usize]);
                    assert!(made.is_some_and(|at| now - at <= LEEWAY));
                }
                self.family = next;
            }
            Presented::Replayed => {
                assert!(age.is_some_and(|age| age > LEEWAY), "{generation} after {age:?}");
                self.family.revoked_at = Some(now);
                return None;
            }
            Presented::Over => return None,
        }
        Some(self.family.generation)
    }

    fn owner_presents(&mut self) {
        match self.present(self.owner.jar) {
            Some(next) => self.owner.jar = next,
            None => self.owner.out = true,
        }
    }

    fn thief_presents(&mut self) {
        if let Some(mut thief) = self.thief {
            match self.present(thief.jar) {
                Some(next) => thief.jar = next,
                None => thief.out = true,
            }
            self.thief = Some(thief);
        }
    }
}

proptest! {
    /// For any actions of an owner and a thief, in any order: no token is honoured longer than 20 seconds after its
    /// rotation, and as soon as one of them comes back with what the other superseded before that, both are out.
    #[test]
    fn every_use_of_a_copied_token_is_detected(
        steps in prop::collection::vec((0_u8..5, 0_i64..45_000), 1..150),
    ) {
        let holder = Holder { jar: 0, out: false };
        let mut theft =
            Theft { family: Family::begin(at(0)), now: at(0), owner: holder, thief: None, superseded: vec![] };
        for (step, millis) in steps {
            match step {
                0 => theft.owner_presents(),
                // The thief copies once, and then works with what they got, or with the copy repeatedly.
                1 => theft.thief = theft.thief.or(Some(theft.owner)),
                2 => theft.thief_presents(),
                _ => theft.now += TimeDelta::milliseconds(millis),
            }
            if theft.family.revoked_at.is_some() {
                break;
            }
        }
        // From now on they come more than the leeway apart: the second or third of these visits finds it out, if two
        // hold the session at all.
        if theft.thief.is_some() {
            for _ in 0..3 {
                theft.now += LEEWAY + TimeDelta::seconds(1);
                theft.owner_presents();
                theft.now += LEEWAY + TimeDelta::seconds(1);
                theft.thief_presents();
            }
            prop_assert!(theft.family.revoked_at.is_some());
            theft.owner_presents();
            theft.thief_presents();
            prop_assert!(theft.owner.out && theft.thief.is_some_and(|thief| thief.out));
        } else {
            // An owner alone is never signed out, for any steps of the clock.
            prop_assert!(!theft.owner.out);
        }
    }

    /// A thief who repeats one copied token is found out after the hold, the leeway and one pause at the latest,
    /// regardless of what the owner does in the meantime.
    #[test]
    fn a_repeated_token_ends_its_session(
        pause in 1_i64..=20, steps in prop::collection::vec((any::<bool>(), 0_i64..20), 0..40),
    ) {
        let holder = Holder { jar: 0, out: false };
        let mut theft =
            Theft { family: Family::begin(at(0)), now: at(0), owner: holder, thief: None, superseded: vec![] };
        for (presents, seconds) in steps {
            theft.now += TimeDelta::seconds(seconds);
            if presents {
                theft.owner_presents();
            }
        }
        let (copied, since) = (theft.owner.jar, theft.now);
        while theft.present(copied).is_some() {
            theft.now += TimeDelta::seconds(pause);
            prop_assert!(theft.now - since <= LEEWAY * 2 + TimeDelta::seconds(2 * pause));
        }
        prop_assert!(theft.family.revoked_at.is_some());
    }
}
