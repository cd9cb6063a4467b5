//! The catalogue as PostgreSQL has it.

use std::collections::HashMap;
use std::hash::Hash;

use sqlx::PgConnection;

use crate::domain::catalogue::{Catalogue, City, Names, Stop};
use crate::domain::language::{Country, Language};
use crate::error::AppResult;
use crate::id::{CityId, StopId};

/// Every stop that is not withdrawn and has a city, and every city of such a stop. Call it inside a repeatable-read
/// transaction where it has to agree with something else that is loaded.
///
/// # Errors
/// Database errors only.
pub async fn load(conn: &mut PgConnection) -> AppResult<Catalogue> {
    let mut city_names = city_names(conn).await?;
    let cities = sqlx::query!(
        r#"select id as "id: CityId", slug, name, country as "country: Country", time_zone from cities
           where exists (select from stops where city_id = cities.id and withdrawn_at is null)"#
    )
    .fetch_all(&mut *conn)
    .await?
    .into_iter()
    .map(|row| City {
        id: row.id,
        slug: row.slug.into(),
        names: Names::new(row.name, city_names.remove(&row.id).unwrap_or_default()),
        country: row.country,
        time_zone: row.time_zone.into(),
    })
    .collect();
    let mut stop_names = stop_names(conn).await?;
    let stops = sqlx::query!(
        r#"select id as "id: StopId", name, address, platform, latitude, longitude, city_id as "city_id!: CityId"
           from stops where city_id is not null and withdrawn_at is null"#
    )
    .fetch_all(&mut *conn)
    .await?
    .into_iter()
    .map(|row| Stop {
        id: row.id,
        names: Names::new(row.name, stop_names.remove(&row.id).unwrap_or_default()),
        address: row.address.map(Into::into),
        platform: row.platform.map(Into::into),
        latitude: row.latitude,
        longitude: row.longitude,
        city_id: row.city_id,
    })
    .collect();
    Ok(Catalogue::new(cities, stops))
}

type Translations<Id> = HashMap<Id, Vec<(Language, Box<str>)>>;

async fn city_names(conn: &mut PgConnection) -> AppResult<Translations<CityId>> {
    let rows = sqlx::query!(
        r#"select city_id as "city_id: CityId", language as "language: Language", name from city_names
           where exists (select from stops where stops.city_id = city_names.city_id and withdrawn_at is null)"#
    )
    .fetch_all(conn)
    .await?;
    Ok(grouped(
        rows.into_iter().map(|row| (row.city_id, row.language, row.name)),
    ))
}

async fn stop_names(conn: &mut PgConnection) -> AppResult<Translations<StopId>> {
    let rows = sqlx::query!(
        r#"select stop_id as "stop_id: StopId", language as "language: Language", stop_names.name as name
           from stop_names join stops on stops.id = stop_id where city_id is not null and withdrawn_at is null"#
    )
    .fetch_all(conn)
    .await?;
    Ok(grouped(
        rows.into_iter().map(|row| (row.stop_id, row.language, row.name)),
    ))
}

fn grouped<Id: Eq + Hash>(rows: impl Iterator<Item = (Id, Language, String)>) -> Translations<Id> {
    let mut names = Translations::new();
    for (id, language, name) in rows {
        names.entry(id).or_default().push((language, name.into()));
    }
    names
}
