//! Which faults occur when. The plan is drawn from the seed alone, so the same seed gives the same plan.

use std::fmt;
use std::time::Duration;

use crate::rng::Rng;

/// The programs that are killed and stopped: two APIs, schedulers and workers of one queue, so that one may die under
/// load and its sibling takes over, and one of each other program.
pub const PROGRAMS: [&str; 11] = [
    "api.1",
    "api.2",
    "scheduler",
    "scheduler.2",
    "email_worker",
    "email_worker.2",
    "viber_worker",
    "sweep_worker",
    "report_worker",
    "geo_worker",
    "timetable_worker",
];

/// Faults per round. Others may still last when one of them has ended, so recovery is timed from the end of the last.
const FAULTS: usize = 4;

/// One round of this number has a single fault, so that recovery is timed from its own end.
const SINGLE: u64 = 3;

/// Latest beginning of a fault after the beginning of its round, in milliseconds.
const LATEST: u64 = 3_000;

/// Shortest and longest duration of a fault, in milliseconds; some faults have their own.
const SHORTEST: u64 = 1_000;
const LONGEST: u64 = 4_000;

/// How long a program is stopped, in milliseconds, so that the others give it up (`ledger`); it must notice that when
/// it resumes.
const GIVEN_UP: u64 = 11_000;

/// How long PostgreSQL is silent, in milliseconds: no process is given up in this time.
const SILENT: u64 = 6_000;

/// How long Redis brings back entries, in milliseconds. The mail server stalls meanwhile; after two seconds of that, a
/// worker whose slots are all taken has some again, because jobs beyond its bulkhead are turned away
/// (`clients::breaker`).
const REPEATED: u64 = 5_000;

/// A fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// SIGKILL; the program is started again at once.
    Kill(&'static str),
    /// SIGSTOP, and SIGCONT later.
    Stop(&'static str),
    /// SIGTERM to one program after the other, as in an upgrade: the next one follows when the previous one has
    /// restarted and is ready.
    RollingRestart,
    /// Redis is killed, and starts empty when the fault ends.
    RedisAway,
    /// Redis is killed and starts empty at once.
    RedisRestarted,
    /// FLUSHALL.
    RedisFlushed,
    /// Redis brings back entries that were taken from it, as an old snapshot or a failover does: those of running jobs.
    /// The mail server stalls meanwhile: without that, most jobs are done before their entries are taken again.
    RedisRepeats,
    /// Redis refuses writes: out of memory.
    RedisFull,
    /// Each piece of data to and from Redis takes 400 ms.
    RedisSlow,
    /// Connections to Redis can be made and stay open, but no data passes.
    RedisHalfOpen,
    /// PostgreSQL is shut down as by a crash (immediate), and starts again.
    PostgresRestarted,
    /// SIGSTOP to every process of PostgreSQL, and SIGCONT later: connections stay open, new ones can be made, and
    /// nothing responds.
    PostgresSilent,
    /// PostgreSQL ends every connection.
    BackendsTerminated,
    /// The report store is full.
    StoreFull,
    /// The mail server accepts connections and then does nothing.
    MailStalls,
    /// The mail server accepts mails and does not confirm them.
    MailUnanswered,
    /// Viber answers 429.
    ViberTooMany,
    /// Viber answers 500.
    ViberFails,
    /// Viber accepts messages and does not respond.
    ViberSilent,
    /// Viber answers 200 with an error inside.
    ViberErrorInside,
}

impl Fault {
    /// The queue whose jobs this fault of a provider holds up; they are tried again when their back-off is over.
    pub const fn held_queue(self) -> Option<&'static str> {
        match self {
            Self::StoreFull => Some("report"),
            Self::MailStalls | Self::MailUnanswered | Self::RedisRepeats => Some("email"),
            Self::ViberTooMany | Self::ViberFails | Self::ViberSilent | Self::ViberErrorInside => Some("viber"),
            _ => None,
        }
    }

    /// Whether it is always the only fault of its round: others would end the jobs whose entries are brought back, or
    /// stop the Redis and the workers that are to deliver them.
    const fn is_alone(self) -> bool {
        matches!(self, Self::RedisRepeats)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kill(program) => write!(f, "SIGKILL {program}"),
            Self::Stop(program) => write!(f, "SIGSTOP {program}"),
            Self::RollingRestart => f.write_str("every program restarted in turn"),
            Self::RedisAway => f.write_str("Redis killed and away"),
            Self::RedisRestarted => f.write_str("Redis killed and started empty"),
            Self::RedisFlushed => f.write_str("FLUSHALL"),
            Self::RedisRepeats => f.write_str("Redis brings back entries of jobs that a stalled mail server holds"),
            Self::RedisFull => f.write_str("Redis out of memory"),
            Self::RedisSlow => f.write_str("Redis slow"),
            Self::RedisHalfOpen => f.write_str("Redis half-open"),
            Self::PostgresRestarted => f.write_str("PostgreSQL restarted (immediate)"),
            Self::PostgresSilent => f.write_str("PostgreSQL silent"),
            Self::BackendsTerminated => f.write_str("PostgreSQL backends terminated"),
            Self::StoreFull => f.write_str("report store full"),
            Self::MailStalls => f.write_str("mail server stalls"),
            Self::MailUnanswered => f.write_str("mail server takes and does not answer"),
            Self::ViberTooMany => f.write_str("Viber answers 429"),
            Self::ViberFails => f.write_str("Viber answers 500"),
            Self::ViberSilent => f.write_str("Viber takes and does not answer"),
            Self::ViberErrorInside => f.write_str("Viber answers 200 with an error inside"),
        }
    }
}

