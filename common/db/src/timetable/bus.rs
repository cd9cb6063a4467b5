//! Buses of companies.

use domain::id::{BusId, CompanyId};
use sqlx::PgConnection;

use crate::error::AppResult;

/// A row of `buses`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BusRow {
    /// Its id.
    pub id: BusId,
    /// Its company.
    pub company_id: CompanyId,
    /// `block_id`, or `default`.
    pub key: String,
    /// Seats for sale, numbered from 1.
    pub seats: i16,
    /// Number plate.
    pub registration_number: Option<String>,
    /// Make.
    pub brand: Option<String>,
    /// Model.
    pub model: Option<String>,
}

/// The buses of these companies.
///
/// # Errors
/// Database errors only.
pub async fn stored(conn: &mut PgConnection, companies: &[CompanyId]) -> AppResult<Vec<BusRow>> {
    let companies: Vec<_> = companies.iter().map(|id| id.0).collect();
    Ok(sqlx::query_as!(
        BusRow,
        r#"select id as "id: BusId", company_id as "company_id: CompanyId", key, seats, registration_number, brand, model
           from buses where company_id = any($1)"#,
        &companies,
    )
    .fetch_all(conn)
    .await?)
}

/// Stores buses, new or known.
///
/// # Errors
/// Database errors only.
pub async fn upsert(conn: &mut PgConnection, rows: &[&BusRow]) -> AppResult<()> {
    let ids: Vec<_> = rows.iter().map(|r| r.id.0).collect();
    let companies: Vec<_> = rows.iter().map(|r| r.company_id.0).collect();
    let keys: Vec<_> = rows.iter().map(|r| r.key.clone()).collect();
    let seats: Vec<_> = rows.iter().map(|r| r.seats).collect();
    let plates: Vec<_> = rows.iter().map(|r| r.registration_number.clone()).collect();
    let brands: Vec<_> = rows.iter().map(|r| r.brand.clone()).collect();
    let models: Vec<_> = rows.iter().map(|r| r.model.clone()).collect();
    sqlx::query!(
        "insert into buses (id, company_id, key, seats, registration_number, brand, model)
         select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::smallint[], $5::text[], $6::text[], $7::text[])
         on conflict (id) do update set seats = excluded.seats, registration_number = excluded.registration_number,
             brand = excluded.brand, model = excluded.model",
        &ids,
        &companies,
        &keys,
        &seats,
        &plates as &[Option<String>],
        &brands as &[Option<String>],
        &models as &[Option<String>],
    )
    .execute(conn)
    .await?;
    Ok(())
}
