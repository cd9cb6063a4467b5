//! Refusals with a key: which are replayed, which are not, and those that are about the key itself.

use poem::http::{HeaderValue, Method};
use rstest::rstest;

use super::action;
use crate::harness::caller::send;
use crate::harness::partner::order;
use crate::sales::support::Shop;

#[tokio::test]
async fn a_refusal_is_given_again_to_the_byte() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let sold = partner.sell(50, "kyiv", "lviv", 1).await;
    let token = partner.token(50, "kyiv", "lviv", 1).await;
    shop.wait(20);
    let pay = action(&sold.id, "pay");
    let unknown = action("bkg_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a", "pay");
    for (path, body, status, code) in [
        ("/v2/bookings", "{", 400, "VALIDATION_ERROR"),
        ("/v2/bookings", "{\"offerId\":1}", 400, "VALIDATION_ERROR"),
        ("/v2/bookings", &order(&token, 1).to_string(), 400, "OFFER_EXPIRED"),
        (&unknown, "{}", 404, "BOOKING_NOT_FOUND"),
        (&action("bkg_1", "pay"), "{}", 404, "BOOKING_NOT_FOUND"),
        (&pay, "{\"orderIds\":[\"ord_1\"]}", 404, "ORDER_NOT_FOUND"),
        (&pay, "{\"orderIds\":[]}", 400, "VALIDATION_ERROR"),
    ] {
        let key = format!("{path}{}", &body[..body.len().min(40)]);
        let first = partner.once(&key, path, body).await;
        assert_eq!(first.short(), (status, code.to_owned(), false), "{key}");
        partner.once(&key, path, body).await.repeats(&first);
    }
}

#[tokio::test]
async fn a_conflict_is_not_kept() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let sold = partner.sell(50, "kyiv", "lviv", 1).await;
    assert_eq!(partner.book(&sold.id).await.status, 200);
    let path = action(&sold.id, "book");
    for _ in 0..3 {
        // Without a pause: the previous request leaves nothing behind.
        let told = partner.once("k", &path, "").await;
        assert_eq!(told.short(), (409, "ORDER_CONFLICT".to_owned(), false));
    }
    // The reason for the conflict goes away.
    let tokens = [
        partner.token(4, "kyiv", "lviv", 4).await,
        partner.token(4, "kyiv", "lviv", 4).await,
    ];
    let blocking = crate::harness::partner::Sold::of(&partner.create(&tokens[0], 4).await);
    let body = order(&tokens[1], 4).to_string();
    let told = partner.once("b", "/v2/bookings", &body).await;
    assert_eq!(told.short(), (409, "SEATS_UNAVAILABLE".to_owned(), false));
    assert_eq!(partner.cancel(&blocking.id).await.status, 200);
    let told = partner.once("b", "/v2/bookings", &body).await;
    assert_eq!(told.short(), (201, String::new(), false));
}

#[tokio::test]
async fn a_fault_is_not_kept_and_takes_its_effect_along() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let sold = partner.sell(50, "kyiv", "lviv", 1).await;
    let path = action(&sold.id, "pay");
    shop.sql(
        "create function refuse() returns trigger language plpgsql as $$ begin raise 'broken'; end $$;
         create trigger broken before insert on idempotency_keys for each row execute function refuse()",
    )
    .await;
    let told = partner.once("k", &path, "").await;
    assert_eq!(told.short(), (500, "INTERNAL_ERROR".to_owned(), false));
    assert_eq!(shop.history(&sold.orders[0]).await, ["created Processing Unpaid"]);
    shop.sql("drop trigger broken on idempotency_keys").await;
    let told = partner.once("k", &path, "").await;
    assert_eq!(told.short(), (200, String::new(), false));
}

#[tokio::test]
async fn a_key_belongs_to_one_request() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let sold = partner.sell(50, "kyiv", "lviv", 1).await;
    let pay = action(&sold.id, "pay");
    let first = partner.once("k", &pay, "{}").await;
    assert_eq!(first.status, 200);
    let reused = (422, "IDEMPOTENCY_KEY_REUSED".to_owned(), false);
    for (path, body) in [
        (&pay, ""),
        (&pay, "{ }"),
        (&pay, "{"),
        (&action(&sold.id, "cancel"), "{}"),
        (&format!("{pay}?"), "{}"),
        (&"/v2/bookings".to_owned(), "{}"),
    ] {
        let told = partner.once("k", path, body).await;
        assert_eq!(told.short(), reused, "{path} {body}");
    }
    partner.once("k", &pay, "{}").await.repeats(&first);
    // Also of a request that was refused before its body was understood.
    assert_eq!(partner.once("x", &pay, "{").await.status, 400);
    assert_eq!(partner.once("x", &pay, "{}").await.short(), reused);
}

#[rstest]
#[case::nothing(vec![String::new()], "minLength")]
#[case::too_much(vec!["k".repeat(256)], "maxLength")]
#[case::a_tab(vec!["a\tb".to_owned()], "pattern")]
#[case::letters_that_are_none_of_ascii(vec!["ключ".to_owned()], "pattern")]
#[case::two(vec!["a".to_owned(), "b".to_owned()], "single")]
#[tokio::test]
async fn a_key_that_is_none_is_refused(#[case] keys: Vec<String>, #[case] constraint: &str) {
    let shop = Shop::open().await;
    let partner = shop.website();
    let sold = partner.sell(50, "kyiv", "lviv", 1).await;
    let mut request = partner.request(Method::POST, &action(&sold.id, "pay"));
    for key in keys {
        request = request.header("idempotency-key", HeaderValue::from_bytes(key.as_bytes()).unwrap());
    }
    let seen = send(request).await;
    assert_eq!(seen.fields(), [format!("Idempotency-Key {constraint}")]);
    assert_eq!(shop.history(&sold.orders[0]).await.len(), 1);
}

#[tokio::test]
async fn the_longest_key_is_taken_and_a_missing_credential_is_refused_first() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let sold = partner.sell(50, "kyiv", "lviv", 1).await;
    let (key, path) = ("~".repeat(255), action(&sold.id, "pay"));
    let stranger = shop.visitor().once(&key, &path, "{").await;
    assert_eq!(stranger.short(), (401, "UNAUTHORIZED".to_owned(), false));
    let first = partner.once(&key, &path, "").await;
    assert_eq!(first.status, 200);
    partner.once(&key, &path, "").await.repeats(&first);
    let stranger = shop.visitor().once(&key, &path, "").await;
    assert_eq!(stranger.short(), (401, "UNAUTHORIZED".to_owned(), false));
    assert_eq!(shop.count("select count(*) from idempotency_keys").await, 1);
}
