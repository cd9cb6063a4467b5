//! Responses to searches, kept as long as they are correct.
//!
//! Many searches are the same: those of a partner's visitors, for the next days between large cities. A response is
//! sent again while a new one would be the same ([`Market::confirms`]): until a look finds a change, and with tokens
//! only within the same second, for a later answer's tokens would last longer. What is searched for once costs one
//! insertion more.

use app::offer::{Market, Search, Validity};
use domain::id::PartnerId;
use kernel::memo::Memo;

use crate::error::ApiError;
use crate::wire::rendered::{TakesGzip, Written};

/// Bytes of responses that a process keeps: some 1,500 of 20 KB.
const KEPT: usize = 32 * 1024 * 1024;

/// Which operation is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// `GET /v2/offers`.
    Offers,
    /// `GET /v2/offers/schedule`.
    Timetable,
    /// `GET /rest/offers`.
    OldOffers,
}

/// What a response depends on, besides the cached state and the time.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Question {
    /// Which operation.
    pub operation: Operation,
    /// Who asks.
    pub partner_id: Option<PartnerId>,
    /// What for.
    pub search: Search,
    /// How many to answer with, and how many to leave out first.
    pub page: (usize, usize),
    /// In which form.
    pub gzip: TakesGzip,
}

/// An answer, and whether it is worth keeping.
#[derive(Debug, Clone)]
pub struct Answer {
    /// How long it is right.
    pub validity: Validity,
    /// How many offers it has.
    pub offers: usize,
    /// Its body.
    pub written: Written,
    /// False when the same costs less to send the next time, or little to make.
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
    /// The answer to a question: the kept one if it still holds, else the one that `make` makes. The search is counted.
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
