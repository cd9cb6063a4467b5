//! Responses to searches are stored and sent again, but never longer than they are correct.

use app::offer::Market;
use app::permission;
use chrono::TimeDelta;
use domain::company::PartnerAccess;
use domain::payment_window::PAYMENT_WINDOW;
use serde_json::Value;
use testing::world::operator;

use crate::harness::DAY;
use crate::harness::caller::Caller;
use crate::sales::support::{Shop, kyiv};

/// When the searches are sent: a tenth of a second after a full second.
const NOON: &str = "2027-02-01T10:00:00.100Z";

fn offers() -> String {
    format!("/v2/offers?departureCity=kyiv&arrivalCity=lviv&departureDate={DAY}&passengers=1")
}

fn schedule() -> String {
    format!("/v2/offers/schedule?departureCitySlug=kyiv&arrivalCitySlug=lviv&date={DAY}")
}

/// The data of a search that succeeds.
async fn data(caller: &Caller, path: &str) -> Value {
    let seen = caller.get(path).await;
    seen.status(200);
    seen.body["data"].clone()
}

async fn seats_left(caller: &Caller, path: &str) -> Vec<u64> {
    let data = data(caller, path).await;
    let list = data["offers"].as_array().or(data["departures"].as_array()).unwrap();
    list.iter().map(|offer| offer["seatsLeft"].as_u64().unwrap()).collect()
}

#[tokio::test]
async fn a_kept_response_is_only_for_the_same_caller_and_encoding() {
    let shop = Shop::open_at(NOON).await;
    let (website, reseller, visitor) = (shop.website(), shop.reseller(), shop.visitor());
    let id = |answer: &Value| answer["departures"][0]["id"].as_str().unwrap().to_owned();
    // Each twice and in turns: what is stored for one caller is not sent to another.
    for _ in 0..2 {
        let ours = data(&website, &offers()).await["offers"][0]["id"].clone();
        let theirs = data(&reseller, &offers()).await["offers"][0]["id"].clone();
        assert_ne!(ours, theirs, "a token is its partner's");
        let token = ours.as_str().unwrap();
        reseller.create(token, 1).await.status(400);
        assert!(id(&data(&visitor, &schedule()).await).starts_with("dep_"));
        assert!(!id(&data(&website, &schedule()).await).starts_with("dep_"));
        let old = format!("/rest/offers?departureCity=kyiv&arrivalCity=lviv&departureDate={DAY}&passengersQty=1");
        assert!(data(&website, &old).await["results"].is_array());
        let total = data(&visitor, &schedule()).await["total"].as_u64().unwrap();
        let page = data(&visitor, &format!("{}&take=1", schedule())).await;
        assert_eq!(
            (
                page["total"].as_u64().unwrap(),
                page["departures"].as_array().unwrap().len()
            ),
            (total, 1)
        );
    }
}

#[tokio::test]
async fn tokens_of_a_kept_answer_last_as_long_as_those_of_a_new_one() {
    let shop = Shop::open_at(NOON).await;
    let website = shop.website();
    let expires_at = async || data(&website, &offers()).await["offers"][0]["expiresAt"].clone();
    assert_eq!(expires_at().await, "2027-02-01T10:20:00.000Z");
    shop.clock.advance(TimeDelta::milliseconds(899));
    assert_eq!(expires_at().await, "2027-02-01T10:20:00.000Z");
    shop.clock.advance(TimeDelta::milliseconds(1));
    assert_eq!(expires_at().await, "2027-02-01T10:20:01.000Z");
    // The clock was set back.
    shop.clock.advance(TimeDelta::milliseconds(-1));
    assert_eq!(expires_at().await, "2027-02-01T10:20:00.000Z");
}

