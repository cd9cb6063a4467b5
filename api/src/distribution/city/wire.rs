//! A city as responses show it.

use domain::city;
use domain::id::CityId;
use domain::language::{Country, Language};
use schemars::JsonSchema;
use serde::Serialize;

use crate::wire::value::{Id, Word};

/// A city that buses serve.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct City {
    #[schemars(example = &"cty_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a")]
    id: Id<CityId>,
    /// Name in the requested language.
    #[schemars(example = &"Київ")]
    name: String,
    /// Unique name of the city in URLs.
    #[schemars(example = &"kyiv")]
    slug: String,
    country: Word<Country>,
    /// Time zone (IANA name).
    #[schemars(example = &"Europe/Kyiv")]
    time_zone: String,
}

impl City {
    /// A city of the catalogue in a language.
    #[must_use]
    pub fn new(city: &city::City, language: Language) -> Self {
        Self {
            id: Id(city.id),
            name: city.names.get(language).to_owned(),
            slug: city.slug.to_string(),
            country: Word(city.country),
            time_zone: city.time_zone.to_string(),
        }
    }
}
