//! References: what people say and type to identify bookings and tickets.

use std::collections::HashSet;

use app::booking;
use db::record::Records;
use db::sale::{References, Sale, Start};
use db::ticket::{Common, NewTicket};
use domain::booking::Passenger;
use domain::id::{BookingId, PassengerId, TicketId};
use domain::reference::Reference;
use ledger::Cause;
use rust_decimal::Decimal;
use serde_json::Value;

use crate::harness::partner::Sold;
use crate::sales::support::Shop;

/// The reference of a booking, and those of its tickets.
fn references(booking: &Value) -> Vec<String> {
    let tickets = booking["tickets"].as_array().unwrap().iter();
    let all = [booking].into_iter().chain(tickets);
    all.map(|thing| thing["reference"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_booking_and_its_tickets_have_references_that_stay() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let token = partner.token(50, "kyiv", "lviv", 3).await;
    let sold = Sold::of(&partner.create(&token, 3).await);
    let all = references(&sold.body);
    assert_eq!(all.iter().collect::<HashSet<_>>().len(), 4, "{all:?}");
    for reference in &all {
        assert_eq!(reference.parse::<Reference>().unwrap().as_str(), reference);
    }
    assert_eq!(references(&partner.booking(&sold.id).await), all);
    let paid = partner.pay(&sold.id).await;
    assert_eq!(references(&paid.body["data"]["booking"]), all);
}

#[tokio::test]
async fn a_reference_in_use_is_not_given_again() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let token = partner.token(50, "kyiv", "lviv", 2).await;
    let sold = Sold::of(&partner.create(&token, 2).await);
    // The booking of the next sale would get the reference of a ticket, its first ticket that of a booking, its second
    // ticket that of a ticket.
    let (next, tickets) = (BookingId::new(), [TicketId::new(), TicketId::new()]);
    let taken = [next.0, tickets[0].0, tickets[1].0].map(Reference::candidate);
    let rename = "with own as (select id, row_number() over (order by id) as place from tickets),
                       ticket as (update tickets t set reference = case own.place when 1 then $1 else $3 end
                                  from own where own.id = t.id)
                  update bookings set reference = $2";
    let renamed = sqlx::query(rename).bind(&taken[0]).bind(&taken[1]).bind(&taken[2]);
    assert_eq!(renamed.execute(shop.pool()).await.unwrap().rows_affected(), 1);
    let written = sell_again(&shop, &sold, next, tickets).await;
    let all: HashSet<_> = [written.booking]
        .into_iter()
        .chain(written.tickets)
        .chain(taken)
        .collect();
    assert_eq!(all.len(), 6, "{all:?}");
    assert!(all.iter().all(|one| one.as_str().parse() == Ok(one.clone())), "{all:?}");
}

/// Writes a sale of two more seats of the same departure, with these ids.
async fn sell_again(shop: &Shop, sold: &Sold, booking_id: BookingId, ids: [TicketId; 2]) -> References {
    let partner_id = shop.partner_id("website").await;
    let (like, _) = booking::get(&shop.platform, partner_id, sold.id.parse().unwrap())
        .await
        .unwrap();
    let (ticket, journey) = (&like.tickets[0], &like.tickets[0].journey);
    let departure = (journey.trip_id, journey.service_day);
    let mut tx = db::begin(shop.pool()).await.unwrap();
    let state = db::sale::read(&mut tx, partner_id, ticket.company_id, departure, like.created_at);
    let state = state.await.unwrap();
    let segment = &state.holds[0].1.segment;
    let common = Common {
        booking_id,
        partner_id,
        company_id: ticket.company_id,
        departure,
        boarding: segment.start,
        alighting: segment.end,
        boarding_at: journey.boarding.departs_at,
        price_id: ticket.price_id,
        full_price: ticket.price.amount,
        currency: ticket.price.currency,
        note: None,
    };
    let passengers = [1, 2].map(|_| Passenger {
        id: PassengerId::new(),
        phones: Vec::new(),
        ..ticket.passenger.clone()
    });
    let free = (1..).filter(|seat| state.holds.iter().all(|(_, hold)| hold.seat != *seat));
    let tickets = ids.into_iter().zip(&passengers).zip(free);
    let tickets = tickets.map(|((id, passenger), seat)| NewTicket {
        id,
        passenger_id: passenger.id,
        seat,
        price: ticket.price.amount,
        discount_id: None,
        prepaid: Decimal::ZERO,
    });
    let sale = Sale {
        common: &common,
        language: like.language,
        tickets: &tickets.collect::<Vec<_>>(),
        passengers: &passengers,
        records: &Records::default(),
        cause: &Cause::default(),
    };
    let start = Start::Held(&state.holds);
    let written = db::sale::write(&mut tx, state.version, start, &[sale], "system", like.created_at)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    written.unwrap().remove(0)
}

#[tokio::test]
async fn what_was_sold_before_there_were_references_gets_one() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let token = partner.token(50, "kyiv", "lviv", 2).await;
    let sold = Sold::of(&partner.create(&token, 2).await);
    let before = "alter table bookings alter column reference drop not null;
                  alter table tickets alter column reference drop not null;
                  update bookings set reference = null; update tickets set reference = null";
    sqlx::raw_sql(before).execute(shop.pool()).await.unwrap();
    let fill = include_str!("../../../../migrations/0042_references_filled.sql");
    sqlx::raw_sql(fill).execute(shop.pool()).await.unwrap();
    let filled = references(&partner.booking(&sold.id).await);
    assert_eq!(filled, references(&sold.body), "they come of the ids");
}
