//! Sales to several buyers in one transaction. When many want seats of one bus, each transaction would wait for the
//! commit of the one before; sold together, they share its reads, its lock and its commit.

use std::sync::Arc;

use domain::booking::Booking;
use domain::usage::Counts;
use tokio::sync::oneshot;

use super::purchase::Purchase;
use super::transaction;
use crate::error::{AppError, AppResult};
use crate::published::Published;
use crate::turn::Turn;
use crate::work::{Work, shared};
use crate::{Platform, metrics};

/// Maximum number of buyers in one transaction. It bounds for how long the departure is locked.
pub(super) const MOST: usize = 64;

/// The answer to a buyer: the booking, or `None` if the timetable has changed and the sale must be retried.
type Answer = AppResult<Option<Booking>>;

/// A buyer who waits for a seat of a departure.
#[derive(Debug)]
pub struct Buyer {
    purchase: Arc<Purchase>,
    published: Arc<Published>,
    answer: oneshot::Sender<Answer>,
}

impl Buyer {
    /// A buyer, and where the answer arrives.
    pub(super) fn new(purchase: &Arc<Purchase>, published: &Arc<Published>) -> (Self, oneshot::Receiver<Answer>) {
        let (answer, receiver) = oneshot::channel();
        let buyer = Self {
            purchase: Arc::clone(purchase),
            published: Arc::clone(published),
            answer,
        };
        (buyer, receiver)
    }

    /// Whether a purchase can share a transaction with that of this buyer: their permissions are the same, and so is
    /// the timetable that they were checked against, of which a version can recur with different contents.
    pub(super) fn is_like(&self, purchase: &Purchase, published: &Published) -> bool {
        self.purchase.offer.partner_id == purchase.offer.partner_id && self.published.reading == published.reading
    }

    fn tell(self, answer: Answer) {
        // A buyer who has left does not count the booking, which exists.
        if let Err(Ok(Some(_))) = self.answer.send(answer) {
            metrics::count_booking(Ok(()));
        }
    }
}

/// The result that a buyer received.
pub(super) fn outcome_of(answer: Result<Answer, oneshot::error::RecvError>) -> Answer {
    let answer = answer.map_err(|_| AppError::Internal("a sale ended without a result".to_owned()))??;
    if let Some(booking) = &answer {
        // The sale ran outside the log span of this request.
        let ids: Vec<String> = booking.tickets.iter().map(|ticket| ticket.id.to_string()).collect();
        trace::note("orders", ids.join(" "));
    }
    Ok(answer)
}

/// Sells to buyers who are alike ([`Buyer::is_like`]) and whose turn it is, in as few transactions as possible, and
/// gives each an answer.
pub(super) async fn sell(platform: Platform, mut turn: Turn<Buyer>, mut buyers: Vec<Buyer>) {
    let work = Work::Own(platform.pool.clone());
    while let Some(first) = buyers.first() {
        let published = Arc::clone(&first.published);
        let purchases: Vec<&Purchase> = buyers.iter().map(|buyer| &*buyer.purchase).collect();
        match transaction::sell(&platform, &work, &mut turn, &published, &purchases).await {
            Ok(Some(answers)) => {
                let mut later = Vec::new();
                for (buyer, answer) in buyers.into_iter().zip(answers) {
                    match answer {
                        Some(answer) => {
                            if let Ok(booking) = &answer {
                                let partner_id = buyer.purchase.offer.partner_id;
                                platform.usage.note(partner_id, booking.created_at, Counts::booking());
                            }
                            buyer.tell(answer.map(Some));
                        }
                        None => later.push(buyer),
                    }
                }
                buyers = later;
            }
            Ok(None) => {
                for buyer in std::mem::take(&mut buyers) {
                    buyer.tell(Ok(None));
                }
            }
            Err(error) => {
                let buyers = std::mem::take(&mut buyers);
                let errors = shared(error, buyers.len());
                for (buyer, error) in buyers.into_iter().zip(errors) {
                    buyer.tell(Err(error));
                }
            }
        }
    }
}
