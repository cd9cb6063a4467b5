//! Tickets as PDF files, for the partner and for the company.

use serde_json::json;

use crate::backoffice::counter::{Counter, buy};
use crate::harness::browser::Browser;
use crate::harness::partner::Partner;

/// A file as received: status, the headers that describe it, and bytes.
#[derive(Debug, PartialEq)]
struct File {
    status: u16,
    media_type: String,
    disposition: String,
    cache: String,
    tag: String,
    bytes: Vec<u8>,
}

async fn file(response: reqwest::Response) -> File {
    let header = |name: &str| {
        let value = response.headers().get(name);
        value.map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
    };
    File {
        status: response.status().as_u16(),
        media_type: header("content-type"),
        disposition: header("content-disposition"),
        cache: header("cache-control"),
        tag: header("etag"),
        bytes: response.bytes().await.unwrap().to_vec(),
    }
}

async fn of_partner(partner: &Partner, path: &str, known: &str) -> File {
    let request = partner.http.get(format!("{}{path}", partner.base));
    let request = request.header("x-api-key", partner.key.as_deref().unwrap());
    file(request.header("if-none-match", known).send().await.unwrap()).await
}

async fn of_company(clerk: &Browser, path: &str) -> File {
    file(clerk.fetch(clerk.http.get(format!("{}{path}", clerk.base))).await).await
}

#[tokio::test]
async fn partner_and_company_get_the_ticket_once_it_is_confirmed() {
    let counter = Counter::open().await;
    let (clerk, partner) = (counter.clerk().await, counter.website().await);
    let sold = buy(&partner, 50).await;
    let order = &sold.orders[0];
    let paths = [
        format!("/v2/bookings/{}/tickets/{order}.pdf", sold.id),
        format!("/v2/orders/{order}/ticket.pdf"),
    ];
    for (seen, who) in [
        (partner.get(&paths[0]).await, "partner"),
        (clerk.get(&paths[1]).await, "company"),
    ] {
        assert_eq!((seen.status, seen.code()), (409, "ORDER_CONFLICT"), "{who}");
        assert_eq!(
            seen.body["errors"][0]["details"],
            json!({ "orderIds": [order] }),
            "{who}"
        );
    }
    clerk.confirm(order).await.status(200);

    let ticket = of_partner(&partner, &paths[0], "").await;
    assert_eq!((ticket.status, ticket.media_type.as_str()), (200, "application/pdf"));
    assert_eq!(
        ticket.disposition,
        format!("attachment; filename=\"ticket-{order}.pdf\"")
    );
    assert_eq!(ticket.cache, "private, no-cache");
    assert!(
        ticket.bytes.starts_with(b"%PDF-") && ticket.bytes.len() < 200_000,
        "{}",
        ticket.bytes.len()
    );
    assert_eq!(
        of_company(&clerk, &paths[1]).await,
        ticket,
        "the same file, to the byte"
    );
    let again = of_partner(&partner, &paths[0], &ticket.tag).await;
    assert_eq!((again.status, again.bytes.len()), (304, 0));

    // The file shows the current state.
    partner.book(&sold.id).await.status(200);
    let booked = of_partner(&partner, &paths[0], &ticket.tag).await;
    assert_eq!(booked.status, 200, "it says now what is to be paid on board");
    assert_ne!(booked.bytes, ticket.bytes);
    partner.cancel(&sold.id).await.status(200);
    assert_eq!(of_partner(&partner, &paths[0], "").await.status, 409);
}

#[tokio::test]
async fn a_ticket_is_found_in_its_own_booking_only_and_by_its_owners() {
    let counter = Counter::open().await;
    let (clerk, partner) = (counter.clerk().await, counter.website().await);
    let (first, second) = (buy(&partner, 50).await, buy(&partner, 50).await);
    for sold in [&first, &second] {
        partner.book(&sold.id).await.status(200);
    }
    let other = counter.partner(counter.office.reseller).await;
    let foreign = buy(&other, 50).await;
    other.book(&foreign.id).await.status(200);
    let mut answers = Vec::new();
    for order in [
        &second.orders[0],
        &foreign.orders[0],
        "ord_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a",
        "nonsense",
        "%00",
    ] {
        let seen = partner
            .get(&format!("/v2/bookings/{}/tickets/{order}.pdf", first.id))
            .await;
        assert_eq!((seen.status, seen.code()), (404, "ORDER_NOT_FOUND"), "{order}");
        answers.push(seen.body);
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]));
    let seen = partner
        .get(&format!("/v2/bookings/{}/tickets/{}", first.id, first.orders[0]))
        .await;
    assert_eq!(seen.status, 404, "without the ending of a file");
    let seen = other
        .get(&format!("/v2/bookings/{}/tickets/{}.pdf", first.id, first.orders[0]))
        .await;
    seen.refused(404, "BOOKING_NOT_FOUND");
    let stranger = counter.office.at_karpaty(domain::role::Role::Admin).await;
    let seen = stranger
        .get(&format!("/v2/orders/{}/ticket.pdf", first.orders[0]))
        .await;
    seen.refused(404, "ORDER_NOT_FOUND");

    // The old id of a booking that was moved.
    let body = json!({ "departureDate": "2027-02-10" });
    let moved = clerk.post(&format!("/v2/orders/{}/move", first.orders[0]), &body).await;
    moved.status(200);
    let path = format!("/v2/bookings/{}/tickets/{}.pdf", first.id, first.orders[0]);
    assert_eq!(of_partner(&partner, &path, "").await.status, 200);
}