/// A fault of a round, with its times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Planned {
    /// The fault.
    pub fault: Fault,
    /// When it begins, after the beginning of the round.
    pub at: Duration,
    /// How long it lasts.
    pub lasts: Duration,
}

impl fmt::Display for Planned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (at, lasts) = (self.at.as_secs_f64(), self.lasts.as_secs_f64());
        write!(f, "{at:.1} s: {}", self.fault)?;
        if self.lasts.is_zero() {
            Ok(())
        } else {
            write!(f, ", for {lasts:.1} s")
        }
    }
}

/// The faults of each round, ordered by their beginning. Every fault occurs once before any occurs again. The seed says
/// which rounds have a single one; a fault that must be alone is in the next of these.
pub fn draw(seed: u64, rounds: u32) -> Vec<Vec<Planned>> {
    let mut rng = Rng::new(seed);
    let mut deck = Vec::new();
    (0..u64::from(rounds))
        .map(|round| {
            let is_single = round.wrapping_add(seed).is_multiple_of(SINGLE);
            let count = if is_single { 1 } else { FAULTS };
            let mut faults: Vec<Planned> = (0..count)
                .filter_map(|_| take(&mut rng, &mut deck, is_single).map(|fault| planned(&mut rng, fault)))
                .collect();
            faults.sort_by_key(|planned| planned.at);
            faults
        })
        .collect()
}

/// Takes the next fault for a round from the deck: one that must be alone, if the round has a single one and there is
/// one, and none of these in another round. If all that is left must be alone, further faults are put below it.
fn take(rng: &mut Rng, deck: &mut Vec<Fault>, is_single: bool) -> Option<Fault> {
    let is_right = |fault: &Fault| fault.is_alone() == is_single;
    if deck.is_empty() || !(is_single || deck.iter().any(is_right)) {
        let mut further = all();
        rng.shuffle(&mut further);
        further.append(deck);
        *deck = further;
    }
    match deck.iter().rposition(is_right) {
        Some(place) => Some(deck.remove(place)),
        None => deck.pop(),
    }
}

