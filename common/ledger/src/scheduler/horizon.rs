//! What has left a list of Redis, and since when: from this the reconciler infers which deliveries are lost.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

/// How long a delivery may be on its way from Redis to its claim.
const GRACE: Duration = Duration::from_secs(3);

/// Instants before which everything had left a list, and when that was seen.
#[derive(Debug, Default)]
pub struct Horizons {
    seen: VecDeque<(Instant, DateTime<Utc>)>,
}

impl Horizons {
    /// Notes a horizon, and forgets those that no longer count: while no job is sent, [`past`](Self::past) is not called.
    pub fn note(&mut self, at: Instant, horizon: DateTime<Utc>) {
        self.forget(at);
        self.seen.push_back((at, horizon));
    }

    /// Forgets all horizons that are older than the grace, except the latest of them.
    fn forget(&mut self, now: Instant) {
        while let Some((at, _)) = self.seen.get(1)
            && now.duration_since(*at) >= GRACE
        {
            self.seen.pop_front();
        }
    }

    /// The latest horizon that is older than the grace.
    pub fn past(&mut self, now: Instant) -> Option<DateTime<Utc>> {
        self.forget(now);
        self.seen
            .front()
            .filter(|(at, _)| now.duration_since(*at) >= GRACE)
            .map(|(_, horizon)| *horizon)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use chrono::DateTime;

    use super::Horizons;

    #[test]
    fn a_horizon_counts_once_the_grace_is_over() {
        let start = Instant::now();
        let after = |seconds| start + Duration::from_secs(seconds);
        let horizon = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        let mut horizons = Horizons::default();
        assert_eq!(horizons.past(start), None);
        for second in 0..4 {
            horizons.note(after(second), horizon(i64::try_from(second).unwrap()));
        }
        assert_eq!(horizons.past(after(2)), None);
        assert_eq!(horizons.past(after(3)), Some(horizon(0)));
        assert_eq!(horizons.past(after(6)), Some(horizon(3)));
        assert_eq!(horizons.past(after(60)), Some(horizon(3)));
    }

    #[test]
    fn horizons_are_forgotten_although_past_is_not_called() {
        let start = Instant::now();
        let mut horizons = Horizons::default();
        for second in 0..1000_u32 {
            let horizon = DateTime::from_timestamp(i64::from(second), 0).unwrap();
            horizons.note(start + Duration::from_secs(second.into()), horizon);
        }
        assert!(horizons.seen.len() <= 5, "{} horizons", horizons.seen.len());
        let now = start + Duration::from_secs(999);
        assert_eq!(horizons.past(now), DateTime::from_timestamp(996, 0));
    }
}
