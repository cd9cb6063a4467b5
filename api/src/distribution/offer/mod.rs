//! Search for offers (contract section 4). The schedule is in [`schedule`].

use std::sync::Arc;

use app::error::{AppError, AppResult, Noun};
use app::offer::{MAX_OFFERS, Market, Search};
use app::published::Published;
use chrono::NaiveDate;
use domain::id::{CityId, PartnerId};
use domain::language::Language;
use domain::money::Currency;
use poem_openapi::OpenApi;

use super::Chapter;
use crate::auth::partner::Caller;
use crate::error::ApiError;
use crate::state::{Shared, State};
use crate::wire::coding::WORTH_IT;
use crate::wire::param::{ArrivalKey, Date, Key, NamesIn, PricesIn, RequiredPassengers};
use crate::wire::query::{Query, valid};
use crate::wire::rendered::{Rendered, TakesGzip};
use crate::wire::reply::{Failure, Refusals};
use keep::{Answer, Answers, Operation, Question};
use render::Rendering;
use wire::OfferList;

pub mod keep;
pub mod render;
pub mod schedule;
mod single_flight;
pub mod wire;

/// What a process keeps of the searches that it answered.
#[derive(Debug, Default)]
pub struct Searches {
    /// Stored responses that are still valid.
    answers: Answers,
    /// Offers that were rendered.
    rendering: Rendering,
}

/// The same as a handler's argument.
pub type Kept<'a> = poem::web::Data<&'a Arc<Searches>>;

/// Refusals of a search.
#[derive(Debug)]
pub enum OfSearch {}

impl Refusals for OfSearch {
    const LIST: &'static [(u16, &'static str)] = &[(404, "`CITY_NOT_FOUND`: one of the cities has no stop on sale.")];
}

/// Search operations.
#[derive(Debug, Clone, Copy)]
pub struct OfferApi;

#[OpenApi(prefix_path = "/v2/offers", tag = "Chapter::Search")]
impl OfferApi {
    /// Search offers
    ///
    /// Returns the departures of one day that have seats for all passengers and have not left. The `id` of each offer
    /// is a token that books it. The token is valid only for this partner and for 20 minutes (until `expiresAt`). It
    /// fixes the departure, the stops, the number of passengers and the price.
    #[oai(path = "/", method = "get", operation_id = "searchOffers")]
    #[expect(clippy::too_many_arguments, reason = "the parameters of the operation")]
    pub(crate) async fn search(
        &self,
        state: Shared<'_>,
        kept: Kept<'_>,
        caller: Caller,
        /// Departure city: slug or id.
        #[oai(name = "departureCity")]
        departure_city: Query<Key>,
        /// Arrival city: slug or id.
        #[oai(name = "arrivalCity")]
        arrival_city: Query<ArrivalKey>,
        /// Day of departure, in the time zone of the departure city.
        #[oai(name = "departureDate")]
        departure_date: Query<Date>,
        /// Number of passengers.
        passengers: Query<RequiredPassengers>,
        /// Currency of the first price of each offer.
        currency: Query<PricesIn>,
        /// Language of names, and of the messages that passengers receive after booking.
        language: Query<NamesIn>,
        gzip: TakesGzip,
    ) -> Result<Rendered<OfferList>, Failure<OfSearch>> {
        let (from, to, date, passengers, PricesIn(currency), NamesIn(language)) = valid((
            departure_city,
            arrival_city,
            departure_date,
            passengers,
            currency,
            language,
        ))?;
        let wanted = SearchRequest {
            from: &from.0,
            to: &to.0,
            day: date.0,
            passengers: passengers.0,
            currency,
            language,
        };
        let around = ("{\"data\":{\"offers\":[", "],\"source\":\"PrexSell\"}}");
        Ok(offers(
            &state,
            &kept,
            (Operation::Offers, caller.partner_id),
            &wanted,
            around,
            gzip,
        )
        .await?)
    }
}

/// What a partner searches for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SearchRequest<'a> {
    /// Departure city: slug or id.
    pub from: &'a str,
    /// Arrival city: slug or id.
    pub to: &'a str,
    /// Day of departure, in the time zone of the departure city.
    pub day: NaiveDate,
    /// Number of passengers.
    pub passengers: u32,
    /// Currency of the first price of each offer.
    pub currency: Currency,
    /// Language of names and messages.
    pub language: Language,
}

/// The response to a search, for `/v2` and for `/rest`. `around` is the text before and after the offers.
pub(crate) async fn offers<T>(
    state: &State,
    kept: &Searches,
    (operation, partner_id): (Operation, PartnerId),
    wanted: &SearchRequest<'_>,
    around: (&str, &str),
    gzip: TakesGzip,
) -> Result<Rendered<T>, ApiError> {
    let published = state.published().await?;
    let search = Search {
        from: city(&published, wanted.from)?,
        to: city(&published, wanted.to)?,
        day: wanted.day,
        passengers: number(wanted.passengers),
        currency: wanted.currency,
        language: wanted.language,
    };
    let question = Question {
        operation,
        partner_id: Some(partner_id),
        search,
        page: (MAX_OFFERS, 0),
        gzip,
    };
    let market = Market::open(&state.platform, &published, Some(partner_id)).await?;
    let make = || {
        let offers = market.search(&question.search, question.page)?;
        let terms = (question.search.currency, question.search.language);
        let count = offers.found.len();
        let written = kept.rendering.answer(&published, offers.found, terms, around, gzip)?;
        Ok(Answer {
            validity: offers.validity,
            offers: count,
            is_final: count > 0 && (written.packed || !gzip.0 || written.bytes.len() < WORTH_IT),
            // Here, since it takes CPU as well: the layer around the handlers would do it outside of the turn.
            written: written.compressed(gzip),
        })
    };
    let written = kept.answers.answer(&state.assembly, &market, &question, make).await?;
    Ok(written.into())
}

fn city_of_slug(published: &Published, slug: &str) -> AppResult<CityId> {
    published
        .catalogue
        .city_by_slug(slug)
        .map(|city| city.id)
        .ok_or(AppError::NotFound(Noun::City))
}

fn city(published: &Published, key: &str) -> AppResult<CityId> {
    let by_id = || published.catalogue.city(key.parse().ok()?).map(|city| city.id);
    city_of_slug(published, key).or_else(|error| by_id().ok_or(error))
}

/// The parameter is bounded, so the number fits.
fn number(passengers: u32) -> u8 {
    u8::try_from(passengers).unwrap_or(u8::MAX)
}