#[tokio::test]
async fn what_is_kept_ends_with_a_sale_a_lapse_and_a_permission_in_the_same_second() {
    let shop = Shop::open_at(NOON).await;
    let (website, reseller) = (shop.website(), shop.reseller());
    for path in [offers(), schedule()] {
        let before = seats_left(&website, &path).await;
        assert_eq!(seats_left(&website, &path).await, before);
        let sold = reseller.sell(50, "kyiv", "lviv", 2).await;
        let after = seats_left(&website, &path).await;
        assert_ne!(after, before);
        reseller.cancel(&sold.id).await.status(200);
        assert_eq!(seats_left(&website, &path).await, before);
    }
    // The same for a visitor, whose response has no tokens and so does not end with the second: seats are free again at
    // the instant at which a ticket expires.
    let visitor = shop.visitor();
    let before = seats_left(&visitor, &schedule()).await;
    let _unpaid = reseller.sell(50, "kyiv", "lviv", 2).await;
    let taken = seats_left(&visitor, &schedule()).await;
    assert_ne!(taken, before);
    shop.clock.advance(PAYMENT_WINDOW - TimeDelta::microseconds(1));
    assert_eq!(seats_left(&visitor, &schedule()).await, taken);
    shop.clock.advance(TimeDelta::microseconds(1));
    assert_eq!(seats_left(&visitor, &schedule()).await, before);

    let before = seats_left(&website, &offers()).await.len();
    let (company, partner) = (shop.company_id().await, shop.partner_id("website").await);
    let nothing_but = [PartnerAccess::Cancel];
    permission::set(
        shop.pool(),
        shop.clock.now(),
        &operator(),
        company,
        partner,
        &nothing_but,
    )
    .await
    .unwrap();
    assert!(seats_left(&website, &offers()).await.len() < before);
    assert_eq!(seats_left(&reseller, &offers()).await.len(), before);
}

#[tokio::test]
async fn a_departure_leaves_a_kept_answer_when_it_closes_for_sale() {
    let shop = Shop::open_at(NOON).await;
    let visitor = shop.visitor();
    let departures = async || {
        data(&visitor, &schedule()).await["departures"]
            .as_array()
            .unwrap()
            .clone()
    };
    let first = departures().await[0].clone();
    let departs_at = first["departureDateTime"].as_str().unwrap();
    let departs_at = departs_at.parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    let cutoff = shop.count("select max(sales_cutoff_minutes)::bigint from companies");
    let closes_at = departs_at - TimeDelta::minutes(cutoff.await);
    shop.travel(closes_at - TimeDelta::microseconds(1));
    assert_eq!(departures().await[0]["departureDateTime"], first["departureDateTime"]);
    shop.travel(closes_at);
    assert!(
        departures()
            .await
            .iter()
            .all(|next| next["departureDateTime"] != first["departureDateTime"])
    );
    shop.travel(kyiv(DAY, "00:01"));
    assert_eq!(departures().await[0]["departureDateTime"], first["departureDateTime"]);
}

#[tokio::test]
async fn a_search_that_is_answered_from_what_is_kept_counts() {
    let shop = Shop::open_at(NOON).await;
    let website = shop.website();
    let found = seats_left(&website, &offers()).await.len();
    for _ in 0..4 {
        assert_eq!(seats_left(&website, &offers()).await.len(), found);
    }
    shop.platform.usage.flush(shop.pool()).await.unwrap();
    let usage = data(&website, "/v2/partner/usage?from=2027-02-01").await;
    let day = &usage["days"][0];
    assert_eq!(day["looks"], 5);
    assert_eq!(day["offers"].as_u64().unwrap(), 5 * found as u64);
}

#[tokio::test]
async fn a_search_that_a_refresh_has_overtaken_is_not_the_latest() {
    let shop = Shop::open_at(NOON).await;
    let published = shop.platform.serving().await.unwrap();
    let before = Market::open(&shop.platform, &published, None).await.unwrap();
    assert!(before.is_latest());
    let _unpaid = shop.reseller().sell(50, "kyiv", "lviv", 1).await;
    let after = Market::open(&shop.platform, &published, None).await.unwrap();
    assert!(!before.is_latest() && after.is_latest());
}
