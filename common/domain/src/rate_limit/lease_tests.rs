use super::{LIFE_MICROS, Lease, MOST, Spend};
use crate::rate_limit::{Limit, decide};

fn limit(text: &str) -> Limit {
    text.parse().unwrap()
}

#[test]
fn only_large_limits_are_leased_and_a_lease_is_small_beside_the_limit() {
    for (text, most) in [
        ("5/60", 1),
        ("1000/60", 1),
        ("700/1", 1),
        ("1000/1", 10),
        ("1000/3600", 1),
        ("2000/10", 20),
        ("20000/10", 200),
        ("1000000/1", 1_024),
        ("100000/86400", 1),
    ] {
        assert_eq!(limit(text).lease(), most, "{text}");
    }
}

/// A process in front of a Redis that grants as the script does.
struct Process {
    lease: Lease,
    asked: u64,
}

struct Stored(Option<u64>);

impl Stored {
    fn grant(&mut self, limit: Limit, now: u64, wanted: u64) -> (u64, u64) {
        let left = decide(limit, self.0, now).0.remaining + 1;
        let wanted = wanted.min((left / 8).max(1));
        let mut granted = 0;
        let mut free = 0;
        for _ in 0..wanted {
            let (verdict, debt) = decide(limit, self.0, now);
            free = (verdict.remaining + 1) * limit.interval() - verdict.wait;
            if let Some(debt) = debt {
                granted += 1;
                self.0 = Some(debt);
            }
        }
        (granted, free)
    }
}

impl Process {
    fn new() -> Self {
        Self {
            lease: Lease::new(0),
            asked: 0,
        }
    }

    fn request(&mut self, stored: &mut Stored, limit: Limit, now: u64) -> (bool, u64) {
        let wanted = match self.lease.spend(limit, now) {
            Spend::Held(verdict) => return (verdict.allowed, verdict.remaining),
            Spend::Single => 1,
            Spend::Renew(wanted) => wanted,
        };
        self.asked += 1;
        let (granted, free) = stored.grant(limit, now, wanted);
        let verdict = self.lease.take(limit, granted, free, now);
        (verdict.allowed, verdict.remaining)
    }
}

#[test]
fn a_busy_caller_rarely_asks_and_a_slow_one_holds_nothing() {
    let limit = limit("20000/10");
    let (mut stored, mut busy) = (Stored(None), Process::new());
    for n in 0..5_000 {
        assert!(busy.request(&mut stored, limit, n * 1_000).0);
    }
    assert!(busy.asked * 50 < 5_000, "{} of 5000 at 1000/s", busy.asked);
    let (mut stored, mut slow) = (Stored(None), Process::new());
    for n in 0..100 {
        let now = n * 1_000_000;
        slow.request(&mut stored, limit, now);
        assert_eq!(stored.0, Some(now + limit.interval()), "one was counted");
    }
}

#[test]
fn a_storm_through_several_processes_lets_the_quota_through_to_a_few_leases() {
    let limit = limit("2000/10");
    let (mut stored, mut processes) = (
        Stored(None),
        [Process::new(), Process::new(), Process::new(), Process::new()],
    );
    let mut passed = 0;
    let mut last = u64::MAX;
    for n in 0..4_000_usize {
        // All at one instant: nothing is paid off meanwhile.
        let (allowed, remaining) = processes[n % 4].request(&mut stored, limit, 7);
        passed += u64::from(allowed);
        if n % 4 == 0 {
            assert!(remaining <= last, "what is left falls: {last} {remaining}");
            last = remaining;
        }
    }
    assert_eq!(
        passed, 2_000,
        "to the request, for everything that is counted is used within the life of a lease"
    );
    assert_eq!(last, 0);
    // A window with what was held at its beginning.
    let after: u64 = (0..3_000_u64)
        .map(|n| u64::from(processes[(n % 4) as usize].request(&mut stored, limit, 10_000_007).0))
        .sum();
    assert!((2_000..=2_000 + 4 * limit.lease()).contains(&after), "{after}");
}

#[test]
fn a_lease_ends_and_what_is_left_of_it_is_carried_over_once() {
    let limit = limit("20000/10");
    let mut lease = Lease::new(0);
    assert_eq!(lease.spend(limit, 0), Spend::Renew(1));
    lease.take(limit, 1, 9_000_000, 0);
    assert_eq!(lease.spend(limit, 1), Spend::Renew(2), "used up at once: twice as many");
    assert_eq!(lease.spend(limit, 1), Spend::Single, "one asks for all");
    lease.give_up();
    let Spend::Renew(wanted) = lease.spend(limit, 1) else {
        panic!("nobody asks")
    };
    assert!(lease.take(limit, wanted, 9_000_000, 1).allowed);
    // Within its life, without asking.
    let held = lease;
    assert!(matches!(lease.spend(limit, LIFE_MICROS), Spend::Held(verdict) if verdict.allowed));
    // After it: with what is left.
    let mut ended = held;
    assert!(matches!(ended.spend(limit, LIFE_MICROS + 1), Spend::Renew(1)));
    assert!(
        ended.take(limit, 0, 0, LIFE_MICROS + 1).allowed,
        "the one that was left"
    );
    // Long after it, or when the clock was set back: anew.
    let mut forgotten = held;
    assert!(forgotten.is_forgotten(2 * LIFE_MICROS + 1));
    assert_eq!(forgotten.spend(limit, 2 * LIFE_MICROS + 1), Spend::Renew(1));
    assert!(
        !forgotten.take(limit, 0, 0, 2 * LIFE_MICROS + 1).allowed,
        "nothing is left of it"
    );
    let mut earlier = held;
    assert_eq!(earlier.spend(limit, 0), Spend::Renew(1));
    assert!(MOST >= limit.lease());
}
