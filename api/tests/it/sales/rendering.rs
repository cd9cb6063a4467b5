//! Offers are composed from stored bytes: they equal what the types of the schema give, in gzip as well.

use std::io::Read as _;

use api::distribution::offer::wire::{Offer, OfferList, Source};
use app::offer::{MAX_OFFERS, Market, Search};
use domain::id::PartnerId;
use domain::language::Language;
use domain::money::Currency;
use reqwest::Method;
use serde::Serialize;

use crate::harness::DAY;
use crate::harness::partner::Partner;
use crate::sales::support::Shop;

/// City pairs with many offers, one or none; some in two time zones.
const PAIRS: [(&str, &str); 6] = [
    ("kyiv", "lviv"),
    ("zhytomyr", "krakow"),
    ("przemysl", "krakow"),
    ("kyiv", "rivne"),
    ("lviv", "kyiv"),
    ("kyiv", "przemysl"),
];

#[derive(Serialize)]
struct Envelope {
    data: OfferList,
}

/// The response to a search as the types of the schema give it.
async fn expected(shop: &Shop, partner_id: PartnerId, search: &Search) -> String {
    let published = shop.platform.serving().await.unwrap();
    let page = (MAX_OFFERS, 0);
    let market = Market::open(&shop.platform, &published, Some(partner_id))
        .await
        .unwrap();
    let offers = market.search(search, page).unwrap();
    let offers = offers.found.into_iter().map(|mut found| {
        let token = found.token.take().unwrap();
        let journey = published.timetable.journey(&found.connection).unwrap();
        Offer::new(&found, &journey, token, search.language)
    });
    let data = OfferList {
        offers: offers.collect(),
        source: Source::PrexSell,
    };
    serde_json::to_string(&Envelope { data }).unwrap()
}

/// The body of a response as it was sent, whether it was compressed, and its size on the wire.
async fn body(partner: &Partner, path: &str, gzip: bool) -> (String, bool, usize) {
    let request = partner.request(Method::GET, path);
    let request = if gzip {
        request.header("accept-encoding", "gzip")
    } else {
        request
    };
    let response = request.send().await.unwrap();
    assert_eq!(response.status().as_u16(), 200);
    let varies = response.headers().get_all("vary").iter();
    assert!(varies.into_iter().any(|value| value == "accept-encoding"));
    let packed = response
        .headers()
        .get("content-encoding")
        .is_some_and(|value| value == "gzip");
    let bytes = response.bytes().await.unwrap();
    let mut text = String::new();
    match packed {
        true => flate2::read::GzDecoder::new(&*bytes).read_to_string(&mut text).unwrap(),
        false => std::io::Cursor::new(&*bytes).read_to_string(&mut text).unwrap(),
    };
    (text, packed, bytes.len())
}

#[tokio::test]
async fn offers_are_the_bytes_that_the_schema_gives() {
    let shop = Shop::open().await;
    let partners = [
        (shop.website(), shop.partner_id("website").await),
        (shop.reseller(), shop.partner_id("reseller").await),
    ];
    let published = shop.platform.serving().await.unwrap();
    let city = |slug: &str| published.catalogue.city_by_slug(slug).unwrap().id;
    let sold = partners[0].0.sell(50, "kyiv", "lviv", 2).await;
    let mut compressed = 0;
    // The second round uses what the first has stored; later rounds follow a sale and a departure, so compressed offers
    // have other predecessors.
    for round in 0..4 {
        for (from, to) in PAIRS {
            for day in [DAY, "2027-03-28"] {
                for (language, currency) in [(Language::Uk, Currency::Uah), (Language::Pl, Currency::Eur)] {
                    for passengers in [1, 10] {
                        for (client, partner_id) in &partners {
                            let search = Search {
                                from: city(from),
                                to: city(to),
                                day: day.parse().unwrap(),
                                passengers,
                                currency,
                                language,
                            };
                            let expected = expected(&shop, *partner_id, &search).await;
                            let path = format!(
                                "/v2/offers?departureCity={from}&arrivalCity={to}&departureDate={day}&\
                                 passengers={passengers}&currency={currency}&language={language}"
                            );
                            let (plain, packed, _) = body(client, &path, false).await;
                            assert_eq!((plain, packed), (expected.clone(), false), "{round} {path}");
                            let (unpacked, packed, size) = body(client, &path, true).await;
                            assert_eq!(unpacked, expected, "{round} {path}");
                            assert_eq!(packed, expected.len() >= 1024, "{path}");
                            if packed {
                                assert!(size * 2 < expected.len() + 1024, "{size} of {}", expected.len());
                                compressed += 1;
                            }
                        }
                    }
                }
            }
        }
        match round {
            1 => {
                let _ten = partners[1].0.sell(20, "kyiv", "rivne", 10).await;
                let _one = partners[1].0.sell(20, "kyiv", "rivne", 1).await;
            }
            2 => {
                partners[0].0.cancel(&sold.id).await.status(200);
                shop.travel(crate::sales::support::kyiv(DAY, "08:30"));
            }
            _ => {}
        }
    }
    assert!(compressed > 50, "{compressed}");
}
