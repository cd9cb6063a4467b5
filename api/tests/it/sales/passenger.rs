//! Names and addresses of passengers: accepted ones can be printed and delivered.

use app::ticket::ticket_move::{Identity, TicketMove};
use db::error::AppError;
use domain::language::Messenger;
use serde_json::{Value, json};

use crate::harness::partner::{Sold, order};
use crate::sales::support::Shop;
use crate::sales::ticket_move::tickets;

/// Names that cannot be read, or that would affect the text around them, and the rule that they break.
const NAMES: [(&str, &str); 10] = [
    ("   ", "letter"),
    ("\u{a0}\u{3000}", "letter"),
    ("\u{200b}\u{200d}\u{feff}", "letter"),
    ("\u{301}\u{308}", "letter"),
    ("\u{3164}", "letter"),
    ("42", "letter"),
    ("🙂", "letter"),
    ("An\tna", "text"),
    ("Anna\r\nBcc: x@y.z", "text"),
    ("Anna\u{202e}xyz", "text"),
];

/// Addresses that mail cannot be sent to.
const ADDRESSES: [&str; 8] = [
    "\"a b\"@example.com",
    "олена@example.com",
    "a@localhost",
    "a@[192.0.2.1]",
    "a@192.0.2.1",
    "a@exa_mple.com",
    "a@-x.example",
    "Olena <olena@example.com>",
];

#[tokio::test]
async fn what_cannot_be_printed_or_delivered_is_refused_and_named() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let token = partner.token(50, "kyiv", "lviv", 2).await;
    let mut old = json!({ "currency": "UAH", "passengers": order(&token, 2)["passengers"] });
    for passenger in old["passengers"].as_array_mut().unwrap() {
        passenger["offerId"] = json!(token);
    }
    let post = async |path: &str, body: &Value, field: &str, value: &str| {
        let mut body = body.clone();
        body["passengers"][1][field] = json!(value);
        partner.post(path, &body).await
    };
    for (path, body) in [("/v2/bookings", order(&token, 2)), ("/rest/orders", old)] {
        for (name, constraint) in NAMES {
            for field in ["firstName", "lastName"] {
                let seen = post(path, &body, field, name).await;
                seen.status(400);
                assert_eq!(
                    seen.fields(),
                    [format!("passengers[1].{field} {constraint}")],
                    "{path} {name:?}"
                );
            }
        }
        for address in ADDRESSES {
            let seen = post(path, &body, "email", address).await;
            assert_eq!(seen.fields(), ["passengers[1].email email"], "{path} {address}");
        }
    }
    let mut several = order(&token, 2);
    several["currency"] = json!("CZK");
    (
        several["passengers"][0]["firstName"],
        several["passengers"][1]["lastName"],
    ) = (json!(" "), json!("\u{7}"));
    let seen = partner.post("/v2/bookings", &several).await;
    assert_eq!(
        seen.fields(),
        [
            "passengers[0].firstName letter",
            "passengers[1].lastName letter",
            "currency enum"
        ]
    );
    assert_eq!(
        shop.count("select count(*) from passengers").await,
        0,
        "nothing is half-written"
    );
}

#[tokio::test]
async fn names_and_addresses_are_kept_in_one_form() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let mut body = order(&partner.token(50, "kyiv", "lviv", 1).await, 1);
    let passenger = &mut body["passengers"][0];
    passenger["firstName"] = json!(" \u{feff}Сергі\u{438}\u{306}\n");
    passenger["lastName"] = json!("\u{a0}王小明 ");
    passenger["email"] = json!("Info@АВТОБУС.укр");
    let sold = Sold::of(&partner.post("/v2/bookings", &body).await);
    let kept = &partner.booking(&sold.id).await["tickets"][0]["passenger"];
    assert_eq!(
        (&kept["firstName"], &kept["lastName"], &kept["email"]),
        (
            &json!("Сергі\u{439}"),
            &json!("王小明"),
            &json!("Info@xn--80acc2cqdj.xn--j1amh")
        )
    );
}

#[tokio::test]
async fn passengers_that_no_message_reaches_are_named() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let mut body = order(&partner.token(50, "kyiv", "lviv", 4).await, 4);
    body["passengers"][1]["email"] = json!("olena@example.com");
    body["passengers"][2]["phones"][0]["messengers"] = json!(["Viber"]);
    body["passengers"][3]["phones"][0]["messengers"] = json!(["Telegram", "WhatsApp"]);
    let seen = partner.post("/v2/bookings", &body).await;
    seen.status(201);
    let tickets = &seen.body["data"]["booking"]["tickets"];
    let warnings = seen.body["data"]["warnings"].as_array().unwrap();
    let named: Vec<_> = warnings
        .iter()
        .map(|warning| (&warning["code"], &warning["passengerId"]))
        .collect();
    let code = json!("PASSENGER_UNREACHABLE");
    assert_eq!(
        named,
        [
            (&code, &tickets[0]["passenger"]["id"]),
            (&code, &tickets[3]["passenger"]["id"])
        ]
    );
    for warning in warnings {
        assert!(warning["message"].as_str().unwrap().contains("no e-mail address"));
        assert_eq!(warning.as_object().unwrap().len(), 3);
    }
    // Exactly these get no message.
    let told = "select count(distinct ticket_id) from notifications";
    assert_eq!(shop.count(told).await, 2);
    let id = seen.body["data"]["booking"]["id"].as_str().unwrap();
    assert_eq!(
        partner.get(&format!("/v2/bookings/{id}")).await.body["data"]
            .as_object()
            .unwrap()
            .len(),
        1,
        "it is said once"
    );

    body["passengers"] = json!([body["passengers"][1], body["passengers"][2]]);
    let seen = partner.post("/v2/bookings", &body).await;
    assert_eq!(
        seen.body["data"].as_object().unwrap().keys().collect::<Vec<_>>(),
        ["booking"]
    );
}

#[tokio::test]
async fn another_passenger_is_judged_by_the_same_rules() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let sold = partner.sell(50, "kyiv", "lviv", 1).await;
    let company = shop.company_id().await;
    let identity = |first_name: &str, email: &str| TicketMove {
        passenger: Some(Identity {
            first_name: first_name.to_owned(),
            last_name: "Bondar".to_owned(),
            email: Some(email.to_owned()),
            phones: vec![("+380671234567".to_owned(), vec![Messenger::Viber])],
        }),
        ..tickets(&[&sold.orders[0]])
    };
    let refused = shop.move_tickets(company, &identity("\u{200b}", "a@localhost")).await;
    let Err(AppError::Validation(fields)) = refused else {
        panic!("{refused:?}")
    };
    let named: Vec<_> = fields
        .iter()
        .map(|field| (field.field.as_str(), field.constraint.as_str()))
        .collect();
    assert_eq!(named, [("passenger.firstName", "letter"), ("passenger.email", "email")]);
    let moved = shop
        .move_tickets(company, &identity(" Тарас", "taras@Bücher.example"))
        .await
        .unwrap();
    let passenger = &partner.booking(&moved.to_string()).await["tickets"][0]["passenger"];
    assert_eq!(
        (&passenger["firstName"], &passenger["email"]),
        (&json!("Тарас"), &json!("taras@xn--bcher-kva.example"))
    );
}
