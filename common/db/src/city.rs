//! Cities: what `admin import-cities` writes and the timetable import reads.

use domain::gazetteer::CityName;
use domain::geo::Point;
use domain::id::CityId;
use sqlx::PgConnection;

use crate::error::AppResult;

/// A row of `cities`.
#[derive(Debug, Clone, PartialEq)]
pub struct CityRow {
    /// Its id.
    pub id: CityId,
    /// Id at GeoNames.
    pub geonames_id: i32,
    /// For URLs.
    pub slug: String,
    /// GeoNames name.
    pub name: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// IANA name.
    pub time_zone: String,
    /// North positive.
    pub latitude: f64,
    /// East positive.
    pub longitude: f64,
    /// Inhabitants.
    pub population: i32,
    /// Other names that people search for.
    pub aliases: Vec<String>,
}

/// The positions of all cities, with their ids.
///
/// # Errors
/// Database errors only.
pub async fn points(conn: &mut PgConnection) -> AppResult<Vec<(Point, CityId)>> {
    let rows = sqlx::query!(r#"select id as "id: CityId", latitude, longitude from cities order by id"#)
        .fetch_all(conn)
        .await?;
    let point = |latitude, longitude| Point { latitude, longitude };
    Ok(rows
        .into_iter()
        .map(|r| (point(r.latitude, r.longitude), r.id))
        .collect())
}

/// Every city.
///
/// # Errors
/// Database errors only.
pub async fn stored(conn: &mut PgConnection) -> AppResult<Vec<CityRow>> {
    Ok(sqlx::query_as!(
        CityRow,
        r#"select id as "id: CityId", geonames_id, slug, name, country, time_zone, latitude, longitude, population,
                  aliases
           from cities"#,
    )
    .fetch_all(conn)
    .await?)
}

/// Stores cities, new or known.
///
/// # Errors
/// Database errors only.
pub async fn upsert(conn: &mut PgConnection, rows: &[&CityRow]) -> AppResult<()> {
    let ids: Vec<_> = rows.iter().map(|r| r.id.0).collect();
    let geonames_ids: Vec<_> = rows.iter().map(|r| r.geonames_id).collect();
    let slugs: Vec<_> = rows.iter().map(|r| r.slug.clone()).collect();
    let names: Vec<_> = rows.iter().map(|r| r.name.clone()).collect();
    let countries: Vec<_> = rows.iter().map(|r| r.country.clone()).collect();
    let zones: Vec<_> = rows.iter().map(|r| r.time_zone.clone()).collect();
    let latitudes: Vec<_> = rows.iter().map(|r| r.latitude).collect();
    let longitudes: Vec<_> = rows.iter().map(|r| r.longitude).collect();
    let populations: Vec<_> = rows.iter().map(|r| r.population).collect();
    // PostgreSQL has no arrays of arrays of different lengths: aliases travel as JSON.
    let aliases: Vec<_> = rows
        .iter()
        .map(|r| serde_json::Value::from(r.aliases.clone()))
        .collect();
    sqlx::query!(
        "insert into cities (id, geonames_id, slug, name, country, time_zone, latitude, longitude, population, aliases)
         select id, geonames_id, slug, name, country, time_zone, latitude, longitude, population,
                array(select jsonb_array_elements_text(aliases))
         from unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::float8[],
                     $8::float8[], $9::int[], $10::jsonb[])
              as new (id, geonames_id, slug, name, country, time_zone, latitude, longitude, population, aliases)
         on conflict (id) do update set slug = excluded.slug, name = excluded.name, country = excluded.country,
             time_zone = excluded.time_zone, latitude = excluded.latitude, longitude = excluded.longitude,
             population = excluded.population, aliases = excluded.aliases",
        &ids,
        &geonames_ids,
        &slugs,
        &names,
        &countries,
        &zones,
        &latitudes,
        &longitudes,
        &populations,
        &aliases,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Stores names of known cities; returns how many were new or changed.
///
/// # Errors
/// Database errors only.
pub async fn upsert_names(conn: &mut PgConnection, names: &[CityName]) -> AppResult<u64> {
    let ids: Vec<_> = names.iter().map(|n| n.geonames_id).collect();
    let languages: Vec<_> = names.iter().map(|n| n.language.word().to_owned()).collect();
    let texts: Vec<_> = names.iter().map(|n| n.name.clone()).collect();
    let done = sqlx::query!(
        "insert into city_names (city_id, language, name)
         select c.id, new.language, new.name
         from unnest($1::int[], $2::text[], $3::text[]) as new (geonames_id, language, name)
         join cities c using (geonames_id)
         on conflict (city_id, language) do update set name = excluded.name where city_names.name <> excluded.name",
        &ids,
        &languages,
        &texts,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
