//! Responses to searches, stored as long as they are correct.
//!
//! Many searches are the same: those of a partner's visitors, for the next days between large cities. A stored response
//! is sent again while a new one would be the same ([`Market::confirms`]): until a refresh finds a change. A response
//! with tokens is sent again only within the same second, since later tokens would expire later. A search that is never
//! repeated only costs the insertion.
//!
//! A response that is not stored is assembled when its turn comes ([`crate::assembly`]). Equal searches that begin in
//! the same moment wait for one response, and together take one place in that queue.

use app::offer::{Market, Moment, Search, Validity};
use domain::id::PartnerId;
use kernel::memo::Memo;

use super::single_flight::SingleFlight;
use crate::assembly::AssemblyQueue;
use crate::error::ApiError;
use crate::wire::rendered::{TakesGzip, Written};

/// Maximum number of bytes of stored responses: some 200 responses of 20 KB. One with tokens is used for a second at
/// most, so more would rarely be used.
const KEPT: usize = 4 * 1024 * 1024;

/// The operation that the response is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// `GET /v2/offers`.
    Offers,
    /// `GET /v2/offers/schedule`.
    Timetable,
    /// `GET /rest/offers`.
    OldOffers,
}

/// Everything that a response depends on, except the cached state and the time.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Question {
    /// The operation.
    pub operation: Operation,
    /// The partner, if a key was sent.
    pub partner_id: Option<PartnerId>,
    /// The search.
    pub search: Search,
    /// The number of offers to return, and the number to skip before them.
    pub page: (usize, usize),
    /// Whether the client accepts gzip.
    pub gzip: TakesGzip,
}

/// A response, and whether it is worth storing.
#[derive(Debug, Clone)]
pub struct Answer {
    /// How long it is correct.
    pub validity: Validity,
    /// The number of its offers.
    pub offers: usize,
    /// Its body.
    pub written: Written,
    /// False if the next response to the same search will be smaller, or if this one costs little to make.
    pub is_final: bool,
}

/// The latest responses.
#[derive(Debug)]
pub struct Answers {
    stored: Memo<Question, Answer>,
    /// Those that are being assembled.
    pending: SingleFlight<(Question, Moment), Answer>,
}

impl Default for Answers {
    fn default() -> Self {
        Self {
            stored: Memo::new(KEPT),
            pending: SingleFlight::default(),
        }
    }
}

impl Answers {
    /// The response to a question: the stored one if it is still correct, otherwise the one that `make` makes when its
    /// turn comes. Counts the search.
    ///
    /// # Errors
    /// Those of `make`, and when too many searches wait in `queue`.
    pub async fn answer(
        &self,
        queue: &AssemblyQueue,
        market: &Market<'_>,
        question: &Question,
        make: impl Fn() -> Result<Answer, ApiError>,
    ) -> Result<Written, ApiError> {
        let stored = self.stored.get(question);
        let answer = match stored.filter(|stored| market.confirms(&stored.validity)) {
            Some(stored) => stored,
            // In a box, so that a request that is answered from memory does not take the memory of one that waits.
            None => Box::pin(self.assembled(queue, market, question, make)).await?,
        };
        market.note(answer.offers);
        Ok(answer.written)
    }

    async fn assembled(
        &self,
        queue: &AssemblyQueue,
        market: &Market<'_>,
        question: &Question,
        make: impl Fn() -> Result<Answer, ApiError>,
    ) -> Result<Answer, ApiError> {
        let _present = queue.enter();
        // If a ticket expired or a departure closed in this second, the searches before and after that instant need two
        // responses. Those that get the response for the others wait together for a second one.
        for _ in 0..2 {
            let member = self.pending.join((question.clone(), market.moment()));
            let own = queue.assemble(|| {
                let answer = make()?;
                self.store(market, question, &answer);
                Ok(answer)
            });
            let answer = member.result(own).await?;
            if market.confirms(&answer.validity) {
                return Ok(answer);
            }
        }
        // There were several such instants.
        queue.assemble(make).await
    }

    fn store(&self, market: &Market<'_>, question: &Question, answer: &Answer) {
        if answer.is_final && market.is_latest() {
            let weight = answer.written.bytes.len() + size_of::<Question>() + size_of::<Answer>();
            self.stored.insert(question.clone(), answer.clone(), weight);
        }
    }
}
