use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

mod theft;

use super::{ACCESS_LIFETIME, Family, LEEWAY, LIFETIME, Presented};

pub fn at(seconds: i64) -> DateTime<Utc> {
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
    // When the successor was superseded meanwhile, it is its successor: the only one that stays valid.
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
    /// leeway at most, and an answer with the current token arrives within the leeway of its rotation, which is how
    /// long the token is certain to stay current. One that came later could put a superseded token back into the jar.
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
    fn no_order_of_responses_signs_a_tab_out(
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
