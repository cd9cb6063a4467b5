//! Names of cities in searches and responses.

use serde_json::Value;

use crate::harness::DAY;
use crate::harness::partner::is_of_company;
use crate::sales::support::Shop;

#[tokio::test]
async fn names_come_in_the_asked_language_or_fall_back() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let name = async |language: &str| {
        let path = format!("/v2/offers?departureCity=kyiv&arrivalCity=lviv&departureDate={DAY}&passengers=1{language}");
        let seen = partner.get(&path).await;
        let offers = seen.body["data"]["offers"].as_array().unwrap().clone();
        let ours = offers.into_iter().find(|offer| is_of_company(offer, 50)).unwrap();
        ours["slices"][0]["stops"][0]["city"]["name"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(name("").await, "Київ", "Ukrainian when nothing is said");
    for (language, expected) in [
        ("UK", "Київ"),
        ("PL", "Kijów"),
        ("CS", "Kyjev"),
        ("EN", "Kyiv"),
        ("RU", "Киев"),
    ] {
        assert_eq!(name(&format!("&language={language}")).await, expected);
    }
    shop.sql(
        "delete from city_names where language in ('CS', 'RU') and name in ('Kyjev', 'Киев');
         update publication set version = version + 1",
    )
    .await;
    assert_eq!(name("&language=CS").await, "Київ", "first to Ukrainian");
    shop.sql(
        "delete from city_names where language = 'UK' and name = 'Київ';
         update publication set version = version + 1",
    )
    .await;
    assert_eq!(name("&language=CS").await, "Kyiv", "then to English");
}

#[tokio::test]
async fn cities_are_found_by_the_name_that_people_there_use_whatever_the_language() {
    let shop = Shop::open().await;
    for (search, slug) in [
        ("Wien", "vienna"),
        ("București", "bucharest"),
        ("bucuresti", "bucharest"),
        ("Praha", "prague"),
        ("Warszawa", "warsaw"),
        ("Київ", "kyiv"),
        ("Chișinău", "chisinau"),
    ] {
        for language in ["UK", "EN", "RU"] {
            let path = format!("/v2/cities?language={language}&search={search}");
            let seen = shop.visitor().get(&path).await;
            let slugs: Vec<&Value> = seen.body["data"]["cities"]
                .as_array()
                .unwrap()
                .iter()
                .map(|city| &city["slug"])
                .collect();
            assert_eq!(slugs, [slug], "{search} {language}");
        }
    }
}
