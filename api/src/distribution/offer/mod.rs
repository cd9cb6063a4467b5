//! Search: the schedule and offers (contract section 4).

use chrono::NaiveDate;
use common::app::offer::{MAX_OFFERS, Market, Search};
use common::app::published::Published;
use common::domain::language::Language;
use common::domain::timetable::Timetable;
use common::error::{AppError, AppResult, Noun};
use common::id::{CityId, PartnerId};
use common::money::Currency;
use poem_openapi::OpenApi;

use super::Chapter;
use crate::auth::partner::{Caller, Visitor};
use crate::error::ApiError;
use crate::middleware::compression::WORTH_IT;
use crate::middleware::conditional;
use crate::state::{Shared, State};
use crate::wire::gzip;
use crate::wire::param::{
    ArrivalKey, Date, Key, NamesIn, Passengers, PricesIn, RequiredPassengers, Skip, Take, window,
};
use crate::wire::query::{Query, valid};
use crate::wire::rendered::{Rendered, TakesGzip, Written, written};
use crate::wire::reply::{Failure, Refusals};
use crate::wire::value::Word;
use keep::{Answer, Operation, Question};
use wire::{OfferList, Schedule, ScheduleDeparture, Source};

pub mod keep;
pub mod render;
pub mod wire;

/// What a search may refuse.
#[derive(Debug)]
pub enum OfSearch {}

impl Refusals for OfSearch {
    const LIST: &'static [(u16, &'static str)] = &[(404, "`CITY_NOT_FOUND`: one of the cities has no stop on sale.")];
}

/// Operations of search.
#[derive(Debug, Clone, Copy)]
pub struct OfferApi;

#[OpenApi(prefix_path = "/v2/offers", tag = "Chapter::Search")]
impl OfferApi {
    /// Search offers
    ///
    /// Departures of one day that can seat all passengers and have not left, each with a token that buys it. A token
    /// is valid for 20 minutes (`expiresAt`), for this partner, and freezes departure, stops, passengers and price.
    #[oai(path = "/", method = "get", operation_id = "searchOffers")]
    #[expect(clippy::too_many_arguments, reason = "the parameters of the operation")]
    async fn search(
        &self,
        state: Shared<'_>,
        caller: Caller,
        /// City of departure: slug or id.
        #[oai(name = "departureCity")]
        departure_city: Query<Key>,
        /// City of arrival: slug or id.
        #[oai(name = "arrivalCity")]
        arrival_city: Query<ArrivalKey>,
        /// Local calendar day at the city of departure.
        #[oai(name = "departureDate")]
        departure_date: Query<Date>,
        /// How many people travel.
        passengers: Query<RequiredPassengers>,
        /// Currency of the first price.
        currency: Query<PricesIn>,
        /// Language of names, and later of the passengers' messages.
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
        let wanted = Wanted {
            from: &from.0,
            to: &to.0,
            day: date.0,
            passengers: passengers.0,
            currency,
            language,
        };
        let around = ("{\"data\":{\"offers\":[", "],\"source\":\"PrexSell\"}}");
        Ok(offers(&state, Operation::Offers, caller.partner_id, &wanted, around, gzip).await?)
    }

    /// Read the schedule
    ///
    /// Departures of one day between two cities, by departure. Open: with a key each `id` is an offer token that can
    /// be booked, without one it only names the departure.
    #[oai(path = "/schedule", method = "get", operation_id = "getSchedule")]
    #[expect(clippy::too_many_arguments, reason = "the parameters of the operation")]
    async fn schedule(
        &self,
        state: Shared<'_>,
        visitor: Visitor,
        /// Slug of the city of departure.
        #[oai(name = "departureCitySlug")]
        departure_city_slug: Query<Key>,
        /// Slug of the city of arrival.
        #[oai(name = "arrivalCitySlug")]
        arrival_city_slug: Query<ArrivalKey>,
        /// Local calendar day at the city of departure.
        date: Query<Date>,
        /// How many people travel.
        passengers: Query<Passengers>,
        /// Currency of the prices.
        currency: Query<PricesIn>,
        /// Language of the messages, when a token is booked.
        language: Query<NamesIn>,
        /// How many to answer with.
        take: Query<Take>,
        /// How many to leave out first; an empty value counts as 0.
        skip: Query<Skip>,
        gzip: TakesGzip,
    ) -> Result<Rendered<Schedule>, Failure<OfSearch>> {
        let (from, to, date, passengers, PricesIn(currency), NamesIn(language), take, skip) = valid((
            departure_city_slug,
            arrival_city_slug,
            date,
            passengers,
            currency,
            language,
            take,
            skip,
        ))?;
        let published = state.published().await?;
        let search = Search {
            from: city_of_slug(&published, &from.0)?,
            to: city_of_slug(&published, &to.0)?,
            day: date.0,
            passengers: number(passengers.0),
            currency,
            language,
        };
        let partner_id = visitor.0.map(|caller| caller.partner_id);
        let window = window(&take, &skip);
        let question = Question {
            operation: Operation::Schedule,
            partner_id,
            search,
            page: (window.take, window.skip),
            gzip,
        };
        let market = Market::open(&state.platform, &published, partner_id).await?;
        let make = |question: &Question| schedule(&market, &published.timetable, question);
        Ok(state.answers.answer(&market, question, make)?.into())
    }
}

fn schedule(market: &Market<'_>, timetable: &Timetable, question: &Question) -> Result<Answer, ApiError> {
    let offers = market.search(&question.search, question.page)?;
    let schedule = Schedule {
        source: Source::PrexSell,
        total: offers.total,
        currency: Word(question.search.currency),
        passengers: question.search.passengers.into(),
        departures: offers
            .found
            .iter()
            .filter_map(|found| ScheduleDeparture::new(timetable, found))
            .collect(),
    };
    let plain = written(schedule)?;
    // With tokens it is never asked for again by its tag.
    let tag = question.partner_id.is_none().then(|| conditional::tag(&plain));
    let packed = question.gzip.0 && plain.len() >= WORTH_IT;
    let bytes = match packed {
        true => gzip::fast(&plain),
        false => plain.into_boxed_slice().into(),
    };
    Ok(Answer {
        validity: offers.validity,
        offers: offers.found.len(),
        written: Written { bytes, packed, tag },
        is_final: !offers.found.is_empty(),
    })
}

/// What a partner searches for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted<'a> {
    /// City of departure: slug or id.
    pub from: &'a str,
    /// City of arrival: slug or id.
    pub to: &'a str,
    /// Local calendar day at the city of departure.
    pub day: NaiveDate,
    /// How many people travel.
    pub passengers: u32,
    /// Currency of the first price.
    pub currency: Currency,
    /// Language of names and messages.
    pub language: Language,
}

/// The answer to a search, for `/v2` and for `/rest`: its offers, and what each has around them.
pub(crate) async fn offers<T>(
    state: &State,
    operation: Operation,
    partner_id: PartnerId,
    wanted: &Wanted<'_>,
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
    let make = |question: &Question| {
        let offers = market.search(&search, question.page)?;
        let terms = (wanted.currency, wanted.language);
        let count = offers.found.len();
        let written = state.rendering.answer(&published, offers.found, terms, around, gzip)?;
        Ok(Answer {
            validity: offers.validity,
            offers: count,
            is_final: count > 0 && (written.packed || !gzip.0 || written.bytes.len() < WORTH_IT),
            written,
        })
    };
    Ok(state.answers.answer(&market, question, make)?.into())
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

/// The parameter's own bounds keep it this small.
fn number(passengers: u32) -> u8 {
    u8::try_from(passengers).unwrap_or(u8::MAX)
}
