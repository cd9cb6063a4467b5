//! Cities (contract section 3).

use app::error::{AppError, Noun};
use domain::catalogue::CityFilter;
use domain::language::Country;
use poem_openapi::OpenApi;
use schemars::JsonSchema;
use serde::Serialize;

use super::Chapter;
use crate::auth::partner::Visitor;
use crate::state::Shared;
use crate::wire::param::{NamesIn, Search, Skip, Take, window};
use crate::wire::path::{Path, Slug};
use crate::wire::query::{Query, valid};
use crate::wire::rendered::{Rendered, TakesGzip};
use crate::wire::reply::{Answer, Failure, Refusals, Reply};
use crate::wire::value::Word;
use wire::City;

pub mod wire;

/// A page of cities.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CityList {
    #[schemars(length(max = 100))]
    cities: Vec<City>,
    /// Total number of cities, regardless of `take` and `skip`.
    #[schemars(example = 25)]
    total: usize,
}

/// A single city.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OneCity {
    city: City,
}

/// Refusals of the operations on one city.
#[derive(Debug)]
pub enum OfCity {}

impl Refusals for OfCity {
    const LIST: &'static [(u16, &'static str)] = &[(404, "`CITY_NOT_FOUND`: no city with this slug is on sale.")];
}

/// Operations on cities.
#[derive(Debug, Clone, Copy)]
pub struct CityApi;

#[OpenApi(prefix_path = "/v2/cities", tag = "Chapter::Catalogue")]
impl CityApi {
    /// List cities
    ///
    /// Returns the cities that have a stop on sale, sorted by name in the requested language.
    #[oai(path = "/", method = "get", operation_id = "listCities")]
    #[expect(clippy::too_many_arguments, reason = "the parameters of the operation")]
    pub(crate) async fn list(
        &self,
        state: Shared<'_>,
        _visitor: Visitor,
        /// Part of the name, in any language. Case and accents are ignored.
        search: Query<Option<Search>>,
        /// Only cities in this country.
        country: Query<Option<Word<Country>>>,
        /// Language of names. A missing name falls back to `UK`, then `EN`, then the stored name.
        language: Query<NamesIn>,
        /// Page size.
        take: Query<Take>,
        /// Number of items to skip; an empty value counts as 0.
        skip: Query<Skip>,
        gzip: TakesGzip,
    ) -> Result<Rendered<CityList>, Failure<()>> {
        let (search, country, NamesIn(language), take, skip) = valid((search, country, language, take, skip))?;
        let filter = CityFilter {
            search: search.as_ref().map(|search| search.0.as_str()),
            country: country.map(|country| country.0),
        };
        let published = state.published().await?;
        let (window, country) = (window(&take, &skip), country.map(|Word(country)| country.to_string()));
        let key = format!("cities {language} {country:?} {window:?} {search:?}");
        let list = || {
            let page = published.catalogue.cities(filter, language, window);
            CityList {
                cities: page.items.into_iter().map(|city| City::new(city, language)).collect(),
                total: page.total,
            }
        };
        Ok(state.bodies.body(published.reading, key, gzip, list)?)
    }

    /// Get a city
    ///
    /// Returns a city that has a stop on sale, with its name in the requested language.
    #[oai(path = "/:slug", method = "get", operation_id = "getCity")]
    pub(crate) async fn get(
        &self,
        state: Shared<'_>,
        _visitor: Visitor,
        /// Slug of the city, such as `kyiv`.
        slug: Path<Slug>,
        /// Language of names. A missing name falls back to `UK`, then `EN`, then the stored name.
        language: Query<NamesIn>,
    ) -> Answer<OneCity, OfCity> {
        let (NamesIn(language),) = valid((language,))?;
        let published = state.published().await?;
        let city = published
            .catalogue
            .city_by_slug(&slug.0.0)
            .ok_or(AppError::NotFound(Noun::City))?;
        Ok(Reply::new(OneCity {
            city: City::new(city, language),
        }))
    }
}
