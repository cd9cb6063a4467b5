use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use super::{ACCESS_LIFETIME, Family, LEEWAY, LIFETIME, Presented};

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
}

fn rotated(family: &Family, now: DateTime<Utc>) -> Family {
    match family.present(family.generation, now) {
        Presented::Rotated(next) => next,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_valid_token_is_superseded_and_the_session_prolonged() {
    let next = rotated(&Family::begin(at(0)), at(60));
    assert_eq!((next.generation, next.expires_at), (1, at(60) + LIFETIME));
    assert_eq!(next.superseded_at, [at(60)]);
}

fn repeated(family: &Family, generation: u32, now: DateTime<Utc>) -> Family {
    match family.present(generation, now) {
        Presented::Repeated(next) => next,
        other => panic!("{other:?}"),
    }
}

#[test]
fn within_the_leeway_every_holder_gets_the_same_successor() {
    let next = rotated(&Family::begin(at(0)), at(60));
    for now in [at(60), at(60) + LEEWAY] {
        let again = repeated(&next, 0, now);
        assert_eq!(
            (again.generation, again.repeated_at),
            (1, Some(now)),
            "the first time it is repeated"
        );
        assert_eq!(again.superseded_at, next.superseded_at);
    }
    // When the successor was superseded meanwhile, it is its successor: the only one that stays good.
    let after = rotated(&next, at(65));
    assert_eq!(repeated(&after, 0, at(80)).generation, 2);
    assert_eq!(repeated(&after, 1, at(80)).generation, 2);
}

#[test]
fn a_token_is_not_superseded_while_other_answers_with_it_may_be_on_their_way() {
    let mut family = rotated(&Family::begin(at(0)), at(60));
    family = repeated(&family, 0, at(70));
    family = repeated(&family, 1, at(75));
    assert_eq!(repeated(&family, 1, at(60) + LEEWAY).generation, 1);
    assert_eq!(rotated(&family, at(61) + LEEWAY).generation, 2);
}

#[test]
fn the_leeway_counts_from_the_rotation_however_often_a_token_is_repeated() {
    // A copied token that is presented every 15 seconds, whether it is superseded or the valid one.
    for copied in [0, 1] {
        let mut family = rotated(&Family::begin(at(0)), at(60));
        family = repeated(&family, 0, at(61));
        let mut seconds = 62;
        let replayed_at = loop {
            match family.present(copied, at(seconds)) {
                Presented::Rotated(next) | Presented::Repeated(next) => family = next,
                Presented::Replayed => break seconds,
                Presented::Over => panic!("over"),
            }
            seconds += 15;
        };
        assert!(replayed_at <= 60 + 3 * 20 + 15, "generation {copied}: {replayed_at}");
    }
}

#[test]
fn a_crowd_at_the_same_moment_changes_the_family_once() {
    let next = rotated(&Family::begin(at(0)), at(60));
    let first = repeated(&next, 0, at(60));
    assert_ne!(first, next);
    for seconds in [60, 61, 79] {
        assert_eq!(repeated(&first, 0, at(seconds)), first);
    }
}

#[test]
fn clocks_that_differ_a_little_do_no_harm_and_one_far_ahead_gives_no_leeway() {
    let next = rotated(&Family::begin(at(0)), at(60));
    assert_eq!(repeated(&next, 0, at(59)).generation, 1);
    assert_eq!(next.present(0, at(39)), Presented::Replayed);
}

#[test]
fn after_the_leeway_it_is_a_replay() {
    let next = rotated(&Family::begin(at(0)), at(60));
    assert_eq!(next.present(0, at(81)), Presented::Replayed);
    let later = rotated(&next, at(1000));
    assert_eq!(later.superseded_at, [at(1000)], "older ones are forgotten");
    assert_eq!(later.present(0, at(1000)), Presented::Replayed);
}

#[test]
fn a_session_that_ended_yields_nothing() {
    let family = Family::begin(at(0));
    assert_eq!(family.present(0, at(0) + LIFETIME), Presented::Over);
    let revoked = Family {
        revoked_at: Some(at(5)),
        ..family.clone()
    };
    assert_eq!(revoked.present(0, at(6)), Presented::Over);
    assert_eq!(family.present(1, at(6)), Presented::Over, "a generation to come");
    assert!(family.is_live(at(0) + LIFETIME - TimeDelta::seconds(1)));
}

/// Tabs of one browser: they share the jar, and requests and answers overtake each other on their way.
struct Browser {
    family: Family,
    now: DateTime<Utc>,
    /// Generation of the token in the jar.
    jar: u32,
    /// Generations that were sent, and when.
    requests: Vec<(u32, DateTime<Utc>)>,
    /// Generations that were answered, and when.
    answers: Vec<(u32, DateTime<Utc>)>,
}

impl Browser {
    /// Time passes, unless something is on its way for too long: a request and its answer each take a third of the
    /// leeway at most, and an answer with the current token arrives within the leeway of its rotation, which is how long
    /// the token is certain to stay current. One that came later could put a superseded token back into the jar.
    fn wait(&mut self, by: TimeDelta) {
        let until = self.now + by;
        let mut under_way = self.requests.iter().chain(&self.answers);
        let is_quick = under_way.all(|(_, at)| until - at <= LEEWAY / 3);
        let is_current = |(generation, _): &(u32, _)| *generation == self.family.generation;
        let rotated_at = self.family.superseded_at.last();
        let is_held = rotated_at.is_none_or(|at| until - at <= LEEWAY);
        if is_quick && (is_held || !self.answers.iter().any(is_current)) {
            self.now = until;
        }
    }

    fn send(&mut self) {
        self.requests.push((self.jar, self.now));
    }

    fn arrive(&mut self, which: usize) {
        if !self.requests.is_empty() {
            let (presented, _) = self.requests.remove(which % self.requests.len());
            self.family = match self.family.present(presented, self.now) {
                Presented::Rotated(next) | Presented::Repeated(next) => next,
                other => panic!("{presented} of {:?} at {}: {other:?}", self.family, self.now),
            };
            self.answers.push((self.family.generation, self.now));
        }
    }

    fn deliver(&mut self, which: usize) {
        if !self.answers.is_empty() {
            (self.jar, _) = self.answers.remove(which % self.answers.len());
        }
    }
}

proptest! {
    #[test]
    fn whatever_overtakes_what_no_tab_is_ever_signed_out(
        steps in prop::collection::vec((0_u8..4, 0_usize..8, 0_i64..8000), 1..120),
    ) {
        let family = Family::begin(at(0));
        let mut browser = Browser { family, now: at(0), jar: 0, requests: vec![], answers: vec![] };
        for (step, which, millis) in steps {
            match step {
                0 => browser.send(),
                1 => browser.arrive(which),
                2 => browser.deliver(which),
                _ => browser.wait(TimeDelta::milliseconds(millis)),
            }
        }
        // What is on its way arrives, and a quarter of an hour later what is left in the jar is good.
        while !browser.requests.is_empty() {
            browser.arrive(0);
        }
        while !browser.answers.is_empty() {
            browser.deliver(0);
        }
        browser.wait(ACCESS_LIFETIME);
        browser.send();
        browser.arrive(0);
    }
}

/// Somebody with a jar of their own: the owner, or a thief who once copied it.
#[derive(Debug, Clone, Copy)]
struct Holder {
    jar: u32,
    /// Whether a refusal told them that the session is over.
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
    /// A holder presents what is in the jar; answers whether the session was revoked by it.
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
    /// Whatever an owner and a thief do in whatever order: no token is honoured longer than 20 seconds after its
    /// rotation, and as soon as one of them comes back with what the other superseded before that, both are out.
    #[test]
    fn a_copied_token_is_found_out_whatever_the_thief_does_with_it(
        steps in prop::collection::vec((0_u8..5, 0_i64..45_000), 1..150),
    ) {
        let holder = Holder { jar: 0, out: false };
        let mut theft =
            Theft { family: Family::begin(at(0)), now: at(0), owner: holder, thief: None, superseded: vec![] };
        for (step, millis) in steps {
            match step {
                0 => theft.owner_presents(),
                // The thief copies once, and then works with what they got, or with the copy again and again.
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
            // An owner alone is never signed out, however the clock moves on.
            prop_assert!(!theft.owner.out);
        }
    }

    /// A thief who repeats one copied token is found out after the hold, the leeway and one pause at the latest,
    /// whatever the owner does meanwhile.
    #[test]
    fn one_token_that_is_repeated_dies(
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
