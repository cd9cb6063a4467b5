//! The data of a message or of a printed ticket, read in one query.

use chrono::{DateTime, Utc};
use domain::id::TicketId;
use domain::language::Language;
use domain::money::Currency;
use domain::reference::Reference;
use domain::ticket::TicketStatus;
use rust_decimal::Decimal;
use sqlx::PgConnection;

use crate::error::AppResult;

/// The current data of a ticket, with names in the language of the booking.
#[derive(Debug, Clone, PartialEq)]
pub struct Content {
    /// Language of the booking.
    pub language: Language,
    /// The ticket.
    pub ticket_id: TicketId,
    /// Its reference.
    pub reference: Reference,
    /// The reference of its current booking.
    pub booking_reference: Reference,
    /// Its present status.
    pub status: TicketStatus,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// Passenger.
    pub first_name: String,
    /// Passenger.
    pub last_name: String,
    /// Passenger's address.
    pub email: Option<String>,
    /// First phone that lists Viber.
    pub viber_phone: Option<String>,
    /// Seat number.
    pub seat: i16,
    /// What the passenger pays.
    pub price: Decimal,
    /// Its currency.
    pub currency: Currency,
    /// The prepaid part of it.
    pub prepaid: Decimal,
    /// Refunded amount.
    pub refund_amount: Option<Decimal>,
    /// Whether the trip's feed is invented.
    pub synthetic: bool,
    /// Route name.
    pub route: String,
    /// Company name.
    pub company: String,
    /// Company's e-mail address, for replies.
    pub company_email: Option<String>,
    /// Carrier name.
    pub carrier: String,
    /// Carrier's phones.
    pub carrier_phones: Vec<String>,
    /// Registration number of the bus.
    pub registration_number: Option<String>,
    /// Make of the bus.
    pub brand: Option<String>,
    /// Model of the bus.
    pub model: Option<String>,
    /// The call at which the passenger boards.
    pub departure: ContentCall,
    /// The call at which the passenger alights.
    pub arrival: ContentCall,
}

/// A stop of [`Content`].
#[derive(Debug, Clone, PartialEq)]
pub struct ContentCall {
    /// City name.
    pub city: String,
    /// IANA name of the city's zone.
    pub time_zone: String,
    /// Stop name.
    pub stop: String,
    /// Street address.
    pub address: Option<String>,
    /// Platform.
    pub platform: Option<String>,
    /// Departure from the first stop, arrival at the last.
    pub at: DateTime<Utc>,
}

/// Loads the data of a ticket. `None` when there is no such ticket.
///
/// Names fall back from the booking's language to Ukrainian, English and the stored name. A stop without a city (an
/// import may remove it after the sale) has its own name and the time zone of its trip.
///
/// # Errors
/// Database errors only.
pub async fn find_content(conn: &mut PgConnection, id: TicketId) -> AppResult<Option<Content>> {
    let row = sqlx::query!(
        r#"with calls as (
               select c.position, c.departure_at, c.arrival_at, s.address, s.platform,
                   coalesce(city.time_zone, trip.time_zone) as time_zone,
                   coalesce(
                       (select name from stop_names where stop_id = s.id and language in (b.language, 'UK', 'EN')
                        order by language = b.language desc, language = 'UK' desc limit 1),
                       s.name
                   ) as stop,
                   coalesce(
                       (select name from city_names where city_id = city.id and language in (b.language, 'UK', 'EN')
                        order by language = b.language desc, language = 'UK' desc limit 1),
                       city.name,
                       s.name
                   ) as city
               from tickets t
               join bookings b on b.id = t.booking_id
               join trips trip on trip.id = t.trip_id
               join departure_calls c on c.trip_id = t.trip_id and c.service_day = t.service_day
                   and c.position in (t.boarding_position, t.alighting_position)
               join stops s on s.id = c.stop_id
               left join cities city on city.id = s.city_id
               where t.id = $1
           )
           select b.language as "language: Language",
               t.id as "ticket_id: TicketId", t.reference as "reference: Reference",
               b.reference as "booking_reference: Reference", t.status as "status: TicketStatus",
               t.created_at, p.first_name, p.last_name, p.email,
               (select phone from passenger_phones f where f.passenger_id = p.id and 'Viber' = any (f.messengers)
                order by position limit 1) as viber_phone,
               t.seat, t.price, t.currency as "currency: Currency", t.prepaid, t.refund_amount,
               feed.synthetic, route.name as route, company.name as company, company.email as company_email,
               carrier.name as carrier, carrier.phones as carrier_phones,
               bus.registration_number, bus.brand, bus.model,
               boarding.city as "from_city!", boarding.time_zone as "from_zone!", boarding.stop as "from_stop!",
               boarding.address as from_address, boarding.platform as from_platform, boarding.departure_at,
               alighting.city as "to_city!", alighting.time_zone as "to_zone!", alighting.stop as "to_stop!",
               alighting.address as to_address, alighting.platform as to_platform, alighting.arrival_at
           from tickets t
           join bookings b on b.id = t.booking_id
           join passengers p on p.id = t.passenger_id
           join companies company on company.id = t.company_id
           join trips trip on trip.id = t.trip_id
           join feeds feed on feed.id = trip.feed_id
           join routes route on route.id = trip.route_id
           join carriers carrier on carrier.id = route.carrier_id
           join departures d on d.trip_id = t.trip_id and d.service_day = t.service_day
           join buses bus on bus.id = d.bus_id
           join calls boarding on boarding.position = t.boarding_position
           join calls alighting on alighting.position = t.alighting_position
           where t.id = $1"#,
        id as TicketId,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|r| Content {
        language: r.language,
        ticket_id: r.ticket_id,
        reference: r.reference,
        booking_reference: r.booking_reference,
        status: r.status,
        created_at: r.created_at,
        first_name: r.first_name,
        last_name: r.last_name,
        email: r.email,
        viber_phone: r.viber_phone,
        seat: r.seat,
        price: r.price,
        currency: r.currency,
        prepaid: r.prepaid,
        refund_amount: r.refund_amount,
        synthetic: r.synthetic,
        route: r.route,
        company: r.company,
        company_email: r.company_email,
        carrier: r.carrier,
        carrier_phones: r.carrier_phones,
        registration_number: r.registration_number,
        brand: r.brand,
        model: r.model,
        departure: ContentCall {
            city: r.from_city,
            time_zone: r.from_zone,
            stop: r.from_stop,
            address: r.from_address,
            platform: r.from_platform,
            at: r.departure_at,
        },
        arrival: ContentCall {
            city: r.to_city,
            time_zone: r.to_zone,
            stop: r.to_stop,
            address: r.to_address,
            platform: r.to_platform,
            at: r.arrival_at,
        },
    }))
}
