//! Whose turn it is: the room of each list, shared out among the tenants that wait for it.

use std::time::Instant;

use uuid::Uuid;

use super::window::Window;
use crate::Queue;
use crate::db::turn::{List, Share, Waiting};

/// Jobs of one list that are sent at a time.
const BATCH: i64 = 500;

/// Tenants of one list that are looked at at a time; the others are looked at the next time.
pub const TURNS: i64 = 64;

/// One list, and where its round stands.
#[derive(Debug)]
struct Place {
    list: List,
    window: Window,
    /// The tenant that is next.
    next: Uuid,
    /// The one that was next when nothing due was found for the first time since something was.
    idle_from: Option<Uuid>,
    /// What the look found: how much fits in, and in how many jobs the window would be full.
    room: i64,
    full: i64,
}

impl Place {
    /// Whether a look that found nothing due, from the next tenant to this one, completes a round of such looks.
    fn comes_round(&mut self, last: Uuid) -> bool {
        let first = self.next;
        let Some(from) = self.idle_from else {
            self.idle_from = Some(first);
            return false;
        };
        let is_round = from == first
            || if first <= last {
                first < from && from <= last
            } else {
                first < from || from <= last
            };
        if is_round {
            self.idle_from = None;
        }
        is_round
    }
}

/// The lists of all queues.
#[derive(Debug)]
pub struct Rotation {
    places: Vec<Place>,
}

/// What is to be sent.
#[derive(Debug, Default)]
pub struct Plan {
    /// Who may send how much.
    pub shares: Vec<Share>,
    /// Whether tenants were left out who may have something that is due.
    pub is_partial: bool,
}

impl Rotation {
    /// Rounds that begin with the first tenant.
    pub fn new(queues: &[Queue]) -> Self {
        let place = |list| Place {
            list,
            window: Window::default(),
            next: Uuid::nil(),
            idle_from: None,
            room: 0,
            full: 0,
        };
        Self {
            places: List::of(queues).map(place).collect(),
        }
    }

    /// The lists, in the order in which [`look`](Self::look) is told their lengths.
    pub fn lists(&self) -> impl Iterator<Item = List> {
        self.places.iter().map(|place| place.list)
    }

    /// Notes how long the lists are, and returns those with room, each with the tenant that is next.
    pub fn look(&mut self, lengths: &[i64], now: Instant) -> Vec<(List, Uuid)> {
        for (place, length) in self.places.iter_mut().zip(lengths) {
            place.full = place.window.room(*length, now);
            place.room = place.full.min(BATCH);
        }
        self.with_room().map(|place| (place.list, place.next)).collect()
    }

    /// Shares the room of the lists that the look returned out among those who wait: the same for each who has something
    /// that is due.
    pub fn share(&mut self, waiting: &[Waiting]) -> Plan {
        let mut plan = Plan::default();
        for (number, place) in self.with_room().enumerate() {
            let those: Vec<&Waiting> = waiting.iter().filter(|waiting| waiting.place == number).collect();
            let were_all = i64::try_from(those.len()).is_ok_and(|count| count < TURNS);
            let served = usize::try_from(place.room).unwrap_or_default();
            let due: Vec<Uuid> = those
                .iter()
                .filter(|waiting| waiting.is_due)
                .map(|waiting| waiting.tenant)
                .collect();
            let is_all = due.len() <= served;
            let due = due.get(..served).unwrap_or(&due);
            // Continues after the last tenant that was served, or after the last one examined if all were served.
            let last = if is_all {
                those.last().map(|waiting| waiting.tenant)
            } else {
                due.last().copied()
            };
            plan.is_partial |= if due.is_empty() {
                !were_all && last.is_some_and(|last| !place.comes_round(last))
            } else {
                place.idle_from = None;
                !were_all || !is_all
            };
            if let Some(last) = last {
                place.next = Uuid::from_u128(last.as_u128().wrapping_add(1));
            }
            let tenants = i64::try_from(due.len()).unwrap_or(i64::MAX).max(1);
            let jobs = (place.room + tenants - 1) / tenants;
            let list = place.list;
            plan.shares.extend(due.iter().map(|tenant| Share {
                list,
                tenant: *tenant,
                jobs,
            }));
        }
        plan
    }

