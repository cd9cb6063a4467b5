//! Tests of the queues of actions, without a database.

use domain::id::{BookingId, PartnerId};
use domain::ticket::Action;
use ledger::Cause;
use tokio::sync::oneshot;
use tracing::Span;

use super::{Actions, Answer, LANES, MOST, Waiting};
use crate::Actor;

/// Adds an action on a booking; returns its place, and where its answer would arrive.
fn join(actions: &Actions, partner_id: PartnerId, booking_id: BookingId) -> (u64, oneshot::Receiver<Answer>) {
    let (answer, receiver) = oneshot::channel();
    let waiting = Waiting {
        actor: Actor::new(partner_id, Cause::default()),
        booking_id,
        action: Action::Pay,
        tickets: None,
        span: Span::none(),
        answer,
    };
    (actions.join(partner_id, waiting), receiver)
}

/// As [`join`], on bookings of their own.
fn join_some(actions: &Actions, partner_id: PartnerId, count: usize) -> Vec<(u64, oneshot::Receiver<Answer>)> {
    (0..count)
        .map(|_| join(actions, partner_id, BookingId::new()))
        .collect()
}

fn bookings(group: &[Waiting]) -> Vec<BookingId> {
    group.iter().map(|waiting| waiting.booking_id).collect()
}

#[test]
fn a_group_gathers_at_a_time_and_only_a_few_run() {
    let (actions, partner_id) = (Actions::default(), PartnerId::new());
    assert!(actions.begin(partner_id).is_none(), "nothing waits");
    let mut groups = Vec::new();
    let mut receivers = Vec::new();
    for _ in 0..LANES {
        receivers.extend(join_some(&actions, partner_id, 2));
        assert!(actions.begin(partner_id).is_some());
        receivers.extend(join_some(&actions, partner_id, 1));
        assert!(
            actions.begin(partner_id).is_none(),
            "these belong to the one that gathers"
        );
        groups.push(bookings(&actions.take(partner_id, u64::MAX)));
    }
    assert!(groups.iter().all(|group| group.len() == 3));
    receivers.extend(join_some(&actions, partner_id, 1));
    assert!(actions.begin(partner_id).is_none(), "as many run as may");
    let other = PartnerId::new();
    receivers.extend(join_some(&actions, other, 1));
    assert!(actions.begin(other).is_some(), "another partner does not wait for them");
    actions.end(partner_id, Some(&groups[1]));
    assert!(actions.begin(partner_id).is_some());
}

#[test]
fn a_group_takes_the_first_ones_in_the_order_of_arrival() {
    let (actions, partner_id) = (Actions::default(), PartnerId::new());
    let ids: Vec<BookingId> = (0..MOST + 2).map(|_| BookingId::new()).collect();
    let _receivers: Vec<_> = ids.iter().map(|id| join(&actions, partner_id, *id)).collect();
    assert!(actions.begin(partner_id).is_some());
    assert_eq!(bookings(&actions.take(partner_id, u64::MAX)), ids[..MOST]);
    assert!(actions.begin(partner_id).is_some());
    assert_eq!(bookings(&actions.take(partner_id, u64::MAX)), ids[MOST..]);
}

#[test]
fn actions_on_the_same_booking_are_serialised() {
    let (actions, partner_id) = (Actions::default(), PartnerId::new());
    let (same, other) = (BookingId::new(), BookingId::new());
    let _receivers = [same, same, other].map(|id| join(&actions, partner_id, id));
    assert!(actions.begin(partner_id).is_some());
    let first = bookings(&actions.take(partner_id, u64::MAX));
    assert_eq!(first, [same, other]);
    assert!(
        actions.begin(partner_id).is_none(),
        "the second one waits for the first"
    );
    let (third, _receiver) = join(&actions, partner_id, same);
    assert!(actions.begin(partner_id).is_none());
    actions.end(partner_id, Some(&first));
    assert!(actions.begin(partner_id).is_some());
    assert_eq!(bookings(&actions.take(partner_id, u64::MAX)), [same]);
    assert!(actions.leave(partner_id, third), "it still waits");
}

#[test]
fn a_withdrawn_action_is_not_taken_and_a_taken_one_cannot_be_withdrawn() {
    let (actions, partner_id) = (Actions::default(), PartnerId::new());
    let mut waiting = join_some(&actions, partner_id, 3);
    let (last, _receiver) = waiting.pop().unwrap();
    // The client of the second one is gone.
    waiting.truncate(1);
    assert!(actions.leave(partner_id, last) && !actions.leave(partner_id, last));
    assert!(actions.begin(partner_id).is_some());
    assert_eq!(actions.take(partner_id, u64::MAX).len(), 1);
    assert!(!actions.leave(partner_id, waiting[0].0));
}

#[test]
fn a_group_that_fails_before_it_takes_anything_lets_the_next_one_gather() {
    let (actions, partner_id) = (Actions::default(), PartnerId::new());
    let receivers = join_some(&actions, partner_id, 1);
    assert!(actions.begin(partner_id).is_some());
    actions.end(partner_id, None);
    assert!(actions.begin(partner_id).is_some());
    let taken = bookings(&actions.take(partner_id, u64::MAX));
    assert_eq!(taken.len(), receivers.len());
    actions.end(partner_id, Some(&taken));
    assert!(actions.0.lock().unwrap().by_partner.is_empty(), "nothing is kept of it");
}

#[test]
fn a_group_without_a_connection_takes_only_those_who_waited_when_it_began() {
    let (actions, partner_id) = (Actions::default(), PartnerId::new());
    let ids = [BookingId::new(), BookingId::new()];
    let _early = join(&actions, partner_id, ids[0]);
    let (_, _, next) = actions.begin(partner_id).unwrap();
    let _late = join(&actions, partner_id, ids[1]);
    assert_eq!(bookings(&actions.take(partner_id, next)), [ids[0]]);
    assert!(actions.begin(partner_id).is_some());
    assert_eq!(bookings(&actions.take(partner_id, u64::MAX)), [ids[1]]);
}
