//! Seats: who sits where on which segment of a departure.
//!
//! A seat sells again on segments that do not overlap. Confirmed tickets keep their seats; tickets that are not yet
//! confirmed may be moved when that makes room. A sale is refused only when no assignment exists. That question is
//! NP-complete in general (precolouring extension of interval graphs), yet small on a bus: the gaps that confirmed
//! tickets leave are interchangeable when they end alike, so the search below remembers every state it has refuted.

use std::ops::Range;

mod search;

use search::Search;

/// A segment in positions of the trip: from boarding up to, not including, alighting.
pub type Segment = Range<u16>;

/// A seat that is taken on a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// Seat number, from 1.
    pub seat: u16,
    /// Where it is taken.
    pub segment: Segment,
    /// Whether its ticket is confirmed and must keep the seat.
    pub fixed: bool,
}

/// How new passengers are seated.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// Seats of the new passengers, one each.
    pub seats: Vec<u16>,
    /// Holds that move first: index into the given holds, new seat.
    pub moves: Vec<(usize, u16)>,
}

/// Seats `count` new passengers on `segment`, or `None` when no assignment exists.
///
/// No passenger is reseated if there are free seats already; then the tightest gap is chosen, so that long segments
/// stay free. Holds on seats above `seats` (the bus became smaller) stay there, yet their passengers ride: never more
/// than `seats` are seated.
#[must_use]
pub fn allocate(seats: u16, holds: &[Hold], segment: &Segment, count: usize) -> Option<Plan> {
    if usize::from(upper_bound(seats, holds, segment)) < count {
        return None;
    }
    let mut gaps: Vec<(u16, u16)> = (1..=seats)
        .filter_map(|seat| Some((gap(holds, seat, segment)?, seat)))
        .collect();
    if gaps.len() >= count {
        gaps.sort_unstable();
        return Some(Plan {
            seats: gaps.into_iter().take(count).map(|(_, seat)| seat).collect(),
            moves: Vec::new(),
        });
    }
    Search::new(seats, holds, segment, count).solve()
}

/// How many passengers could still be seated on `segment`.
#[must_use]
pub fn left(seats: u16, holds: &[Hold], segment: &Segment) -> u16 {
    let mut possible = 0;
    let mut impossible = upper_bound(seats, holds, segment) + 1;
    let mut candidate = impossible - 1;
    while possible + 1 < impossible {
        if allocate(seats, holds, segment, candidate.into()).is_some() {
            possible = candidate;
        } else {
            impossible = candidate;
        }
        candidate = possible.midpoint(impossible);
    }
    possible
}

/// Unused length around `segment` on a seat that is free there.
fn gap(holds: &[Hold], seat: u16, segment: &Segment) -> Option<u16> {
    let mut free = 0..u16::MAX;
    for hold in holds.iter().filter(|hold| hold.seat == seat) {
        if hold.segment.end <= segment.start {
            free.start = free.start.max(hold.segment.end);
        } else if hold.segment.start >= segment.end {
            free.end = free.end.min(hold.segment.start);
        } else {
            return None;
        }
    }
    Some((free.end - free.start) - (segment.end - segment.start))
}