    /// Notes how many jobs were sent into the lists that had room. Whether more may wait for one of them.
    pub fn sent(&mut self, plan: &Plan, sent: impl Fn(List) -> i64, now: Instant) -> bool {
        let mut is_more = false;
        for place in self.with_room() {
            let sent = sent(place.list);
            let shares = plan.shares.iter().filter(|share| share.list == place.list);
            // Somebody used up his share, at the least.
            let may_be_more = sent > 0 && sent >= shares.map(|share| share.jobs).min().unwrap_or_default();
            if sent >= place.full {
                place.window.fill(now);
            } else if !may_be_more {
                place.window.rest();
            }
            is_more |= may_be_more;
        }
        is_more
    }

    fn with_room(&mut self) -> impl Iterator<Item = &mut Place> {
        self.places.iter_mut().filter(|place| place.room > 0)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use uuid::Uuid;

    use super::{Rotation, TURNS};
    use crate::Queue;
    use crate::db::turn::Waiting;

    const QUEUES: [Queue; 1] = [Queue::new("email")];

    fn tenant(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    /// Tenants of the urgent list.
    fn waiting(tenants: impl Iterator<Item = (u128, bool)>) -> Vec<Waiting> {
        let waiting = |(number, is_due)| Waiting {
            place: 0,
            tenant: tenant(number),
            is_due,
        };
        tenants.map(waiting).collect()
    }

    /// The tenants that are served with their shares, and who is next.
    fn shared(waiting: &[Waiting]) -> (Vec<(u128, i64)>, u128, bool) {
        let mut rotation = Rotation::new(&QUEUES);
        rotation.look(&[0, 100], Instant::now());
        let plan = rotation.share(waiting);
        let shares = plan
            .shares
            .iter()
            .map(|share| (share.tenant.as_u128(), share.jobs))
            .collect();
        let next = rotation.look(&[0, 100], Instant::now())[0].1;
        (shares, next.as_u128(), plan.is_partial)
    }

    #[test]
    fn room_is_shared_out_among_those_who_have_something_due() {
        assert_eq!(shared(&[]), (vec![], 0, false));
        assert_eq!(shared(&waiting([(7, true)].into_iter())), (vec![(7, 20)], 8, false));
        let three = [(1, true), (2, false), (3, true), (4, true)];
        assert_eq!(
            shared(&waiting(three.into_iter())),
            (vec![(1, 7), (3, 7), (4, 7)], 5, false)
        );
    }

    #[test]
    fn more_tenants_than_fit_in_have_their_turn_later() {
        let (shares, next, is_partial) = shared(&waiting((1..31).map(|number| (number, true))));
        assert_eq!((shares.len(), next, is_partial), (20, 21, true));
        assert!(shares.iter().all(|(_, jobs)| *jobs == 1));
    }

    #[test]
    fn those_with_nothing_due_are_passed_over_and_the_round_goes_on() {
        let many = u128::try_from(TURNS).unwrap();
        let all = waiting((1..=many).map(|number| (number, false)));
        assert_eq!(shared(&all), (vec![], many + 1, true));
    }

    #[test]
    fn a_round_in_which_nothing_is_due_ends() {
        let many = u128::try_from(TURNS).unwrap();
        for tenants in [many + 1, 2 * many, 3 * many - 1] {
            let mut rotation = Rotation::new(&QUEUES);
            let mut looks = 0;
            loop {
                let next = rotation.look(&[0, 100], Instant::now())[0].1.as_u128();
                let around = (next.max(1)..=tenants).chain(1..next.min(tenants + 1));
                let seen = waiting(
                    around
                        .take(usize::try_from(TURNS).unwrap())
                        .map(|number| (number, false)),
                );
                looks += 1;
                if !rotation.share(&seen).is_partial {
                    break;
                }
                assert!(looks < 5, "{tenants}");
            }
            assert!(looks > 1, "{tenants}");
        }
    }
}
