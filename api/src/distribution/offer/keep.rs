//! Responses to searches, stored as long as they are correct.
//!
//! Many searches are the same: those of a partner's visitors, for the next days between large cities. A stored response
//! is sent again while a new one would be the same ([`Market::confirms`]): until a refresh finds a change. A response
//! with tokens is sent again only within the same second, since later tokens would expire later. A search that is never
//! repeated only costs the insertion.

use app::offer::{Market, Search, Validity};
use domain::id::PartnerId;
use kernel::memo::Memo;

use crate::error::ApiError;
use crate::wire::rendered::{TakesGzip, Written};

/// Bytes of responses that a process keeps: some 400 of 20 KB, more than are asked for again within a second.
const KEPT: usize = 8 * 1024 * 1024;

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
    /// False if the next response to the same search will be smaller or cheaper to send, or if this one costs little to
    /// make.
    pub is_final: bool,
}

/// The latest responses.
#[derive(Debug)]
pub struct Answers(Memo<Question, Answer>);

impl Default for Answers {
    fn default() -> Self {
        Self(Memo::new(KEPT))
    }
}

impl Answers {
    /// The response to a question: the stored one if it is still correct, otherwise the one that `make` makes. Counts
    /// the search.
    ///
    /// # Errors
    /// Those of `make`.
    pub fn answer(
        &self,
        market: &Market<'_>,
        question: Question,
        make: impl FnOnce(&Question) -> Result<Answer, ApiError>,
    ) -> Result<Written, ApiError> {
        if let Some(kept) = self.0.get(&question).filter(|kept| market.confirms(&kept.validity)) {
            market.note(kept.offers);
            return Ok(kept.written);
        }
        let answer = make(&question)?;
        market.note(answer.offers);
        if answer.is_final {
            let weight = answer.written.bytes.len() + size_of::<Question>() + size_of::<Answer>();
            self.0.insert(question, answer.clone(), weight);
        }
        Ok(answer.written)
    }
}
