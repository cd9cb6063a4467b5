//! What is sold on a departure, in the form in which processes keep it in memory.

use std::borrow::Cow;
use std::ops::Range;

use chrono::{DateTime, Utc};

use super::seat::Hold;

/// What is taken on a departure. Unpaid tickets stop counting by themselves when their time is over.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sold {
    /// Withdrawn from sale.
    pub closed: bool,
    /// Its tickets are on another departure since this version was published: an older timetable would offer all seats
    /// of a bus that now runs under another name.
    left: Option<i64>,
    holds: Box<[Hold]>,
    /// Holds of unpaid tickets, by index, and when they lapse.
    unpaid: Box<[(u32, DateTime<Utc>)]>,
}

impl Sold {
    /// A departure with these seats taken, each with the instant at which it lapses if its ticket is unpaid.
    #[must_use]
    pub fn new(closed: bool, seats: Vec<(Hold, Option<DateTime<Utc>>)>) -> Self {
        let unpaid = (0u32..)
            .zip(&seats)
            .filter_map(|(index, (_, lapses_at))| Some((index, (*lapses_at)?)));
        Self {
            closed,
            left: None,
            unpaid: unpaid.collect(),
            holds: seats.into_iter().map(|(hold, _)| hold).collect(),
        }
    }

    /// A departure that carried tickets and is not stored any more since this version was published.
    #[must_use]
    pub fn left(publication: i64) -> Self {
        Self {
            left: Some(publication),
            ..Self::default()
        }
    }

    /// Whether a timetable of this version may offer it.
    #[must_use]
    pub fn is_on_sale(&self, publication: i64) -> bool {
        !self.closed && self.left.is_none_or(|left| publication >= left)
    }

    /// The seats that are taken at an instant. Copies only while a lapsed ticket is not yet closed.
    #[must_use]
    pub fn holds(&self, now: DateTime<Utc>) -> Cow<'_, [Hold]> {
        let mut lapsed = self
            .unpaid
            .iter()
            .filter(|(_, at)| *at <= now)
            .map(|(index, _)| *index)
            .peekable();
        if lapsed.peek().is_none() {
            return Cow::Borrowed(&self.holds);
        }
        let holds = (0u32..)
            .zip(&self.holds)
            .filter(|(index, _)| lapsed.next_if_eq(index).is_none());
        Cow::Owned(holds.map(|(_, hold)| hold.clone()).collect())
    }

    /// The time around an instant in which no ticket lapses, so that [`holds`](Self::holds) stays the same.
    #[must_use]
    pub fn unchanged_around(&self, now: DateTime<Utc>) -> Range<DateTime<Utc>> {
        let lapses = || self.unpaid.iter().map(|(_, at)| *at);
        let last = lapses().filter(|at| *at <= now).max();
        let next = lapses().filter(|at| *at > now).min();
        last.unwrap_or(DateTime::<Utc>::MIN_UTC)..next.unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// Whether it is like a departure that is not stored: open, and nothing taken.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.closed && self.left.is_none() && self.holds.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::Sold;
    use crate::seat::Hold;

    #[test]
    fn an_unpaid_ticket_lapses_at_its_instant_and_others_stay() {
        let noon: DateTime<Utc> = "2027-02-01T12:00:00Z".parse().unwrap();
        let seat = |seat| Hold {
            seat,
            segment: 0..3,
            fixed: true,
        };
        let later = |minutes| Some(noon + TimeDelta::minutes(minutes));
        let sold = Sold::new(
            false,
            vec![
                (seat(1), later(1)),
                (seat(2), None),
                (seat(3), later(2)),
                (seat(4), later(1)),
            ],
        );
        let seats = |at| sold.holds(at).iter().map(|hold| hold.seat).collect::<Vec<_>>();
        assert_eq!(seats(noon + TimeDelta::microseconds(59_999_999)), [1, 2, 3, 4]);
        assert_eq!(seats(noon + TimeDelta::minutes(1)), [2, 3]);
        assert_eq!(seats(noon + TimeDelta::minutes(2)), [2]);
        let minute = |minutes| noon + TimeDelta::minutes(minutes);
        assert_eq!(sold.unchanged_around(noon), DateTime::<Utc>::MIN_UTC..minute(1));
        assert_eq!(sold.unchanged_around(minute(1)), minute(1)..minute(2));
        assert_eq!(sold.unchanged_around(minute(3)), minute(2)..DateTime::<Utc>::MAX_UTC);
    }
}
