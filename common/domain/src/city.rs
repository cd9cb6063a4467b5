//! Cities: what a search is between, and the names of things in five languages.

use super::language::{Country, Language};
use super::zone::Zone;
use crate::id::CityId;

/// A name in some of the five languages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names {
    stored: Box<str>,
    translations: Box<[(Language, Box<str>)]>,
}

impl Names {
    /// The stored name and its translations.
    #[must_use]
    pub fn new(stored: &str, translations: impl IntoIterator<Item = (Language, String)>) -> Self {
        let translations = translations
            .into_iter()
            .map(|(language, name)| (language, name.into()))
            .collect();
        Self {
            stored: stored.into(),
            translations,
        }
    }

    /// The name in `language`, else in Ukrainian, else in English, else as stored (contract section 2).
    #[must_use]
    pub fn get(&self, language: Language) -> &str {
        [language, Language::Uk, Language::En]
            .into_iter()
            .find_map(|wanted| self.translations.iter().find(|(language, _)| *language == wanted))
            .map_or(&*self.stored, |(_, name)| name)
    }

    /// Every form of the name, for searching.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&*self.stored).chain(self.translations.iter().map(|(_, name)| &**name))
    }
}

/// A city of the catalogue.
#[derive(Debug, Clone, PartialEq)]
pub struct City {
    /// Its id.
    pub id: CityId,
    /// Its unique name in URLs.
    pub slug: Box<str>,
    /// Its names.
    pub names: Names,
    /// Other names that people search for: native, historic and foreign ones. They are never shown.
    pub aliases: Box<[Box<str>]>,
    /// Its country.
    pub country: Country,
    /// IANA name of its time zone.
    pub time_zone: Box<str>,
    /// The zone itself: every wall clock shown for a stop of the city is in it.
    pub zone: Zone,
}
