//! The catalogue that partners browse: cities with a stop on sale and their stops (contract section 3).
//!
//! Built once per published state and read by every request: names are folded, orders are sorted and look-ups are
//! indexed here, so that reading allocates nothing but the page. It is read by `db::published`.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::city::City;
use crate::fold::{fold, sort_key};
use crate::id::{CityId, StopId};
use crate::language::{Country, Language};
use crate::stop::Stop;
use search_text::{Match, SearchText};

mod search_text;

/// Which cities are requested.
#[derive(Debug, Clone, Copy, Default)]
pub struct CityFilter<'a> {
    /// Part of a name in any language; case and accents do not matter.
    pub search: Option<&'a str>,
    /// Only this country.
    pub country: Option<Country>,
}

/// Which stops are requested.
#[derive(Debug, Clone, Copy, Default)]
pub struct StopFilter {
    /// Only this city.
    pub city_id: Option<CityId>,
    /// Only this country.
    pub country: Option<Country>,
}

/// The requested part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Page size.
    pub take: usize,
    /// Number of entries to skip.
    pub skip: usize,
}

/// Part of a list, and the size of the whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The part.
    pub items: Vec<T>,
    /// How many there are without the window.
    pub total: usize,
}

impl<T> Page<T> {
    /// The window of everything that `items` yields.
    pub fn of(items: impl Iterator<Item = T>, window: Window) -> Self {
        let mut page = Self {
            items: Vec::new(),
            total: 0,
        };
        for item in items {
            if page.total >= window.skip && page.items.len() < window.take {
                page.items.push(item);
            }
            page.total += 1;
        }
        page
    }
}

/// Cities and stops, indexed.
#[derive(Debug, Default)]
pub struct Catalogue {
    cities: Vec<Arc<City>>,
    stops: Vec<Arc<Stop>>,
    city_by_id: HashMap<CityId, u32>,
    city_by_slug: HashMap<Box<str>, u32>,
    stop_by_id: HashMap<StopId, u32>,
    /// Per language, positions of `cities` by name.
    city_order: Vec<Vec<u32>>,
    /// Names, searched for any part of them.
    names: SearchText,
    /// Aliases, searched for the beginnings of their words only: there are many, in many languages.
    aliases: SearchText,
}

impl Catalogue {
    /// Indexes stops and their cities.
    #[must_use]
    pub fn new(mut stops: Vec<Arc<Stop>>) -> Self {
        let mut seen = HashSet::new();
        let mut cities: Vec<Arc<City>> = Vec::new();
        for stop in &stops {
            if seen.insert(stop.city.id) {
                cities.push(Arc::clone(&stop.city));
            }
        }
        cities.sort_by_key(|city| city.id);
        stops.sort_by_cached_key(|stop| (sort_key(stop.names.get(Language::Uk)), stop.id));

        let aliases = |city: &Arc<City>| city.aliases.iter().map(|alias| fold(alias)).collect();
        Self {
            city_by_id: index(&cities, |city| city.id),
            city_by_slug: index(&cities, |city| city.slug.clone()),
            stop_by_id: index(&stops, |stop| stop.id),
            city_order: Language::ALL.iter().map(|language| order(&cities, *language)).collect(),
            names: SearchText::new(cities.iter().map(|city| city.names.all().map(fold).collect())),
            aliases: SearchText::new(cities.iter().map(aliases)),
            cities,
            stops,
        }
    }

    /// Cities by name in `language`, then by id.
    #[must_use]
    pub fn cities(&self, filter: CityFilter<'_>, language: Language, window: Window) -> Page<&City> {
        let found = filter.search.map(|search| self.named_like(search));
        let order = self.city_order.get(language as usize).into_iter().flatten();
        let matching = order
            .filter(|at| found.as_ref().is_none_or(|found| found[**at as usize]))
            .filter_map(|at| self.cities.get(*at as usize).map(Arc::as_ref))
            .filter(|city| filter.country.is_none_or(|country| city.country == country));
        Page::of(matching, window)
    }

    /// Per city, whether one of its names matches `search`. A search that folds to nothing finds nothing.
    fn named_like(&self, search: &str) -> Vec<bool> {
        let mut found = vec![false; self.cities.len()];
        let needle = fold(search);
        if !needle.is_empty() {
            self.names.mark(&needle, Match::Anywhere, &mut found);
            self.aliases.mark(&needle, Match::WordStart, &mut found);
        }
        found
    }

    /// Stops by name (Ukrainian, else English, else stored), then by id.
    #[must_use]
    pub fn stops(&self, filter: StopFilter, window: Window) -> Page<&Stop> {
        let matching = self
            .stops
            .iter()
            .map(Arc::as_ref)
            .filter(|stop| filter.city_id.is_none_or(|city_id| stop.city.id == city_id))
            .filter(|stop| filter.country.is_none_or(|country| stop.city.country == country));
        Page::of(matching, window)
    }

    /// The city of an id.
    #[must_use]
    pub fn city(&self, id: CityId) -> Option<&City> {
        self.cities.get(*self.city_by_id.get(&id)? as usize).map(Arc::as_ref)
    }

    /// The city of a slug.
    #[must_use]
    pub fn city_by_slug(&self, slug: &str) -> Option<&City> {
        self.cities.get(*self.city_by_slug.get(slug)? as usize).map(Arc::as_ref)
    }

    /// The stop of an id.
    #[must_use]
    pub fn stop(&self, id: StopId) -> Option<&Stop> {
        self.stops.get(*self.stop_by_id.get(&id)? as usize).map(Arc::as_ref)
    }
}

fn index<T, K: Eq + std::hash::Hash>(items: &[T], key: impl Fn(&T) -> K) -> HashMap<K, u32> {
    items.iter().map(key).zip(0..).collect()
}

fn order(cities: &[Arc<City>], language: Language) -> Vec<u32> {
    let mut keyed: Vec<_> = cities
        .iter()
        .zip(0u32..)
        .map(|(city, at)| (sort_key(city.names.get(language)), city.id, at))
        .collect();
    keyed.sort();
    keyed.into_iter().map(|(_, _, at)| at).collect()
}

#[cfg(test)]
mod tests;
