//! Stops (contract section 3).

use app::error::{AppError, Noun};
use domain::catalogue::{Page, StopFilter};
use domain::id::{CityId, StopId};
use domain::language::{Country, Language};
use domain::stop;
use poem_openapi::OpenApi;
use schemars::JsonSchema;
use serde::Serialize;

use super::Chapter;
use super::city::OfCity;
use super::city::wire::City;
use crate::auth::partner::Visitor;
use crate::state::Shared;
use crate::wire::param::{CityKey, Skip, Take, window};
use crate::wire::path::{Path, Slug};
use crate::wire::query::{Query, valid};
use crate::wire::rendered::{Rendered, TakesGzip};
use crate::wire::reply::{Answer, Failure, Refusals, Reply};
use crate::wire::value::{Id, Word};

/// The contract defines no language for stops: they have their names in the default language.
const LANGUAGE: Language = Language::Uk;

/// A place where buses stop.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Stop {
    #[schemars(example = &"stp_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a")]
    id: Id<StopId>,
    #[schemars(example = &"Автостанція «Київ»")]
    name: String,
    #[schemars(example = &"вул. Симона Петлюри, 32")]
    address: Option<String>,
    #[schemars(example = &"4")]
    platform: Option<String>,
    /// Latitude in degrees (WGS 84); north is positive.
    #[schemars(example = 50.4406)]
    latitude: f64,
    /// Longitude in degrees (WGS 84); east is positive.
    #[schemars(example = 30.4894)]
    longitude: f64,
    city: City,
}

impl Stop {
    fn new(stop: &stop::Stop) -> Self {
        Self {
            id: Id(stop.id),
            name: stop.names.get(LANGUAGE).to_owned(),
            address: stop.address.as_deref().map(str::to_owned),
            platform: stop.platform.as_deref().map(str::to_owned),
            latitude: stop.latitude,
            longitude: stop.longitude,
            city: City::new(&stop.city, LANGUAGE),
        }
    }
}

/// A page of stops.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StopList {
    #[schemars(length(max = 100))]
    stops: Vec<Stop>,
    /// Total number of stops, regardless of `take` and `skip`.
    #[schemars(example = 3)]
    total: usize,
}

impl StopList {
    /// A page of the catalogue.
    #[must_use]
    pub fn new(page: Page<&stop::Stop>) -> Self {
        let stops = page.items.into_iter().map(Stop::new).collect();
        Self {
            stops,
            total: page.total,
        }
    }
}

/// A single stop.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OneStop {
    stop: Stop,
}

/// Refusals of the operations on one stop.
#[derive(Debug)]
pub enum OfStop {}

impl Refusals for OfStop {
    const LIST: &'static [(u16, &'static str)] = &[(404, "`STOP_NOT_FOUND`: no stop with this id is on sale.")];
}

/// Operations on stops.
#[derive(Debug, Clone, Copy)]
pub struct StopApi;

#[OpenApi(prefix_path = "/v2", tag = "Chapter::Catalogue")]
impl StopApi {
    /// List stops
    ///
    /// Returns the stops that are on sale, sorted by name.
    #[oai(path = "/stops", method = "get", operation_id = "listStops")]
    #[expect(clippy::too_many_arguments, reason = "the parameters of the operation")]
    pub(crate) async fn list(
        &self,
        state: Shared<'_>,
        _visitor: Visitor,
        /// Only stops in this city. If the id is unknown, the list is empty.
        #[oai(name = "cityId")]
        city_id: Query<Option<CityKey>>,
        /// Only stops in this country.
        country: Query<Option<Word<Country>>>,
        /// Page size.
        take: Query<Take>,
        /// Number of items to skip; an empty value counts as 0.
        skip: Query<Skip>,
        gzip: TakesGzip,
    ) -> Result<Rendered<StopList>, Failure<()>> {
        let (city_id, country, take, skip) = valid((city_id, country, take, skip))?;
        let country = country.map(|country| country.0);
        // No city has a malformed id.
        let known = city_id.map(|id| id.0.parse::<CityId>()).transpose();
        let published = state.published().await?;
        let window = window(&take, &skip);
        let (named, within) = (format!("{known:?}"), country.map(|country| country.to_string()));
        let list = || match known {
            Ok(city_id) => StopList::new(published.catalogue.stops(StopFilter { city_id, country }, window)),
            Err(_) => StopList {
                stops: Vec::new(),
                total: 0,
            },
        };
        let key = format!("stops {named} {within:?} {window:?}");
        Ok(state.bodies.body(published.reading, key, gzip, list)?)
    }

    /// Get a stop
    ///
    /// Returns a stop that is on sale, with its city.
    #[oai(path = "/stops/:id", method = "get", operation_id = "getStop")]
    pub(crate) async fn get(
        &self,
        state: Shared<'_>,
        _visitor: Visitor,
        /// Id of the stop.
        id: Path<StopId>,
    ) -> Answer<OneStop, OfStop> {
        let published = state.published().await?;
        let stop = published.catalogue.stop(id.0).ok_or(AppError::NotFound(Noun::Stop))?;
        Ok(Reply::new(OneStop { stop: Stop::new(stop) }))
    }

    /// List the stops of a city
    ///
    /// Returns the stops of the city that are on sale, sorted by name.
    #[oai(path = "/cities/:slug/stops", method = "get", operation_id = "listCityStops")]
    pub(crate) async fn of_city(
        &self,
        state: Shared<'_>,
        _visitor: Visitor,
        /// Slug of the city, such as `kyiv`.
        slug: Path<Slug>,
        /// Page size.
        take: Query<Take>,
        /// Number of items to skip; an empty value counts as 0.
        skip: Query<Skip>,
        gzip: TakesGzip,
    ) -> Result<Rendered<StopList>, Failure<OfCity>> {
        let (take, skip) = valid((take, skip))?;
        let published = state.published().await?;
        let city = published
            .catalogue
            .city_by_slug(&slug.0.0)
            .ok_or(AppError::NotFound(Noun::City))?;
        let filter = StopFilter {
            city_id: Some(city.id),
            country: None,
        };
        let window = window(&take, &skip);
        let key = format!("stops of {} {window:?}", city.id);
        let list = || StopList::new(published.catalogue.stops(filter, window));
        Ok(state.bodies.body(published.reading, key, gzip, list)?)
    }
}