/// Seats minus the heaviest load on any part of the segment: no assignment can seat more.
fn upper_bound(seats: u16, holds: &[Hold], segment: &Segment) -> u16 {
    let load = |position: u16| holds.iter().filter(|h| h.segment.contains(&position)).count();
    let heaviest = segment.clone().map(load).max().unwrap_or(0);
    seats.saturating_sub(u16::try_from(heaviest).unwrap_or(u16::MAX))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Hold, Plan, Segment, allocate, left};

    fn hold(seat: u16, segment: Segment, fixed: bool) -> Hold {
        Hold { seat, segment, fixed }
    }

    #[test]
    fn sells_a_seat_again_on_a_segment_that_does_not_overlap() {
        let holds = [hold(1, 0..3, true)];
        assert_eq!(
            allocate(1, &holds, &(3..5), 1),
            Some(Plan {
                seats: vec![1],
                moves: vec![]
            })
        );
        assert_eq!(allocate(1, &holds, &(2..5), 1), None);
    }

    #[test]
    fn takes_the_tightest_gap() {
        let holds = [hold(2, 0..2, true), hold(2, 4..6, true)];
        assert_eq!(allocate(3, &holds, &(2..4), 1).unwrap().seats, vec![2]);
    }

    #[test]
    fn moves_an_unconfirmed_ticket_to_make_room() {
        // Seat 1 is taken at the start, seat 2 at the end: 0..4 fits only when one of them moves.
        let loose = [hold(1, 0..2, false), hold(2, 2..4, true)];
        assert_eq!(
            allocate(2, &loose, &(0..4), 1),
            Some(Plan {
                seats: vec![1],
                moves: vec![(0, 2)]
            })
        );
        let firm = [hold(1, 0..2, true), hold(2, 2..4, true)];
        assert_eq!(allocate(2, &firm, &(0..4), 1), None);
    }

    #[test]
    fn passengers_of_seats_that_are_gone_still_ride() {
        let holds = [hold(3, 0..4, true), hold(1, 0..2, true)];
        assert_eq!(left(2, &holds, &(0..4)), 0, "three would ride on two seats");
        assert_eq!(left(2, &holds, &(2..4)), 1);
        assert_eq!(left(2, &holds, &(4..6)), 2);
    }

    #[test]
    fn a_full_bus_of_fifty_is_decided_quickly() {
        let holds: Vec<Hold> = (1..=50)
            .flat_map(|s| [hold(s, 0..s % 7 + 1, s % 3 == 0), hold(s, s % 7 + 2..12, s % 4 == 0)])
            .collect();
        let segment = 3..9;
        let left = left(50, &holds, &segment);
        assert!(allocate(50, &holds, &segment, left.into()).is_some());
        assert!(allocate(50, &holds, &segment, usize::from(left) + 1).is_none());
    }

    /// Every way to seat all passengers, confirmed tickets where they are.
    fn brute_force(seats: u16, holds: &[Hold], segment: &Segment, count: usize) -> bool {
        fn overlaps(a: &Segment, b: &Segment) -> bool {
            a.start < b.end && b.start < a.end
        }
        fn seat(placed: &mut Vec<(u16, Segment)>, rest: &[Segment], seats: u16) -> bool {
            let Some((first, rest)) = rest.split_first() else {
                return true;
            };
            (1..=seats).any(|s| {
                if placed
                    .iter()
                    .any(|(other, taken)| *other == s && overlaps(taken, first))
                {
                    return false;
                }
                placed.push((s, first.clone()));
                let fits = seat(placed, rest, seats);
                placed.pop();
                fits
            })
        }
        let mut placed: Vec<_> = holds
            .iter()
            .filter(|h| h.fixed)
            .map(|h| (h.seat, h.segment.clone()))
            .collect();
        let loose = holds.iter().filter(|h| !h.fixed).map(|h| h.segment.clone());
        let items: Vec<_> = loose.chain((0..count).map(|_| segment.clone())).collect();
        seat(&mut placed, &items, seats)
    }

    fn segments() -> impl Strategy<Value = Segment> {
        (0u16..5, 1u16..5).prop_map(|(start, length)| start..(start + length).min(6))
    }

    /// A possible occupancy: tickets are offered one after the other and get seats where there is room.
    fn worlds() -> impl Strategy<Value = (u16, Vec<Hold>)> {
        (
            1u16..4,
            prop::collection::vec((segments(), 1u16..4, any::<bool>()), 0..9),
        )
            .prop_map(|(seats, wishes)| {
                let mut holds: Vec<Hold> = Vec::new();
                for (segment, seat, fixed) in wishes {
                    let seat = (seat - 1) % seats + 1;
                    let free = holds
                        .iter()
                        .all(|h| h.seat != seat || h.segment.end <= segment.start || segment.end <= h.segment.start);
                    if free {
                        holds.push(hold(seat, segment, fixed));
                    }
                }
                (seats, holds)
            })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn refuses_only_when_no_assignment_exists((seats, holds) in worlds(), segment in segments(), count in 1usize..4) {
            let plan = allocate(seats, &holds, &segment, count);
            prop_assert_eq!(plan.is_some(), brute_force(seats, &holds, &segment, count));
            let Some(plan) = plan else { return Ok(()) };
            let mut after = holds;
            for (index, seat) in &plan.moves {
                prop_assert!(!after[*index].fixed);
                after[*index].seat = *seat;
            }
            prop_assert_eq!(plan.seats.len(), count);
            after.extend(plan.seats.iter().map(|seat| hold(*seat, segment.clone(), true)));
            for (i, a) in after.iter().enumerate() {
                prop_assert!((1..=seats).contains(&a.seat));
                for b in &after[i + 1..] {
                    prop_assert!(a.seat != b.seat || a.segment.end <= b.segment.start || b.segment.end <= a.segment.start);
                }
            }
        }

        #[test]
        fn seats_left_is_the_largest_number_that_fits((seats, holds) in worlds(), segment in segments()) {
            let left = usize::from(left(seats, &holds, &segment));
            prop_assert!(left == 0 || brute_force(seats, &holds, &segment, left));
            prop_assert!(!brute_force(seats, &holds, &segment, left + 1));
        }
    }
}
