//! Decides which departure of the timetable each sold departure is.
//!
//! A departure is identified by its stops and instants, not by its ids. A match is certain if the departure runs as it
//! was sold, or if its trip kept its id and has other times or stops, unless a new departure is closer to what was
//! sold. All other matches are doubtful: new departures that may be the sold one are closed until an administrator
//! decides. A departure that did not change is no candidate, since it is a run of its own, unless it cannot be
//! distinguished from the one that was sold, or now has the id of its trip.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use chrono::TimeDelta;
use db::journey::DepartureKey;
use db::timetable::sold::{DepartureRow, SoldCall, SoldTicket};
use domain::gtfs::Clause;

use super::runs::{Dated, Near, Runs};
use super::target::{Target, used};

/// A departure that was sold.
#[derive(Debug)]
pub struct Sold {
    /// Its row.
    pub row: DepartureRow,
    /// Its calls as sold.
    pub calls: Vec<SoldCall>,
    /// Its tickets.
    pub tickets: Vec<SoldTicket>,
}

impl Sold {
    /// The key of its stored row.
    pub fn key(&self) -> DepartureKey {
        (self.row.trip_id, self.row.service_day)
    }

    /// Whether any ticket holds a seat on it.
    pub fn is_active(&self) -> bool {
        self.tickets.iter().any(|ticket| ticket.held)
    }
}

/// A sold departure and a possible match.
pub type Pair = (DepartureKey, DepartureKey);

/// Decisions, made or pending, about pairs that were doubtful before.
#[derive(Debug, Default)]
pub struct Verdicts {
    /// Pairs of two different runs.
    pub rejected: HashSet<Pair>,
    /// Not yet decided.
    pub pending: HashSet<Pair>,
}

/// A departure that may be the one that was sold, and how much later it leaves.
pub type Candidate = (Dated, TimeDelta);

/// The outcome for a sold departure.
#[derive(Debug)]
pub enum Fate {
    /// Its tickets move to this target, which is often where they already are.
    Follows(Dated, Target),
    /// It is closed; its tickets stay as they were sold.
    Stays(Stay),
}

/// A sold departure without a certain match in the timetable.
#[derive(Debug)]
pub struct Stay {
    /// Why its tickets do not move.
    pub reason: Clause,
    /// Possible matches, the closest first.
    pub candidates: Vec<Candidate>,
    /// Whether another departure has, or may have, its id: it then needs a new one.
    pub gives_way: bool,
}

struct Plan<'r, 'a, 's> {
    runs: &'r mut Runs<'a>,
    sold: &'s [Sold],
    verdicts: &'s Verdicts,
    /// For each sold departure, its departure in the timetable.
    homes: Vec<Option<Dated>>,
    /// For each departure of the timetable, the sold one with seats in use that is matched with it.
    claims: HashMap<DepartureKey, usize>,
}

/// The fates of the sold departures, in their order.
pub fn plan(sold: &[Sold], runs: &mut Runs<'_>, verdicts: &Verdicts) -> Vec<Fate> {
    let mut plan = Plan {
        runs,
        sold,
        verdicts,
        homes: vec![None; sold.len()],
        claims: HashMap::new(),
    };
    let (active, over): (Vec<usize>, Vec<usize>) = (0..sold.len()).partition(|at| sold[*at].is_active());
    plan.as_sold(&active);
    plan.of_same_trip(&active);
    plan.contest(&active);
    for at in over {
        plan.homes[at] = plan.without_seats(at);
    }
    (0..sold.len()).map(|at| plan.fate(at)).collect()
}

