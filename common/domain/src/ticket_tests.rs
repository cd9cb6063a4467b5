use chrono::{DateTime, TimeDelta};
use rstest::rstest;

use super::PaymentStatus::{Booked, Paid, Prepaid, Unpaid};
use super::TicketStatus::{Canceled, Confirmed, NotConfirmed, Processing, Refund, Uncompleted};
use super::{Action, Decision, Event, PaymentStatus, State, TicketStatus, stored};
use crate::payment_window::PAYMENT_WINDOW;

const fn state(status: TicketStatus, payment_status: PaymentStatus) -> State {
    State { status, payment_status }
}

#[rstest]
#[case(state(Processing, Unpaid), [Some((Confirmed, Paid)), Some((Confirmed, Booked)), Some((Canceled, Unpaid))])]
#[case(state(Uncompleted, Unpaid), [Some((Confirmed, Paid)), Some((Confirmed, Booked)), Some((Canceled, Unpaid))])]
#[case(state(Confirmed, Booked), [Some((Confirmed, Paid)), None, Some((Canceled, Booked))])]
#[case(state(Confirmed, Prepaid), [Some((Confirmed, Paid)), Some((Confirmed, Booked)), Some((Canceled, Prepaid))])]
#[case(state(Confirmed, Paid), [None, None, Some((Refund, Paid))])]
#[case(state(Refund, Paid), [None, None, None])]
#[case(state(Canceled, Unpaid), [None, None, None])]
#[case(state(NotConfirmed, Unpaid), [Some((Confirmed, Paid)), Some((Confirmed, Booked)), Some((Canceled, Unpaid))])]
fn follows_the_table_of_the_contract(
    #[case] before: State,
    #[case] expected: [Option<(TicketStatus, PaymentStatus)>; 3],
) {
    let after = [Action::Pay, Action::Book, Action::Cancel].map(|action| {
        before
            .after(action)
            .map(|(state, _)| (state.status, state.payment_status))
    });
    assert_eq!(after, expected);
}

#[test]
fn reads_as_uncompleted_from_the_deadline_on() {
    let created = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
    let deadline = created + PAYMENT_WINDOW;
    assert_eq!(
        State::NEW.at(created, deadline - TimeDelta::milliseconds(1)).status,
        Processing
    );
    assert_eq!(State::NEW.at(created, deadline).status, Uncompleted);
    assert_eq!(state(Confirmed, Booked).at(created, deadline).status, Confirmed);
}

#[rstest]
#[case(state(Processing, Unpaid), [Some((Confirmed, Unpaid)), Some((NotConfirmed, Unpaid)), Some((Confirmed, Prepaid))])]
#[case(state(Confirmed, Unpaid), [None, Some((NotConfirmed, Unpaid)), Some((Confirmed, Prepaid))])]
#[case(state(Confirmed, Booked), [None, Some((NotConfirmed, Booked)), Some((Confirmed, Prepaid))])]
#[case(state(Confirmed, Prepaid), [None, Some((NotConfirmed, Prepaid)), None])]
#[case(state(Confirmed, Paid), [None, None, None])]
#[case(state(NotConfirmed, Unpaid), [None, None, None])]
#[case(state(NotConfirmed, Booked), [None, None, None])]
#[case(state(Uncompleted, Unpaid), [None, None, None])]
#[case(state(Canceled, Booked), [None, None, None])]
#[case(state(Refund, Paid), [None, None, None])]
fn carriers_decide_on_tickets_that_hold_a_seat(
    #[case] before: State,
    #[case] expected: [Option<(TicketStatus, PaymentStatus)>; 3],
) {
    let after = [Decision::Confirm, Decision::Reject, Decision::Prepaid].map(|decision| {
        before
            .decided(decision)
            .map(|(state, _)| (state.status, state.payment_status))
    });
    assert_eq!(after, expected);
}

#[rstest]
#[case(state(Processing, Unpaid), Event::Paid, state(Confirmed, Paid), true)]
#[case(state(Processing, Unpaid), Event::Uncompleted, state(Uncompleted, Unpaid), true)]
#[case(state(Uncompleted, Unpaid), Event::Booked, state(Confirmed, Booked), true)]
#[case(state(Confirmed, Prepaid), Event::Moved, state(Confirmed, Prepaid), true)]
#[case(state(Confirmed, Paid), Event::Resent, state(Confirmed, Paid), true)]
#[case(state(Processing, Unpaid), Event::Canceled, state(Refund, Paid), false)]
#[case(state(Processing, Unpaid), Event::Resent, state(Confirmed, Paid), false)]
#[case(state(Confirmed, Paid), Event::Uncompleted, state(Uncompleted, Unpaid), false)]
#[case(state(Confirmed, Paid), Event::Paid, state(Confirmed, Paid), false)]
#[case(state(Processing, Unpaid), Event::Created, state(Processing, Unpaid), false)]
fn a_line_of_history_follows_another_one_if_an_action_leads_there(
    #[case] before: State,
    #[case] event: Event,
    #[case] after: State,
    #[case] expected: bool,
) {
    assert_eq!(State::steps().contains(&(before, event, after)), expected);
}

/// For any stored state, and on either side of the deadline: a search finds it under the words it reads as, once, and
/// under no others.
#[test]
fn a_search_finds_what_reads_like_it() {
    let created = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
    let all = |words: &[TicketStatus]| words.iter().copied().map(Some).chain([None]).collect::<Vec<_>>();
    let payments: Vec<_> = PaymentStatus::ALL.iter().copied().map(Some).chain([None]).collect();
    for (status, payment_status) in TicketStatus::ALL
        .iter()
        .flat_map(|status| PaymentStatus::ALL.iter().map(move |payment| (*status, *payment)))
    {
        let ticket = state(status, payment_status);
        for now in [created, created + PAYMENT_WINDOW] {
            let reads = ticket.at(created, now);
            for asked in all(TicketStatus::ALL) {
                for asked_payment in &payments {
                    let finds = stored(asked, *asked_payment)
                        .iter()
                        .filter(|stored| stored.state == ticket)
                        .filter(|stored| {
                            stored
                                .overdue
                                .is_none_or(|overdue| overdue == (created + PAYMENT_WINDOW <= now))
                        })
                        .count();
                    let fits = asked.is_none_or(|status| status == reads.status)
                        && asked_payment.is_none_or(|payment| payment == reads.payment_status);
                    assert_eq!(
                        finds,
                        usize::from(fits),
                        "{ticket:?} {asked:?} {asked_payment:?} at {now}"
                    );
                }
            }
        }
    }
}
