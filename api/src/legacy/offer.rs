//! Search in the old API.

use poem_openapi::OpenApi;

use super::Chapter;
use super::refusal::Search;
use super::window::{OldCaller, SearchOffers};
use super::wire::OfferResults;
use crate::distribution::offer::keep::Operation;
use crate::distribution::offer::{Kept, SearchRequest, offers};
use crate::state::Shared;
use crate::wire::param::{ArrivalKey, Date, Key, NamesIn, PricesIn, RequiredPassengers};
use crate::wire::query::{Query, valid};
use crate::wire::rendered::{Rendered, TakesGzip};
use crate::wire::reply::Failure;

/// Old operations of search.
#[derive(Debug, Clone, Copy)]
pub struct OldOfferApi;

#[OpenApi(prefix_path = "/rest/offers", tag = "Chapter::Legacy")]
impl OldOfferApi {
    /// Search offers (legacy)
    ///
    /// Use `GET /v2/offers` instead. There, `passengersQty` is called `passengers`, and `results` is called `offers`.
    #[oai(path = "/", method = "get", operation_id = "oldSearchOffers", deprecated)]
    #[expect(clippy::too_many_arguments, reason = "the parameters of the operation")]
    pub(crate) async fn search(
        &self,
        caller: OldCaller<SearchOffers>,
        state: Shared<'_>,
        kept: Kept<'_>,
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
        #[oai(name = "passengersQty")]
        passengers_qty: Query<RequiredPassengers>,
        /// Currency of the first price of each offer.
        currency: Query<PricesIn>,
        /// Language of names, and of the messages that passengers receive after booking.
        language: Query<NamesIn>,
        gzip: TakesGzip,
    ) -> Result<Rendered<OfferResults>, Failure<Search>> {
        let (from, to, date, passengers, PricesIn(currency), NamesIn(language)) = valid((
            departure_city,
            arrival_city,
            departure_date,
            passengers_qty,
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
        let around = ("{\"data\":{\"source\":\"PrexSell\",\"results\":[", "]}}");
        Ok(offers(
            &state,
            &kept,
            (Operation::OldOffers, caller.partner_id),
            &wanted,
            around,
            gzip,
        )
        .await?)
    }
}
