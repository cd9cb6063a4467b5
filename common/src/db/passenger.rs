//! Passengers and their phones.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::booking::Passenger;
use crate::error::AppResult;

/// Writes passengers with their phones.
///
/// # Errors
/// Database errors only.
pub async fn insert(conn: &mut PgConnection, passengers: &[Passenger]) -> AppResult<()> {
    let ids: Vec<Uuid> = passengers.iter().map(|p| p.id.0).collect();
    let first_names: Vec<String> = passengers.iter().map(|p| p.first_name.clone()).collect();
    let last_names: Vec<String> = passengers.iter().map(|p| p.last_name.clone()).collect();
    let emails: Vec<Option<String>> = passengers.iter().map(|p| p.email.clone()).collect();
    let phones: Vec<_> = passengers
        .iter()
        .flat_map(|p| (0i16..).zip(&p.phones).map(move |(i, phone)| (p.id, i, phone)))
        .collect();
    let phone_ids: Vec<Uuid> = phones.iter().map(|(.., phone)| phone.id.0).collect();
    let owners: Vec<Uuid> = phones.iter().map(|(owner, ..)| owner.0).collect();
    let positions: Vec<i16> = phones.iter().map(|(_, position, _)| *position).collect();
    let numbers: Vec<String> = phones.iter().map(|(.., phone)| phone.phone.clone()).collect();
    // unnest flattens nested arrays, so each phone's messengers travel as one text.
    let messengers: Vec<String> = phones
        .iter()
        .map(|(.., phone)| phone.messengers.iter().map(|m| m.word()).collect::<Vec<_>>().join(","))
        .collect();
    sqlx::query!(
        "with added as (
             insert into passengers (id, first_name, last_name, email)
             select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[])
         )
         insert into passenger_phones (id, passenger_id, position, phone, messengers)
         select id, passenger_id, position, phone, string_to_array(messengers, ',')
         from unnest($5::uuid[], $6::uuid[], $7::smallint[], $8::text[], $9::text[])
              as new (id, passenger_id, position, phone, messengers)",
        &ids,
        &first_names,
        &last_names,
        &emails as &[Option<String>],
        &phone_ids,
        &owners,
        &positions,
        &numbers,
        &messengers,
    )
    .execute(conn)
    .await?;
    Ok(())
}
