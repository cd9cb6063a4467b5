//! The search for seats when passengers must be reseated: backtracking over the gaps that confirmed tickets leave.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashSet};
use std::ops::Range;

use super::{Hold, Plan, Segment};

/// States after which the search gives up and refuses. Buses of 50 seats with a handful of stops stay far below; a
/// longer search would delay every other sale of the same departure (0.1 s have passed by then).
const MAX_STATES: usize = 2_000;

/// A segment to seat: a hold that may move, or a new passenger.
struct Item {
    segment: Segment,
    hold: Option<usize>,
    seat: Option<u16>,
}

/// Free time of one seat between confirmed tickets.
#[derive(Clone, Copy)]
struct Gap {
    seat: u16,
    from: u16,
    until: u16,
}

/// The search for an assignment.
pub(super) struct Search {
    items: Vec<Item>,
    gaps: Vec<Gap>,
    chosen: Vec<u16>,
    refuted: HashSet<(usize, Vec<(u16, u16)>)>,
}

impl Search {
    /// Who is to be seated: those who may move, and `count` new passengers.
    pub(super) fn new(seats: u16, holds: &[Hold], segment: &Segment, count: usize) -> Self {
        let mut items: Vec<Item> = holds
            .iter()
            .enumerate()
            .filter(|(_, hold)| !hold.fixed && hold.seat <= seats)
            .map(|(index, hold)| Item {
                segment: hold.segment.clone(),
                hold: Some(index),
                seat: Some(hold.seat),
            })
            .chain((0..count).map(|_| Item {
                segment: segment.clone(),
                hold: None,
                seat: None,
            }))
            .collect();
        items.sort_by_key(|item| (item.segment.start, Reverse(item.segment.end), item.hold.is_none()));
        let gaps = (1..=seats).flat_map(|seat| fixed_gaps(holds, seat)).collect();
        Self {
            items,
            gaps,
            chosen: Vec::new(),
            refuted: HashSet::new(),
        }
    }

    pub(super) fn solve(mut self) -> Option<Plan> {
        if !self.place(0) {
            return None;
        }
        let mut plan = Plan::default();
        for (item, seat) in self.items.iter().zip(&self.chosen) {
            match item.hold {
                None => plan.seats.push(*seat),
                Some(hold) if item.seat != Some(*seat) => plan.moves.push((hold, *seat)),
                Some(_) => {}
            }
        }
        plan.seats.sort_unstable();
        Some(plan)
    }

    /// Places items in the order of their start: a gap is usable when it is free by then and ends late enough.
    fn place(&mut self, index: usize) -> bool {
        let Some(item) = self.items.get(index) else { return true };
        let (Range { start, end }, own) = (item.segment.clone(), item.seat);
        let state = (index, self.state(start));
        if self.refuted.len() >= MAX_STATES || self.refuted.contains(&state) {
            return false;
        }
        if self.is_hopeless(index) {
            self.refuted.insert(state);
            return false;
        }
        let mut fitting: Vec<usize> = (0..self.gaps.len())
            .filter(|&g| self.gaps[g].from <= start && self.gaps[g].until >= end)
            .collect();
        fitting.sort_by_key(|&g| (own != Some(self.gaps[g].seat), self.gaps[g].until, self.gaps[g].seat));
        let mut tried = HashSet::new();
        for g in fitting {
            // Gaps that are free now and end alike lead to the same outcome.
            if !tried.insert(self.gaps[g].until) {
                continue;
            }
            let before = self.gaps[g].from;
            self.gaps[g].from = end;
            self.chosen.push(self.gaps[g].seat);
            if self.place(index + 1) {
                return true;
            }
            self.chosen.pop();
            self.gaps[g].from = before;
        }
        self.refuted.insert(state);
        false
    }

    /// Whether some part of the way is covered by more of the items from `index` on than by gaps: then there is no
    /// solution.
    fn is_hopeless(&self, index: usize) -> bool {
        let items = &self.items[index..];
        let starts: BTreeSet<u16> = items.iter().map(|item| item.segment.start).collect();
        let ends: BTreeSet<u16> = items.iter().map(|item| item.segment.end).collect();
        starts.iter().any(|&start| {
            ends.range(start + 1..).any(|&end| {
                let wanted = items
                    .iter()
                    .filter(|item| item.segment.start <= start && end <= item.segment.end);
                let offered = self.gaps.iter().filter(|gap| gap.from <= start && end <= gap.until);
                wanted.count() > offered.count()
            })
        })
    }

    /// What matters of the gaps from `start` on, without their seats.
    fn state(&self, start: u16) -> Vec<(u16, u16)> {
        let mut state: Vec<(u16, u16)> = self
            .gaps
            .iter()
            .filter(|g| g.until > start)
            .map(|g| (g.from.max(start), g.until))
            .collect();
        state.sort_unstable();
        state
    }
}

fn fixed_gaps(holds: &[Hold], seat: u16) -> Vec<Gap> {
    let mut taken: Vec<&Segment> = holds
        .iter()
        .filter(|hold| hold.fixed && hold.seat == seat)
        .map(|hold| &hold.segment)
        .collect();
    taken.sort_by_key(|segment| segment.start);
    let mut gaps = Vec::with_capacity(taken.len() + 1);
    let mut from = 0;
    for segment in taken {
        gaps.push(Gap {
            seat,
            from,
            until: segment.start,
        });
        from = segment.end;
    }
    gaps.push(Gap {
        seat,
        from,
        until: u16::MAX,
    });
    gaps.retain(|gap| gap.from < gap.until);
    gaps
}
