//! Rounds over the tenants of lists, and the windows that they fill.

use std::time::{Duration, Instant};

use uuid::Uuid;

use super::{Remaining, Rotation, TURNS};
use crate::Queue;
use crate::db::turn::{List, Share, Waiting};
use crate::scheduler::window::{LEAST, WINDOW};

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

/// Sends everything that is shared out among the tenants that wait for the urgent list.
fn send(rotation: &mut Rotation, waiting: &[Waiting], now: Instant) -> (Vec<Share>, Remaining) {
    let shares = rotation.share(waiting);
    let jobs: i64 = shares.iter().map(|share| share.jobs).sum();
    let sent = |list: List| if list.priority.is_urgent() { jobs } else { 0 };
    let remaining = rotation.sent(&shares, sent, now);
    (shares, remaining)
}

/// The tenants that are served with their shares, the next tenant, and whether tenants were left out.
fn shared(waiting: &[Waiting]) -> (Vec<(u128, i64)>, u128, bool) {
    let (mut rotation, now) = (Rotation::new(&QUEUES), Instant::now());
    rotation.look(&[0, 100], now);
    let (shares, remaining) = send(&mut rotation, waiting, now);
    let shares = shares
        .iter()
        .map(|share| (share.tenant.as_u128(), share.jobs))
        .collect();
    let next = rotation.look(&[0, 100], now)[0].1;
    (shares, next.as_u128(), remaining.is_partial)
}

/// What a look at the list with this number finds among tenants from 1 to `tenants`, all of the same kind.
fn around(lists: &[(List, Uuid)], place: usize, tenants: u128, is_due: bool) -> Vec<Waiting> {
    let next = lists[place].1.as_u128();
    let around = (next.max(1)..=tenants).chain(1..next.min(tenants + 1));
    let waiting = |number| Waiting {
        place,
        tenant: tenant(number),
        is_due,
    };
    around.take(usize::try_from(TURNS).unwrap()).map(waiting).collect()
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
        let (mut rotation, now) = (Rotation::new(&QUEUES), Instant::now());
        let mut looks = 0;
        loop {
            let lists = rotation.look(&[0, 100], now);
            looks += 1;
            if !send(&mut rotation, &around(&lists, 0, tenants, false), now)
                .1
                .is_partial
            {
                break;
            }
            assert!(looks < 5, "{tenants}");
        }
        assert!(looks > 1, "{tenants}");
    }
}

#[test]
fn rounds_end_also_when_those_of_the_lists_are_out_of_phase() {
    let tenants = u128::try_from(TURNS).unwrap() + 1;
    let (mut rotation, now) = (Rotation::new(&QUEUES), Instant::now());
    let mut partial = Vec::new();
    for number in 0..12 {
        let lists = rotation.look(&[0, 0], now);
        // In the first look the urgent list has something that is due, so that its round begins one look later.
        let mut seen = around(&lists, 0, tenants, number == 0);
        seen.extend(around(&lists, 1, tenants, false));
        partial.push(send(&mut rotation, &seen, now).1.is_partial);
    }
    // Each takes two looks.
    assert_eq!(partial.iter().position(|is_partial| !is_partial), Some(2));
    let rests = partial.iter().filter(|is_partial| !**is_partial).count();
    assert!(rests >= 4, "{partial:?}");
    // And after a rest, all are looked at again.
    assert!(partial[3], "{partial:?}");
}

#[test]
fn a_round_ends_when_what_is_due_cannot_be_sent() {
    let tenants = 2 * u128::try_from(TURNS).unwrap();
    let (mut rotation, now) = (Rotation::new(&QUEUES), Instant::now());
    let ended = (0..20).position(|_| {
        let lists = rotation.look(&[0, 100], now);
        let shares = rotation.share(&around(&lists, 0, tenants, true));
        assert!(!shares.is_empty());
        !rotation.sent(&shares, |_| 0, now).is_partial
    });
    // Twenty are served at a time.
    assert_eq!(ended, Some(6));
}

/// Sends into the urgent list for a tenant who always has more, until it takes no more; returns its length.
fn flood(rotation: &mut Rotation, mut length: i64, now: Instant) -> i64 {
    while !rotation.look(&[length, 5000], now).is_empty() {
        let (shares, _) = send(rotation, &waiting([(7, true)].into_iter()), now);
        length += shares[0].jobs;
    }
    length
}

#[test]
fn a_window_that_has_grown_shrinks_when_its_jobs_last() {
    let (mut rotation, mut now) = (Rotation::new(&QUEUES), Instant::now());
    let mut length = 0;
    for _ in 0..10 {
        length = flood(&mut rotation, length, now);
        now += Duration::from_millis(10);
        length /= 3;
    }
    length = flood(&mut rotation, length, now);
    assert!((1001..=WINDOW).contains(&length), "{length}");
    for _ in 0..16 {
        now += Duration::from_secs(2);
        length = flood(&mut rotation, length / 2, now);
    }
    assert!(length <= LEAST, "{length}");
}

#[test]
fn a_look_at_others_leaves_the_window_of_a_flood_as_it_is() {
    let tenants = u128::try_from(TURNS).unwrap() + 1;
    let (mut rotation, mut now) = (Rotation::new(&QUEUES), Instant::now());
    for _ in 0..3 {
        flood(&mut rotation, 0, now);
        now += Duration::from_millis(10);
    }
    let lists = rotation.look(&[0, 5000], now);
    let (shares, remaining) = send(&mut rotation, &around(&lists, 0, tenants, false), now);
    assert!(shares.is_empty() && remaining.is_partial);
    assert!(flood(&mut rotation, 0, now) > 4 * LEAST);
}