fn planned(rng: &mut Rng, fault: Fault) -> Planned {
    let lasts = match fault {
        Fault::Kill(_)
        | Fault::RollingRestart
        | Fault::RedisRestarted
        | Fault::RedisFlushed
        | Fault::PostgresRestarted
        | Fault::BackendsTerminated => 0,
        Fault::Stop(_) if rng.chance(40) => GIVEN_UP,
        Fault::PostgresSilent => SILENT,
        Fault::RedisRepeats => REPEATED,
        _ => SHORTEST + rng.below(LONGEST - SHORTEST),
    };
    Planned {
        fault,
        at: Duration::from_millis(rng.below(LATEST)),
        lasts: Duration::from_millis(lasts),
    }
}

fn all() -> Vec<Fault> {
    let mut faults = vec![
        Fault::RollingRestart,
        Fault::RedisAway,
        Fault::RedisRestarted,
        Fault::RedisFlushed,
        Fault::RedisRepeats,
        Fault::RedisFull,
        Fault::RedisSlow,
        Fault::RedisHalfOpen,
        Fault::PostgresRestarted,
        Fault::PostgresSilent,
        Fault::BackendsTerminated,
        Fault::StoreFull,
        Fault::MailStalls,
        Fault::MailUnanswered,
        Fault::ViberTooMany,
        Fault::ViberFails,
        Fault::ViberSilent,
        Fault::ViberErrorInside,
    ];
    faults.extend(PROGRAMS.map(Fault::Kill));
    faults.extend(PROGRAMS.map(Fault::Stop));
    faults
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Fault, Planned, all, draw, take};
    use crate::rng::Rng;

    #[test]
    fn a_seed_is_one_plan_and_another_seed_another() {
        assert_eq!(draw(7, 20), draw(7, 20));
        assert_ne!(draw(7, 20), draw(8, 20));
        assert_eq!(draw(7, 20)[..5], draw(7, 5));
    }

    #[test]
    fn a_third_of_the_rounds_has_a_single_fault() {
        for seed in 1..7 {
            let rounds = draw(seed, 30);
            let single = rounds.iter().filter(|faults| faults.len() == 1).count();
            assert_eq!((single, rounds.len()), (10, 30), "seed {seed}");
            assert!(rounds.iter().all(|faults| matches!(faults.len(), 1 | 4)), "seed {seed}");
        }
    }

    #[test]
    fn entries_are_brought_back_while_jobs_are_held_and_nothing_else_fails() {
        assert_eq!(Fault::RedisRepeats.held_queue(), Some("email"));
        for seed in 0..100 {
            let rounds = draw(seed, 80);
            let repeats = |faults: &[Planned]| faults.iter().any(|planned| planned.fault == Fault::RedisRepeats);
            assert!(rounds[..3].iter().any(|faults| repeats(faults)), "seed {seed}");
            for faults in rounds.iter().filter(|faults| repeats(faults)) {
                assert_eq!(faults.len(), 1, "seed {seed}: {faults:?}");
                assert_eq!(faults[0].lasts, Duration::from_secs(5), "seed {seed}");
            }
        }
    }

    #[test]
    fn a_fault_that_must_be_alone_waits_for_a_round_with_a_single_fault() {
        let (mut rng, mut deck) = (Rng::new(1), vec![Fault::RedisRepeats]);
        for _ in 0..2 * all().len() {
            let taken = take(&mut rng, &mut deck, false);
            assert!(taken.is_some_and(|fault| fault != Fault::RedisRepeats), "{taken:?}");
        }
        assert_eq!(take(&mut rng, &mut deck, true), Some(Fault::RedisRepeats));
    }

    #[test]
    fn thirteen_rounds_have_every_fault() {
        let drawn: Vec<_> = draw(1, 13).into_iter().flatten().map(|planned| planned.fault).collect();
        for fault in all() {
            assert!(drawn.contains(&fault), "{fault}");
        }
    }
}
