//! The prices in search results.

use serde_json::Value;

use crate::harness::DAY;
use crate::harness::partner::is_of_company;
use crate::sales::support::Shop;

#[tokio::test]
async fn prices_are_the_companys_own_or_converted_up_to_a_whole_unit() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let prices = async |to: &str, currency: &str| {
        let offers = partner.offers("kyiv", to, DAY, &format!("&currency={currency}")).await;
        let offer = offers.into_iter().find(|offer| is_of_company(offer, 50))?;
        let prices = offer["prices"].as_array().unwrap().iter();
        let text = |price: &Value| format!("{} {}", price["amount"], price["currency"].as_str().unwrap());
        Some(prices.map(text).collect::<Vec<_>>())
    };
    assert_eq!(prices("lviv", "UAH").await.unwrap(), ["300 UAH", "7.77 EUR"]);
    assert_eq!(prices("lviv", "EUR").await.unwrap(), ["7.77 EUR", "300 UAH"]);
    assert_eq!(prices("rivne", "EUR").await, None, "there is no rate");
    shop.sql(
        "insert into exchange_rates (base, quote, rate, updated_at) values
             ('EUR', 'UAH', 60, now()), ('USD', 'UAH', 41.5, now()), ('EUR', 'PLN', 4, now());
         update publication set version = version + 1",
    )
    .await;
    assert_eq!(
        prices("rivne", "EUR").await.unwrap(),
        ["4 EUR", "200 UAH"],
        "3.33 is rounded up"
    );
    assert_eq!(
        prices("rivne", "USD").await.unwrap(),
        ["5 USD", "200 UAH"],
        "4.82 is rounded up"
    );
    assert_eq!(
        prices("rivne", "PLN").await.unwrap(),
        ["14 PLN", "200 UAH"],
        "13.33, through the euro"
    );
    assert_eq!(
        prices("lviv", "EUR").await.unwrap()[0],
        "7.77 EUR",
        "its own price is not converted"
    );
    assert_eq!(prices("rivne", "CZK").await, None);
}

#[tokio::test]
async fn a_conversion_that_comes_out_whole_is_not_rounded_up() {
    let shop = Shop::open().await;
    shop.sql(
        "insert into exchange_rates (base, quote, rate, updated_at) values ('EUR', 'UAH', 60, now());
         update publication set version = version + 1",
    )
    .await;
    let offers = shop
        .website()
        .offers("zhytomyr", "przemysl", DAY, "&currency=EUR")
        .await;
    let ours = offers.iter().find(|offer| is_of_company(offer, 4)).unwrap();
    assert_eq!(ours["prices"][0]["amount"], 5, "300 / 60, although 1 / 60 has no end");
}
