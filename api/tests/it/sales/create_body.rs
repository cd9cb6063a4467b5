//! Bodies of bookings that are refused.

use serde_json::json;

use crate::harness::partner::order;
use crate::sales::create::with;
use crate::sales::support::Shop;

#[tokio::test]
async fn every_rule_of_the_body_is_checked_and_named() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let good = order(&partner.token(50, "kyiv", "lviv", 2).await, 1);
    let refused = [
        ("/currency", json!("GBP"), "currency enum"),
        ("/currency", json!("PLN"), "currency enum"),
        ("/offerId", json!(""), "offerId minLength"),
        ("/offerId", json!("a.b.c"), "offerId offer"),
        ("/offerId", json!(5), "offerId type"),
        ("/note", json!("x".repeat(501)), "note maxLength"),
        ("/note", json!("a\u{0}b"), "note text"),
        ("/passengers", json!([]), "passengers minLength"),
        (
            "/passengers",
            json!(vec![good["passengers"][0].clone(); 3]),
            "passengers max",
        ),
        (
            "/passengers/0/firstName",
            json!(""),
            "passengers[0].firstName minLength",
        ),
        (
            "/passengers/0/lastName",
            json!("x".repeat(101)),
            "passengers[0].lastName maxLength",
        ),
        ("/passengers/0/email", json!("nobody"), "passengers[0].email email"),
        ("/passengers/0/phones", json!([]), "passengers[0].phones minLength"),
        (
            "/passengers/0/phones/0/phone",
            json!("067"),
            "passengers[0].phones[0].phone pattern",
        ),
        (
            "/passengers/0/phones/0/messengers",
            json!(["ICQ"]),
            "passengers[0].phones[0].messengers[0] enum",
        ),
        (
            "/passengers/0/discountId",
            json!("dsc_1"),
            "passengers[0].discountId discount",
        ),
        ("/passengers/0/prepaid", json!(-1), "passengers[0].prepaid min"),
        ("/passengers/0/prepaid", json!(300.01), "passengers[0].prepaid max"),
        (
            "/passengers/0/prepaid",
            json!(0.001),
            "passengers[0].prepaid multipleOf",
        ),
    ];
    for (pointer, value, refusal) in refused {
        let seen = partner.post("/v2/bookings", &with(&good, pointer, value)).await;
        assert_eq!(seen.fields(), [refusal], "{pointer}");
    }
    for field in [
        "price",
        "seats",
        "paymentRecipient",
        "invoice",
        "sessionId",
        "octobusRaceId",
        "blaBlaCarRaceId",
        "source",
    ] {
        let seen = partner
            .post("/v2/bookings", &with(&good, &format!("/{field}"), json!(1)))
            .await;
        assert_eq!(seen.fields(), [format!("{field} unknown")]);
        let body = with(&good, &format!("/passengers/0/{field}"), json!(1));
        assert_eq!(
            partner.post("/v2/bookings", &body).await.fields(),
            [format!("passengers[0].{field} unknown")]
        );
    }
    let both = with(
        &with(&good, "/currency", json!("CZK")),
        "/passengers",
        json!(vec![good["passengers"][0].clone(); 3]),
    );
    assert_eq!(
        partner.post("/v2/bookings", &both).await.fields(),
        ["passengers max", "currency enum"]
    );
    assert_eq!(
        shop.count("select count(*) from bookings").await,
        0,
        "nothing is half-written"
    );
    assert_eq!(shop.count("select count(*) from departures").await, 0);
    partner.post("/v2/bookings", &good).await.status(201);
}
