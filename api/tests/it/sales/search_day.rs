//! Which day a search means, and how clock changes affect it.

use crate::harness::DAY;
use crate::sales::search::rides;
use crate::sales::support::Shop;

#[tokio::test]
async fn the_day_is_that_of_the_clock_in_the_city_of_departure() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let of = async |from: &str, to: &str, day: &str, company: &str| {
        // Offers with their own price in one of these currencies are listed without a rate.
        let mut offers = partner.offers(from, to, day, "").await;
        offers.extend(partner.offers(from, to, day, "&currency=EUR").await);
        rides(&offers, company)
    };
    let night = of("zhytomyr", "lviv", "2027-02-09", "trial-lines").await;
    assert_eq!(
        night[0], "2027-02-09T00:30:00+02:00 2027-02-09T07:00:00+02:00 390",
        "the service day is the day before"
    );
    assert!(of("kyiv", "zhytomyr", "2027-02-08", "trial-lines").await.len() > 1);
    assert_eq!(
        of("przemysl", "krakow", DAY, "trial-lines").await,
        ["2027-02-08T20:00:00+01:00 2027-02-09T00:00:00+01:00 240"],
        "21:00 in Kyiv is 20:00 in Przemyśl"
    );
    assert_eq!(
        of("lviv", "krakow", "2027-02-09", "demo-karpaty").await,
        [
            "2027-02-09T04:00:00+02:00 2027-02-09T10:45:00+01:00 465",
            "2027-02-09T07:30:00+02:00 2027-02-09T14:15:00+01:00 465",
        ],
        "28:00 of the day before"
    );
}

#[tokio::test]
async fn the_nights_on_which_clocks_change_keep_true_durations() {
    let shop = Shop::open_at("2027-03-20T08:00:00Z").await;
    let partner = shop.website();
    let of = async |from: &str, to: &str, day: &str, company: &str| {
        // Offers with their own price in one of these currencies are listed without a rate.
        let mut offers = partner.offers(from, to, day, "").await;
        offers.extend(partner.offers(from, to, day, "&currency=EUR").await);
        rides(&offers, company)
    };
    // Clocks go from 03:00 to 04:00 in Kyiv on 28 March: times count from noon minus twelve hours.
    assert_eq!(
        of("kyiv", "zhytomyr", "2027-03-27", "demo-karpaty").await,
        [
            "2027-03-27T18:00:00+02:00 2027-03-27T20:35:00+02:00 155",
            "2027-03-27T21:30:00+02:00 2027-03-28T00:05:00+02:00 155",
        ]
    );
    assert_eq!(
        of("rivne", "lviv", "2027-03-28", "demo-karpaty").await,
        [
            "2027-03-28T00:20:00+02:00 2027-03-28T04:50:00+03:00 210",
            "2027-03-28T04:50:00+03:00 2027-03-28T08:20:00+03:00 210",
        ],
        "the clock jumps on the way"
    );
    // 02:30 of 28 March counts from 23:00 of the day before.
    assert_eq!(
        of("odesa", "chisinau", "2027-03-28", "demo-danubiu").await,
        [
            "2027-03-28T01:30:00+02:00 2027-03-28T07:10:00+03:00 280",
            "2027-03-28T09:00:00+03:00 2027-03-28T13:40:00+03:00 280",
        ]
    );
    shop.travel("2027-10-25T08:00:00Z".parse().unwrap());
    // And back from 04:00 to 03:00 on 31 October.
    assert_eq!(
        of("rivne", "lviv", "2027-10-31", "demo-karpaty").await,
        [
            "2027-10-31T00:20:00+03:00 2027-10-31T03:50:00+03:00 210",
            "2027-10-31T03:50:00+03:00 2027-10-31T06:20:00+02:00 210",
        ]
    );
    assert_eq!(
        of("odesa", "chisinau", "2027-10-31", "demo-danubiu").await.len(),
        2,
        "each runs once on the long day"
    );
}
