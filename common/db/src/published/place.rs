//! Cities and stops.

use std::collections::HashMap;
use std::sync::Arc;

use domain::city::{City, Names};
use domain::id::{CityId, StopId};
use domain::language::{Country, Language};
use domain::stop::Stop;
use domain::timetable::FeedStop;
use domain::zone::Zone;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Indexed, corrupt};
use crate::error::AppResult;

/// Cities by id: all that have a stop on sale.
pub(super) async fn cities(conn: &mut PgConnection) -> AppResult<HashMap<Uuid, Arc<City>>> {
    cities_where(conn, None).await
}

/// Cities by id: those of the given stops.
pub(crate) async fn cities_of_stops(conn: &mut PgConnection, stops: &[Uuid]) -> AppResult<HashMap<Uuid, Arc<City>>> {
    cities_where(conn, Some(stops)).await
}

// The ids are an array either way, so that a few are looked up.
async fn cities_where(conn: &mut PgConnection, stops: Option<&[Uuid]>) -> AppResult<HashMap<Uuid, Arc<City>>> {
    let rows = sqlx::query!(
        r#"select c.id, c.slug, c.name, c.country as "country: Country", c.time_zone, c.aliases,
                  array(select n.language from city_names n where n.city_id = c.id order by n.language) as "languages!: Vec<Language>",
                  array(select n.name from city_names n where n.city_id = c.id order by n.language) as "names!"
           from cities c
           where c.id in (select s.city_id from stops s
                          where s.id = any(coalesce($1::uuid[], array(select id from stops where withdrawn_at is null and not city_lost))))"#,
        stops as Option<&[Uuid]>,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .filter_map(|row| {
            let zone = match Zone::named(&row.time_zone) {
                Ok(zone) => zone,
                // For sold tickets: those in this city cannot be read, but the others can.
                Err(error) if stops.is_some() => {
                    tracing::error!(city = %CityId(row.id), %error, "could not read a city");
                    return None;
                }
                Err(error) => return Some(Err(corrupt("city", &error))),
            };
            let city = City {
                id: CityId(row.id),
                slug: row.slug.into(),
                names: Names::new(&row.name, row.languages.into_iter().zip(row.names)),
                aliases: row.aliases.into_iter().map(Into::into).collect(),
                country: row.country,
                time_zone: row.time_zone.into(),
                zone,
            };
            Some(Ok((row.id, Arc::new(city))))
        })
        .collect()
}

/// Stops of all feeds that are not withdrawn; notes the index of each and numbers the fare zones.
pub(super) async fn feed_stops(
    conn: &mut PgConnection,
    feeds: &Indexed,
    cities: &HashMap<Uuid, Arc<City>>,
    zones: &mut HashMap<(u32, String), u32>,
    index: &mut HashMap<Uuid, u32>,
) -> AppResult<Vec<FeedStop>> {
    let rows = sqlx::query!("select id, feed_id, zone from stops where withdrawn_at is null")
        .fetch_all(&mut *conn)
        .await?;
    let mut stops = stops(conn, cities, None).await?;
    let mut feed_stops = Vec::with_capacity(rows.len());
    for (at, row) in (0u32..).zip(rows) {
        index.insert(row.id, at);
        let next_zone = u32::try_from(zones.len()).unwrap_or(u32::MAX);
        let feed = feeds.get(row.feed_id)?;
        let fare_zone = row.zone.map(|zone| *zones.entry((feed, zone)).or_insert(next_zone));
        feed_stops.push(FeedStop {
            id: StopId(row.id),
            fare_zone,
            stop: stops.remove(&row.id),
        });
    }
    Ok(feed_stops)
}

/// Stops by id, those of `cities` only: the given ones, or all that are not withdrawn.
pub(crate) async fn stops(
    conn: &mut PgConnection,
    cities: &HashMap<Uuid, Arc<City>>,
    only: Option<&[Uuid]>,
) -> AppResult<HashMap<Uuid, Arc<Stop>>> {
    let rows = sqlx::query!(
        r#"select s.id, s.name, s.address, s.platform, s.latitude, s.longitude, s.city_id as "city_id!",
                  array(select n.language from stop_names n where n.stop_id = s.id order by n.language) as "languages!: Vec<Language>",
                  array(select n.name from stop_names n where n.stop_id = s.id order by n.language) as "names!"
           from stops s
           where s.city_id is not null
             and s.id = any(coalesce($1::uuid[], array(select id from stops where withdrawn_at is null and not city_lost)))"#,
        only as Option<&[Uuid]>,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let city = Arc::clone(cities.get(&row.city_id)?);
            let stop = Stop {
                id: StopId(row.id),
                names: Names::new(&row.name, row.languages.into_iter().zip(row.names)),
                address: row.address.map(Into::into),
                platform: row.platform.map(Into::into),
                latitude: row.latitude,
                longitude: row.longitude,
                city,
            };
            Some((row.id, Arc::new(stop)))
        })
        .collect())
}
