use app::Actor;
use app::ticket::ticket_move::{Identity, TicketMove, move_tickets};
use chrono::NaiveDate;
use db::error::{AppError, AppResult};
use domain::id::{BookingId, CompanyId, TripId};
use domain::ticket::Event;
use ledger::Cause;

use crate::harness::partner::Sold;
use crate::sales::support::{Shop, day};

/// The trip of our bus with this number of seats, on a day.
pub async fn departure(shop: &Shop, seats: u16, on: &str) -> (TripId, NaiveDate) {
    let id = sqlx::query_scalar("select id from trips where feed_trip_id = $1")
        .bind(format!("t{seats}"))
        .fetch_one(shop.pool())
        .await
        .unwrap();
    (TripId(id), day(on))
}

pub fn tickets(orders: &[&String]) -> TicketMove {
    TicketMove {
        tickets: orders.iter().map(|order| order.parse().unwrap()).collect(),
        departure: None,
        passenger: None,
    }
}

impl Shop {
    pub async fn move_tickets(&self, company: CompanyId, wanted: &TicketMove) -> AppResult<BookingId> {
        let actor = Actor::system(Cause::default());
        let published = self.platform.published().await?;
        let mut tx = self.pool().begin().await?;
        let now = self.clock.now();
        let moved = move_tickets(&mut tx, &published.timetable, company, &actor, wanted, now).await?;
        tx.commit().await?;
        Ok(moved)
    }
}

#[tokio::test]
async fn a_booking_that_moved_whole_is_found_under_its_old_id() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let sold = partner.sell(50, "kyiv", "lviv", 2).await;
    partner.pay_orders(&sold.id, &[&sold.orders[0]]).await.status(200);
    let to = Some(departure(&shop, 50, "2027-02-10").await);
    let moving = TicketMove {
        departure: to,
        ..tickets(&[&sold.orders[0], &sold.orders[1]])
    };
    let new = shop
        .move_tickets(shop.company_id().await, &moving)
        .await
        .unwrap()
        .to_string();
    assert_ne!(new, sold.id);
    let seen = partner.get(&format!("/v2/bookings/{}", sold.id)).await;
    assert_eq!(
        (seen.status, seen.header("content-location")),
        (200, format!("/v2/bookings/{new}").as_str())
    );
    let booking = &seen.body["data"]["booking"];
    assert_eq!(*booking, partner.booking(&new).await);
    assert_eq!(booking["departureDate"], "2027-02-10T10:00:00.000Z");
    assert_eq!(
        booking["paymentRequiredBy"], "2027-02-01T08:20:00.000Z",
        "the deadline stays"
    );
    let now = Sold::read(booking);
    assert_eq!(now.orders, sold.orders);
    for ticket in booking["tickets"].as_array().unwrap() {
        assert_eq!(ticket["bookingId"], new);
        assert_eq!(ticket["slices"][0]["departureAt"], "2027-02-10T12:00:00+02:00");
    }
    assert_eq!(partner.standing(&new).await, ["Confirmed Paid", "Processing Unpaid"]);
    assert_eq!(
        partner
            .get(&format!("/v2/bookings/{new}"))
            .await
            .header("content-location"),
        ""
    );
    let rules = partner.get(&format!("/v2/bookings/{}/refund-rules", sold.id)).await;
    assert_eq!(
        (rules.status, rules.header("content-location")),
        (200, format!("/v2/bookings/{new}").as_str())
    );
    assert_eq!(partner.left(50, "kyiv", "lviv").await, 50, "the old seats are free");
    let list = partner.get("/v2/bookings").await;
    assert_eq!(
        (&list.body["data"]["total"], &list.body["data"]["bookings"][0]["id"]),
        (&1.into(), &new.clone().into())
    );
    shop.reseller()
        .get(&format!("/v2/bookings/{}", sold.id))
        .await
        .status(404);
    assert_eq!(
        shop.history(&sold.orders[1]).await.last().unwrap(),
        &format!("{} Processing Unpaid", Event::Moved)
    );

    // Moved again: the first id leads to the last booking.
    let moving = TicketMove {
        departure: Some(departure(&shop, 50, "2027-02-11").await),
        ..moving
    };
    let last = shop
        .move_tickets(shop.company_id().await, &moving)
        .await
        .unwrap()
        .to_string();
    for old in [&sold.id, &new] {
        let seen = partner.get(&format!("/v2/bookings/{old}")).await;
        assert_eq!(seen.header("content-location"), format!("/v2/bookings/{last}"));
    }
    shop.audit().await;
}

