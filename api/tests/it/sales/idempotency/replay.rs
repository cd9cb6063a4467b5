//! A repeated request is done once, and gets the first response again.

use app::api_key;
use app::housekeeping::{BUDGET, delete_answers};
use serde_json::json;
use testing::world::operator;

use super::action;
use crate::harness::partner::{Partner, Sold, order, standing};
use crate::sales::support::Shop;
use crate::sales::ticket_move::tickets;

#[tokio::test]
async fn a_booking_is_made_once_and_answered_to_the_byte_by_every_replica() {
    let shop = Shop::open().await;
    let other = shop.replica(|settings| settings).await;
    let partner = shop.website();
    let body = order(&partner.token(50, "kyiv", "lviv", 2).await, 2).to_string();
    let first = partner.once("b-1", "/v2/bookings", &body).await;
    assert_eq!((first.status, first.header("content-type")), (201, "application/json"));
    for client in [&partner, &other.website()] {
        client.once("b-1", "/v2/bookings", &body).await.repeats(&first);
    }
    // The current state would give another response.
    let sold = Sold::read(&first.json()["data"]["booking"]);
    assert_eq!(partner.cancel(&sold.id).await.status, 200);
    partner.once("b-1", "/v2/bookings", &body).await.repeats(&first);
    assert_eq!(shop.count("select count(*) from bookings").await, 1);
    assert_eq!(standing(&partner.booking(&sold.id).await), ["Canceled Unpaid"; 2]);
}

#[tokio::test]
async fn actions_that_are_repeated_are_no_conflicts() {
    let shop = Shop::open().await;
    let partner = shop.website();
    for (name, line) in [
        ("pay", "paid Confirmed Paid"),
        ("book", "booked Confirmed Booked"),
        ("cancel", "canceled Canceled Unpaid"),
    ] {
        let sold = partner.sell(50, "kyiv", "lviv", 1).await;
        let path = action(&sold.id, name);
        let first = partner.once(name, &path, "").await;
        assert_eq!(first.short(), (200, String::new(), false), "{name}");
        partner.once(name, &path, "").await.repeats(&first);
        assert_eq!(shop.history(&sold.orders[0]).await, ["created Processing Unpaid", line]);
        // To repeat the action on purpose, a client uses another key.
        let again = partner.once(&format!("{name} again"), &path, "").await;
        assert_eq!(again.short(), (409, "ORDER_CONFLICT".to_owned(), false));
    }
}

#[tokio::test]
async fn where_a_booking_is_now_is_said_again() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let sold = partner.sell(50, "kyiv", "lviv", 1).await;
    let passenger = app::ticket::ticket_move::Identity {
        first_name: "Iryna".to_owned(),
        last_name: "Bondar".to_owned(),
        email: None,
        phones: vec![("+380501112233".to_owned(), Vec::new())],
    };
    let moving = app::ticket::ticket_move::TicketMove {
        passenger: Some(passenger),
        ..tickets(&[&sold.orders[0]])
    };
    let moved = shop.move_tickets(shop.company_id().await, &moving).await.unwrap();
    let first = partner.once("moved", &action(&sold.id, "pay"), "{}").await;
    assert_eq!(first.header("content-location"), format!("/v2/bookings/{moved}"));
    partner
        .once("moved", &action(&sold.id, "pay"), "{}")
        .await
        .repeats(&first);
}

#[tokio::test]
async fn an_idempotency_key_belongs_to_one_partner() {
    let shop = Shop::open().await;
    let (website, reseller) = (shop.website(), shop.reseller());
    let mut seen = Vec::new();
    for partner in [&website, &reseller] {
        let sold = partner.sell(50, "kyiv", "lviv", 1).await;
        let first = partner.once("1", &action(&sold.id, "pay"), "").await;
        assert_eq!(first.short(), (200, String::new(), false));
        seen.push((sold, first));
    }
    // The partner rotates its key; the retry comes with the new one.
    let now = shop.clock.now();
    let id = shop.partner_id("website").await;
    let key = api_key::key_text("local", [9; 32]);
    api_key::ensure(shop.pool(), &operator(), id, "local", "new", &key, now)
        .await
        .unwrap();
    shop.sql("update api_keys set revoked_at = now() where name = 'test'")
        .await;
    let (sold, first) = &seen[0];
    let path = action(&sold.id, "pay");
    let revoked = website.once("1", &path, "").await;
    assert_eq!(revoked.short(), (401, "UNAUTHORIZED".to_owned(), false));
    let rotated = Partner::new(&website, key);
    rotated.once("1", &path, "").await.repeats(first);
}

#[tokio::test]
async fn after_a_day_a_key_is_new() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let search = async || order(&partner.token(50, "kyiv", "lviv", 1).await, 1).to_string();
    let body = search().await;
    let first = partner.once("daily", "/v2/bookings", &body).await;
    shop.wait(24 * 60 - 1);
    partner.once("daily", "/v2/bookings", &body).await.repeats(&first);
    shop.wait(1);
    // Housekeeping has not run yet.
    let body = search().await;
    let second = partner.once("daily", "/v2/bookings", &body).await;
    assert_eq!(second.short(), (201, String::new(), false));
    partner.once("daily", "/v2/bookings", &body).await.repeats(&second);
    shop.wait(24 * 60);
    let cleared = delete_answers(shop.pool(), shop.clock.now(), BUDGET).await.unwrap();
    assert_eq!((cleared.rows, cleared.is_all), (1, true));
    assert_eq!(shop.count("select count(*) from idempotency_keys").await, 0);
}

#[tokio::test]
async fn without_a_key_nothing_is_kept_and_the_old_api_keeps_nothing() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let sold = partner.sell(50, "kyiv", "lviv", 1).await;
    assert_eq!(partner.pay(&sold.id).await.status, 200);
    let token = partner.token(50, "kyiv", "lviv", 1).await;
    let passenger = json!({
        "offerId": token, "firstName": "Olena", "lastName": "Kovalenko", "phones": [{ "phone": "+380671234567" }],
    });
    let body = json!({ "currency": "UAH", "passengers": [passenger] }).to_string();
    for _ in 0..2 {
        let old = partner.once("old", "/rest/orders", &body).await;
        assert_eq!(old.short(), (200, String::new(), false));
    }
    assert_eq!(shop.count("select count(*) from idempotency_keys").await, 0);
}
