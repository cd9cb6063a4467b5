//! How an action comes to its transaction together with others of its partner: it waits in a queue until a group takes
//! it. A group is a task of its own: that one client leaves must not end the actions of the others.

use std::time::Duration;

use domain::booking::Booking;
use domain::id::{BookingId, PartnerId};
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tracing::{Instrument, Span};

use super::action_queue::{Answer, Waiting};
use super::action_request::Request;
use super::{action_transaction, record};
use crate::Platform;
use crate::error::{AppError, AppResult};
use crate::work::{Tx, Work, shared};

/// Longest wait for a group. Groups take milliseconds; when something else holds the locks of their departures, waiting
/// requests must not fill the process.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Carries out an action of a partner together with others; `None` if it needs a transaction of its own.
///
/// # Errors
/// As [`super::act`]; unavailable when it waits too long for its group.
pub(super) async fn act(request: &Request<'_>, booking_id: BookingId) -> AppResult<Option<Booking>> {
    let (platform, partner_id) = (request.platform, request.partner_id);
    let (answer, mut receiver) = oneshot::channel();
    let waiting = Waiting {
        actor: request.actor.clone(),
        booking_id,
        action: request.action,
        tickets: request.tickets.map(<[_]>::to_vec),
        span: Span::current(),
        answer,
    };
    let number = platform.actions.join(partner_id, waiting);
    begin(platform, partner_id);
    let received = tokio::time::timeout(TIMEOUT, &mut receiver).await;
    let received = match received {
        Ok(received) => received,
        Err(_) if platform.actions.leave(partner_id, number) => {
            return Err(AppError::Unavailable("too many concurrent actions of the partner"));
        }
        // A group has taken it in the meantime.
        Err(_) => receiver.await,
    };
    let received = received.map_err(|_| AppError::Internal("an action ended without a result".to_owned()))??;
    Ok(received.map(|done| {
        // The group ran outside the log span of this request.
        record::note(done.changed.into_iter());
        done.booking
    }))
}

/// Starts a group of a partner, if one may run now.
fn begin(platform: &Platform, partner_id: PartnerId) {
    let Some((traceparent, span, next)) = platform.actions.begin(partner_id) else {
        return;
    };
    let group = run(Lane {
        platform: platform.clone(),
        partner_id,
        next,
        bookings: None,
        has_begun: false,
    });
    // A task begins without a place in a trace: its spans would begin new ones.
    let group = trace::sampling::in_place(traceparent, group);
    tokio::spawn(group.instrument(span));
}

/// A group that runs. When this is dropped, even by a panic, the group ends and the next one can begin.
struct Lane {
    platform: Platform,
    partner_id: PartnerId,
    /// The number of the place after those who waited when it began.
    next: u64,
    /// The bookings that the group acts on, once it has taken its actions.
    bookings: Option<Vec<BookingId>>,
    has_begun: bool,
}

impl Lane {
    /// Takes the actions of the group, with places below `before`; the next one can gather.
    fn take(&mut self, before: u64) -> Vec<Waiting> {
        let group = self.platform.actions.take(self.partner_id, before);
        self.bookings = Some(group.iter().map(|waiting| waiting.booking_id).collect());
        begin(&self.platform, self.partner_id);
        group
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        self.platform.actions.end(self.partner_id, self.bookings.as_deref());
        // A task that is dropped before it runs is dropped by the end of the runtime, as the next one would be.
        if self.has_begun && Handle::try_current().is_ok() {
            begin(&self.platform, self.partner_id);
        }
    }
}

async fn run(mut lane: Lane) {
    lane.has_begun = true;
    let (platform, partner_id) = (lane.platform.clone(), lane.partner_id);
    let work = Work::Own(platform.pool.clone());
    let begun = db::begin_shared(&platform.pool).await;
    // Those who arrive until there is a connection share the transaction, too; but not the failure to get one.
    let before = if begun.is_ok() { u64::MAX } else { lane.next };
    let group = lane.take(before);
    if group.is_empty() {
        return;
    }
    let answers = match begun {
        Ok(tx) => action_transaction::carry_out(&platform, &work, Tx::Own(tx), partner_id, &group).await,
        Err(error) => Err(error),
    };
    drop(lane);
    tell(group, answers);
}

/// Sends each request its answer; an error of the transaction is the answer to all of them.
fn tell(group: Vec<Waiting>, answers: AppResult<Vec<Answer>>) {
    let answers = answers.unwrap_or_else(|error| shared(error, group.len()).into_iter().map(Err).collect());
    for (waiting, answer) in group.into_iter().zip(answers) {
        // What was done for a client that has left stays done.
        drop(waiting.answer.send(answer));
    }
}