#[tokio::test]
async fn actions_under_the_old_id_reach_the_tickets_where_they_are() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let sold = partner.sell(50, "kyiv", "lviv", 1).await;
    let moving = TicketMove {
        departure: Some(departure(&shop, 50, "2027-02-10").await),
        ..tickets(&[&sold.orders[0]])
    };
    let new = shop
        .move_tickets(shop.company_id().await, &moving)
        .await
        .unwrap()
        .to_string();
    let seen = partner.pay(&sold.id).await;
    assert_eq!(
        (seen.status, seen.header("content-location")),
        (200, format!("/v2/bookings/{new}").as_str())
    );
    assert_eq!(seen.body["data"]["booking"]["id"], new);
    assert_eq!(partner.standing(&new).await, ["Confirmed Paid"]);
    let seen = partner.cancel_orders(&sold.id, &[&sold.orders[0]]).await;
    seen.status(200);
    shop.reseller().pay(&sold.id).await.status(404);
    shop.audit().await;
}

#[tokio::test]
async fn a_booking_that_was_split_is_not_found_when_it_is_empty() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let company = shop.company_id().await;
    let sold = partner.sell(50, "kyiv", "lviv", 3).await;
    let to = Some(departure(&shop, 50, "2027-02-10").await);
    let [a, b, c] = [&sold.orders[0], &sold.orders[1], &sold.orders[2]];
    let first = shop
        .move_tickets(
            company,
            &TicketMove {
                departure: to,
                ..tickets(&[a])
            },
        )
        .await
        .unwrap();
    let seen = partner.get(&format!("/v2/bookings/{}", sold.id)).await;
    assert_eq!(
        (seen.status, seen.header("content-location")),
        (200, ""),
        "two are still in it"
    );
    assert_eq!(Sold::of(&seen).orders, [b.clone(), c.clone()]);
    assert_eq!(
        partner.pay_orders(&sold.id, &[a]).await.code(),
        "ORDER_NOT_FOUND",
        "it is elsewhere"
    );
    let second = shop
        .move_tickets(
            company,
            &TicketMove {
                departure: to,
                ..tickets(&[b, c])
            },
        )
        .await
        .unwrap();
    assert_ne!(first, second);
    let seen = partner.get(&format!("/v2/bookings/{}", sold.id)).await;
    seen.refused(404, "BOOKING_NOT_FOUND");
    assert_eq!(partner.pay(&sold.id).await.code(), "BOOKING_NOT_FOUND");
    partner.pay(&first.to_string()).await.status(200);
    shop.audit().await;
}

#[tokio::test]
async fn another_passenger_keeps_the_seat() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let sold = partner.sell(50, "kyiv", "lviv", 2).await;
    let passenger = Some(Identity {
        first_name: "Taras".to_owned(),
        last_name: "Bondar".to_owned(),
        email: None,
        phones: vec![("+380501112233".to_owned(), Vec::new())],
    });
    let changed = TicketMove {
        passenger,
        ..tickets(&[&sold.orders[1]])
    };
    let new = shop
        .move_tickets(shop.company_id().await, &changed)
        .await
        .unwrap()
        .to_string();
    let booking = partner.booking(&new).await;
    assert_eq!(booking["tickets"][0]["passenger"]["lastName"], "Bondar");
    assert_eq!(Sold::read(&booking).seats, [sold.seats[1].clone()]);
    assert_eq!(booking["departureDate"], sold.body["departureDate"]);
    let old = partner.booking(&sold.id).await;
    assert_eq!(old["tickets"][0]["passenger"]["lastName"], "Kovalenko");
    let both = TicketMove {
        tickets: vec![changed.tickets[0], sold.orders[0].parse().unwrap()],
        ..changed
    };
    assert!(matches!(
        shop.move_tickets(shop.company_id().await, &both).await,
        Err(AppError::Validation(_))
    ));
    shop.audit().await;
}
