//! The schedule: the departures of one day between two cities.

use app::offer::{Market, Search};
use domain::timetable::Timetable;
use poem_openapi::OpenApi;

use super::keep::{Answer, Operation, Question};
use super::wire::{DayDepartures, ScheduleDeparture, Source};
use super::{Kept, OfSearch, city_of_slug, number};
use crate::auth::partner::Visitor;
use crate::distribution::Chapter;
use crate::error::ApiError;
use crate::state::Shared;
use crate::wire::coding::WORTH_IT;
use crate::wire::param::{ArrivalKey, Date, Key, NamesIn, Passengers, PricesIn, Skip, Take, window};
use crate::wire::query::{Query, valid};
use crate::wire::rendered::{Rendered, TakesGzip, Written, written};
use crate::wire::reply::Failure;
use crate::wire::value::Word;
use crate::wire::{etag, gzip};

/// The schedule. (The operations on schedules of the clock are in `crate::ops::schedule`.)
#[derive(Debug, Clone, Copy)]
pub struct DayScheduleApi;

#[OpenApi(prefix_path = "/v2/offers", tag = "Chapter::Search")]
impl DayScheduleApi {
    /// Get the schedule
    ///
    /// Returns the departures of one day between two cities, sorted by departure time. No API key is required. With a
    /// key, each `id` is an offer token that can be booked. Without a key, it only identifies the departure.
    #[oai(path = "/schedule", method = "get", operation_id = "getSchedule")]
    #[expect(clippy::too_many_arguments, reason = "the parameters of the operation")]
    pub(crate) async fn get(
        &self,
        state: Shared<'_>,
        kept: Kept<'_>,
        visitor: Visitor,
        /// Slug of the departure city.
        #[oai(name = "departureCitySlug")]
        departure_city_slug: Query<Key>,
        /// Slug of the arrival city.
        #[oai(name = "arrivalCitySlug")]
        arrival_city_slug: Query<ArrivalKey>,
        /// Day of departure, in the time zone of the departure city.
        date: Query<Date>,
        /// Number of passengers.
        passengers: Query<Passengers>,
        /// Currency of the prices.
        currency: Query<PricesIn>,
        /// Language of the messages that passengers receive after an offer token is booked.
        language: Query<NamesIn>,
        /// Page size.
        take: Query<Take>,
        /// Number of items to skip; an empty value counts as 0.
        skip: Query<Skip>,
        gzip: TakesGzip,
    ) -> Result<Rendered<DayDepartures>, Failure<OfSearch>> {
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
            operation: Operation::Timetable,
            partner_id,
            search,
            page: (window.take, window.skip),
            gzip,
        };
        let market = Market::open(&state.platform, &published, partner_id).await?;
        let make = || schedule(&market, &published.timetable, &question);
        let written = kept.answers.answer(&state.assembly, &market, &question, make).await?;
        Ok(written.into())
    }
}

fn schedule(market: &Market<'_>, timetable: &Timetable, question: &Question) -> Result<Answer, ApiError> {
    let offers = market.search(&question.search, question.page)?;
    let schedule = DayDepartures {
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
    // A response with tokens is never revalidated, so it needs no tag.
    let tag = question.partner_id.is_none().then(|| etag::of(&plain));
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
