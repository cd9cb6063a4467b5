use std::time::Duration;

use domain::provider::Fault;
use tokio::time::Instant;

use super::{
    Breakers, Decision, End, FAILING, FIRST_PAUSE, FORGOTTEN_AFTER, HANGING, LONGEST_PAUSE, MEMORY, STALL, THRESHOLD,
};

/// A worker of sixteen slots whose time a test moves.
struct Bench {
    breakers: Breakers,
    now: Instant,
}

impl Bench {
    fn new() -> Self {
        Self {
            breakers: Breakers::new("unit", 16),
            now: Instant::now(),
        }
    }

    fn pass(&mut self, time: Duration) {
        self.now += time;
    }

    fn ask(&self, unit: &str) -> Decision {
        self.breakers.decide(unit, self.now)
    }

    /// Takes this number of places.
    fn enter(&self, unit: &str, times: usize) {
        for _ in 0..times {
            assert_eq!(self.ask(unit), Decision::Admitted);
        }
    }

    fn end(&self, unit: &str, end: End) {
        self.breakers.end(unit, end, self.now);
    }

    fn answered(&self, unit: &str) {
        self.end(unit, End::Answered);
    }

    fn failed(&self, unit: &str, asked: u64) {
        let (fault, asked) = (Fault::Provider, Duration::from_secs(asked));
        self.end(unit, End::Failed { fault, asked });
    }

    fn fail(&self, unit: &str, times: u32) {
        for _ in 0..times {
            self.enter(unit, 1);
            self.failed(unit, 0);
        }
    }
}

#[test]
fn failures_in_a_row_open_it_for_its_unit_alone() {
    let mut bench = Bench::new();
    bench.fail("a", THRESHOLD);
    assert_eq!(bench.ask("a"), Decision::TurnedAway(FAILING, FIRST_PAUSE));
    bench.enter("b", 1);
    bench.answered("b");
    bench.pass(FIRST_PAUSE);
    bench.enter("a", 1);
    bench.answered("a");
    bench.enter("a", 12);
}

#[test]
fn an_answer_in_between_begins_the_count_anew() {
    let bench = Bench::new();
    for _ in 0..5 {
        bench.fail("a", THRESHOLD - 1);
        bench.enter("a", 1);
        bench.answered("a");
    }
    bench.enter("a", 1);
}

#[test]
fn half_open_one_tries_and_the_pause_doubles_up_to_its_bound() {
    let mut bench = Bench::new();
    bench.fail("a", THRESHOLD);
    let mut pause = FIRST_PAUSE;
    for _ in 0..8 {
        bench.pass(pause);
        bench.enter("a", 1);
        assert!(
            matches!(bench.ask("a"), Decision::TurnedAway(FAILING, _)),
            "a second probe"
        );
        bench.failed("a", 0);
        pause = (pause * 2).min(LONGEST_PAUSE);
        assert_eq!(bench.ask("a"), Decision::TurnedAway(FAILING, pause));
    }
    bench.pass(pause);
    bench.enter("a", 1);
    bench.answered("a");
    bench.fail("a", THRESHOLD);
    assert_eq!(bench.ask("a"), Decision::TurnedAway(FAILING, FIRST_PAUSE));
}

#[test]
fn a_longer_wish_of_the_provider_is_respected_within_bounds() {
    let mut bench = Bench::new();
    for (asked, pause) in [(30, 30), (86_400, 300)] {
        bench.fail("a", THRESHOLD - 1);
        bench.enter("a", 1);
        bench.failed("a", asked);
        let pause = Duration::from_secs(pause);
        assert_eq!(bench.ask("a"), Decision::TurnedAway(FAILING, pause));
        bench.pass(pause);
        bench.enter("a", 1);
        bench.answered("a");
    }
}

#[test]
fn a_hanging_unit_leaves_a_quarter_of_the_slots_to_the_others() {
    let mut bench = Bench::new();
    bench.enter("a", 12);
    // A request waits as long as others may still end, and no longer.
    assert_eq!(bench.ask("a"), Decision::Wait(bench.now + STALL));
    bench.pass(STALL);
    assert!(matches!(bench.ask("a"), Decision::TurnedAway(HANGING, _)));
    bench.enter("b", 4);
    // The first time-outs open the breaker; those of requests still in flight do not make the pause longer.
    for _ in 0..9 {
        bench.failed("a", 0);
    }
    assert_eq!(bench.ask("a"), Decision::TurnedAway(FAILING, FIRST_PAUSE));
    // No request tries the unit again while some of them still hang.
    bench.pass(FIRST_PAUSE);
    assert!(matches!(bench.ask("a"), Decision::TurnedAway(FAILING, _)));
}

#[test]
fn a_unit_whose_latest_request_failed_has_a_quarter_of_the_slots() {
    let bench = Bench::new();
    bench.fail("a", 1);
    bench.enter("a", 4);
    assert!(matches!(bench.ask("a"), Decision::Wait(_)));
    bench.answered("a");
    bench.enter("a", 9);
    assert!(matches!(bench.ask("a"), Decision::Wait(_)));
}

#[test]
fn requests_turned_away_come_back_spread() {
    let bench = Bench::new();
    bench.fail("a", THRESHOLD);
    let waits: Vec<Duration> = (0..20_000)
        .map(|_| match bench.ask("a") {
            Decision::TurnedAway(_, after) => after,
            other => unreachable!("{other:?}"),
        })
        .collect();
    assert!(waits[0] < waits[1] && waits.is_sorted());
    assert!(*waits.last().unwrap() < Duration::from_secs(130));
}

#[test]
fn units_are_forgotten_when_they_are_well_or_long_gone() {
    let mut bench = Bench::new();
    for n in 0..2000 {
        bench.enter(&n.to_string(), 1);
        bench.answered(&n.to_string());
    }
    assert_eq!(bench.breakers.units().len(), 0);
    for n in 0..3000 {
        bench.fail(&n.to_string(), 1);
        bench.pass(FORGOTTEN_AFTER / 1000);
    }
    assert!(bench.breakers.units().len() <= MEMORY + 1);
}

#[test]
fn one_slot_is_enough() {
    let breakers = Breakers::new("unit", 1);
    assert_eq!(breakers.decide("a", Instant::now()), Decision::Admitted);
}

/// The same through [`Breakers::enter`], which requests call.
#[tokio::test]
async fn a_request_cut_off_counts_as_a_failure_and_its_own_fault_does_not() {
    let breakers = Breakers::new("unit", 16);
    for _ in 0..THRESHOLD * 2 {
        breakers.enter("a").await.unwrap().ended(Some(Fault::Request), None);
    }
    for _ in 0..THRESHOLD {
        drop(breakers.enter("a").await.unwrap());
    }
    assert_eq!(breakers.enter("a").await.err().unwrap().why, FAILING);
}

#[tokio::test]
async fn a_busy_unit_that_moves_is_waited_for() {
    let breakers = Breakers::new("unit", 2);
    let busy = [breakers.enter("a").await.unwrap()];
    let waiting = async { breakers.enter("a").await.is_ok() };
    let moving = async {
        tokio::task::yield_now().await;
        for place in busy {
            place.answered();
        }
    };
    assert!(tokio::join!(waiting, moving).0);
}