impl Plan<'_, '_, '_> {
    fn claim(&mut self, at: usize, home: Dated) {
        self.homes[at] = Some(home);
        self.claims.insert(self.runs.key(home), at);
    }

    fn is_free(&self, home: Dated) -> bool {
        !self.claims.contains_key(&self.runs.key(home))
    }

    fn is_rejected(&self, at: usize, home: Dated) -> bool {
        self.verdicts
            .rejected
            .contains(&(self.sold[at].key(), self.runs.key(home)))
    }

    fn homeless(&self, of: &[usize]) -> Vec<usize> {
        of.iter().copied().filter(|at| self.homes[*at].is_none()).collect()
    }

    /// Matches departures that run exactly as they were sold: under their own ids, else under others.
    fn as_sold(&mut self, active: &[usize]) {
        for at in active {
            let sold = &self.sold[*at];
            if let Some(own) = self.runs.on(sold.key())
                && self.runs.is_exact(own, &sold.calls)
            {
                self.claim(*at, own);
            }
        }
        for at in self.homeless(active) {
            let sold = &self.sold[at];
            let options = self.runs.exact(&sold.calls).into_iter().filter(|option| {
                let (_, company) = self.runs.route(*option);
                company == sold.row.company_id && self.is_free(*option) && !self.is_rejected(at, *option)
            });
            let best = options.max_by_key(|option| {
                let (route, _) = self.runs.route(*option);
                let (bus, _) = self.runs.bus(*option);
                let likeness = (route == sold.row.route_id, bus == sold.row.bus_id);
                (likeness, Reverse(self.runs.key(*option)))
            });
            if let Some(best) = best {
                self.claim(at, best);
            }
        }
    }

    /// Matches departures with the same trip at other times or stops, unless a new departure leaves closer to the time
    /// that was sold.
    fn of_same_trip(&mut self, active: &[usize]) {
        for at in self.homeless(active) {
            let sold = &self.sold[at];
            let Some(own) = self.runs.on(sold.key()) else {
                continue;
            };
            if !self.is_free(own) || self.is_rejected(at, own) {
                continue;
            }
            let calls = self.runs.calls(own);
            if Target::of(sold.key(), calls, &sold.calls, &sold.tickets).is_none() {
                continue;
            }
            let near = self.candidates(at);
            let shift = near.iter().find(|near| near.dated == own).map(|near| near.shift.abs());
            let is_closer =
                |near: &Near| near.whole && near.dated != own && shift.is_none_or(|shift| near.shift.abs() < shift);
            if !near.iter().any(is_closer) {
                self.claim(at, own);
            }
        }
    }

    /// Revokes uncertain matches: if an unmatched sold departure leaves at least as close to a departure of the
    /// timetable as the sold one that is matched with it by the id of its trip, neither is certain.
    fn contest(&mut self, active: &[usize]) {
        loop {
            let mut contested: Vec<DepartureKey> = Vec::new();
            for at in self.homeless(active) {
                for Near { dated, shift, .. } in self.near(at).into_iter().filter(|near| near.whole) {
                    let key = self.runs.key(dated);
                    let Some(claimant) = self.claims.get(&key).copied() else {
                        continue;
                    };
                    let is_sure = self.runs.is_exact(dated, &self.sold[claimant].calls);
                    let own = self.near(claimant).into_iter().find(|near| near.dated == dated);
                    let farther = own.is_none_or(|own| shift.abs() <= own.shift.abs());
                    let same_company = self.runs.route(dated).1 == self.sold[at].row.company_id;
                    if !is_sure && farther && same_company && !self.is_rejected(at, dated) {
                        contested.push(key);
                    }
                }
            }
            if contested.is_empty() {
                return;
            }
            for key in contested {
                if let Some(claimant) = self.claims.remove(&key) {
                    self.homes[claimant] = None;
                }
            }
        }
    }

    /// Departures that run nearly the same, regardless of their ids.
    fn near(&mut self, at: usize) -> Vec<Near> {
        let sold = &self.sold[at];
        let seats = used(sold.tickets.iter().filter(|ticket| ticket.held));
        self.runs.near(&sold.calls, &seats)
    }

    /// The match of a departure without seats in use, which cannot conflict with others.
    fn without_seats(&self, at: usize) -> Option<Dated> {
        let sold = &self.sold[at];
        let same_company = |option: &Dated| self.runs.route(*option).1 == sold.row.company_id;
        self.runs.on(sold.key()).or_else(|| {
            let exact = self.runs.exact(&sold.calls).into_iter().filter(same_company);
            exact.min_by_key(|option| self.runs.key(*option))
        })
    }

    /// Possible matches of a sold departure, the closest first.
    fn candidates(&mut self, at: usize) -> Vec<Near> {
        let sold = &self.sold[at];
        let own = self.runs.on(sold.key());
        let mut found = self.near(at);
        found.retain(|Near { dated, whole, .. }| {
            let pair = (sold.key(), self.runs.key(*dated));
            let (_, company) = self.runs.route(*dated);
            let is_new = !self.runs.was_there(*dated)
                || self.runs.name(*dated) == sold.row.trip_key
                || self.verdicts.pending.contains(&pair);
            let exact = self.runs.is_exact(*dated, &sold.calls);
            let possible = if company == sold.row.company_id {
                exact || (is_new && self.is_free(*dated))
            } else {
                exact && is_new && self.is_free(*dated)
            };
            // Its own trip is no candidate if it serves only a part of the way.
            possible && (*whole || Some(*dated) != own) && !self.verdicts.rejected.contains(&pair)
        });
        found.sort_unstable_by_key(|near| (near.shift.abs(), self.runs.key(near.dated)));
        found
    }

    fn fate(&mut self, at: usize) -> Fate {
        let sold = &self.sold[at];
        if let Some(home) = self.homes[at] {
            let (key, calls) = (self.runs.key(home), self.runs.calls(home));
            if let Some(target) = Target::of(key, calls, &sold.calls, &sold.tickets) {
                return Fate::Follows(home, target);
            }
        }
        let own = self.runs.on(sold.key());
        let reason = if own.is_some() {
            Clause::StopsNotServed {}
        } else if self.runs.has_trip(sold.key()) {
            Clause::DayNotServed {}
        } else {
            Clause::TripGone {}
        };
        let candidates = if sold.is_active() {
            self.candidates(at)
        } else {
            Vec::new()
        };
        let candidates: Vec<Candidate> = candidates.iter().map(|near| (near.dated, near.shift)).collect();
        let is_own = |(dated, _): &Candidate| Some(*dated) == own;
        let gives_way = self.claims.contains_key(&sold.key())
            || candidates.iter().any(is_own)
            || own.is_some_and(|own| self.is_rejected(at, own));
        Fate::Stays(Stay {
            reason,
            candidates,
            gives_way,
        })
    }
}
