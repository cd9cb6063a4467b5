//! Seasons of the published timetable.

use app::timetable::season;
use domain::id::RouteId;
use domain::season::Season;
use schemars::JsonSchema;
use serde::Serialize;

use crate::wire::value::Id;

/// A page of routes with their seasons.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SeasonList {
    /// Sorted by name.
    #[schemars(length(max = 100))]
    pub routes: Vec<RouteSeasons>,
    /// Total number of routes, regardless of `take` and `skip`.
    #[schemars(example = 12)]
    pub total: usize,
}

/// A route with its seasons.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RouteSeasons {
    /// Opaque id.
    pub id: Id<RouteId>,
    /// Name of the route.
    #[schemars(example = &"Kyiv - Lviv")]
    pub name: String,
    /// Sorted by first day. Each season is listed once, regardless of the number of its trips.
    #[schemars(length(max = 1_000))]
    pub seasons: Vec<ServiceSeason>,
}

/// A range of service days.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ServiceSeason {
    /// First service day.
    #[schemars(extend("format" = "date"), example = &"2026-12-01")]
    pub first_day: String,
    /// Last service day.
    #[schemars(extend("format" = "date"), example = &"2027-03-31")]
    pub last_day: String,
    /// Weekdays on which trips run: 1 is Monday, 7 is Sunday.
    #[schemars(length(max = 7), example = &[1, 5])]
    pub weekdays: Vec<u32>,
    /// Number of service days.
    #[schemars(example = 35)]
    pub days: usize,
    /// Number of trips that run on these days.
    #[schemars(example = 2)]
    pub trips: i64,
}

/// Maximum number of seasons of a route that a response lists.
const MOST: usize = 1_000;

impl From<season::RouteSeasons> for RouteSeasons {
    fn from(route: season::RouteSeasons) -> Self {
        Self {
            id: Id(route.id),
            name: route.name,
            seasons: route.seasons.into_iter().take(MOST).map(ServiceSeason::from).collect(),
        }
    }
}

impl From<Season> for ServiceSeason {
    fn from(season: Season) -> Self {
        Self {
            first_day: season.first.to_string(),
            last_day: season.last.to_string(),
            weekdays: season
                .weekdays
                .iter()
                .map(chrono::Weekday::number_from_monday)
                .collect(),
            days: season.days,
            trips: season.trips,
        }
    }
}
