//! Passengers and their phones.

use domain::booking::Passenger;
use domain::id::TicketId;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::AppResult;

/// Columns of the phones of passengers.
pub(super) struct Phones {
    pub ids: Vec<Uuid>,
    pub owners: Vec<Uuid>,
    pub positions: Vec<i16>,
    pub numbers: Vec<String>,
    /// unnest flattens nested arrays, so each phone's messengers travel as one text.
    pub messengers: Vec<String>,
}

/// Columns of passengers.
pub(super) struct Columns {
    pub ids: Vec<Uuid>,
    pub first_names: Vec<String>,
    pub last_names: Vec<String>,
    pub emails: Vec<Option<String>>,
    pub phones: Phones,
}

impl Columns {
    pub(super) fn of<'a>(passengers: impl Iterator<Item = &'a Passenger> + Clone) -> Self {
        Self {
            ids: passengers.clone().map(|p| p.id.0).collect(),
            first_names: passengers.clone().map(|p| p.first_name.clone()).collect(),
            last_names: passengers.clone().map(|p| p.last_name.clone()).collect(),
            emails: passengers.clone().map(|p| p.email.clone()).collect(),
            phones: Phones::of(passengers),
        }
    }
}

impl Phones {
    fn of<'a>(passengers: impl Iterator<Item = &'a Passenger>) -> Self {
        let phones: Vec<_> = passengers
            .flat_map(|p| (0i16..).zip(&p.phones).map(move |(i, phone)| (p.id, i, phone)))
            .collect();
        Self {
            ids: phones.iter().map(|(.., phone)| phone.id.0).collect(),
            owners: phones.iter().map(|(owner, ..)| owner.0).collect(),
            positions: phones.iter().map(|(_, position, _)| *position).collect(),
            numbers: phones.iter().map(|(.., phone)| phone.phone.clone()).collect(),
            messengers: phones
                .iter()
                .map(|(.., phone)| phone.messengers.iter().map(|m| m.word()).collect::<Vec<_>>().join(","))
                .collect(),
        }
    }
}

/// Replaces all that is known about a passenger: names, address, phones.
///
/// # Errors
/// Database errors only.
pub async fn replace(conn: &mut PgConnection, passenger: &Passenger) -> AppResult<()> {
    let phones = Phones::of(std::iter::once(passenger));
    sqlx::query!(
        "with changed as (
             update passengers set first_name = $2, last_name = $3, email = $4 where id = $1
         ), forgotten as (
             delete from passenger_phones where passenger_id = $1
         )
         insert into passenger_phones (id, passenger_id, position, phone, messengers)
         select id, passenger_id, position, phone, string_to_array(messengers, ',')
         from unnest($5::uuid[], $6::uuid[], $7::smallint[], $8::text[], $9::text[])
              as new (id, passenger_id, position, phone, messengers)",
        passenger.id.0,
        passenger.first_name,
        passenger.last_name,
        passenger.email,
        &phones.ids,
        &phones.owners,
        &phones.positions,
        &phones.numbers,
        &phones.messengers,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Corrects the address of a ticket's passenger, or the phone number that messages go to: the first one that lists
/// Viber, or else the first one, which lists it from now on. `None` changes nothing.
///
/// # Errors
/// Database errors only.
pub async fn correct(
    conn: &mut PgConnection,
    ticket_id: TicketId,
    email: Option<&str>,
    phone: Option<&str>,
) -> AppResult<()> {
    sqlx::query!(
        "with address as (
             update passengers p set email = coalesce($2, p.email) from tickets t
             where t.id = $1 and p.id = t.passenger_id
         )
         update passenger_phones
         set phone = $3,
             messengers = case when 'Viber' = any (messengers) then messengers else array_append(messengers, 'Viber') end
         where $3::text is not null and id = (
             select f.id from tickets t join passenger_phones f on f.passenger_id = t.passenger_id
             where t.id = $1 order by ('Viber' = any (f.messengers)) desc, f.position limit 1)",
        ticket_id as TicketId,
        email,
        phone,
    )
    .execute(conn)
    .await?;
    Ok(())
}
