//! Fares V2: prices between areas.

use common::domain::gtfs::model::Feed;
use common::testing::feed::TestFeed;
use rstest::rstest;

use super::read;

/// The tiny feed with Fares V2 instead of V1: its stops lie in the areas `ua-kyiv` (Kyiv, Zhytomyr) and `ua-lviv` (Lviv).
fn with(products: &str, legs: &str) -> TestFeed {
    TestFeed::tiny()
        .without("fare_attributes.txt")
        .without("fare_rules.txt")
        .replace("stops.txt", "zone_id,platform_code", "note,platform_code")
        .file("areas.txt", "area_id,area_name\nua-kyiv,Kyiv\nua-lviv,Lviv\n")
        .file(
            "stop_areas.txt",
            "area_id,stop_id\nua-kyiv,kyiv\nua-kyiv,zhytomyr\nua-lviv,lviv\n",
        )
        .file("fare_products.txt", products)
        .file("fare_leg_rules.txt", legs)
}

const LEGS: &str = "leg_group_id,network_id,from_area_id,to_area_id,fare_product_id\n";
const PRODUCTS: &str = "fare_product_id,fare_product_name,amount,currency\n";

fn prices(feed: &Feed) -> Vec<String> {
    let name = |zone: &Option<String>| zone.clone().unwrap_or_else(|| "*".to_owned());
    let priced = feed.fares.iter().map(|fare| {
        let scope = &fare.scope;
        format!("{} {} {}", name(&scope.origin), name(&scope.destination), fare.price)
    });
    let unpriced =
        (feed.unpriced.iter()).map(|scope| format!("{} {} -", name(&scope.origin), name(&scope.destination)));
    let mut prices: Vec<String> = priced.chain(unpriced).collect();
    prices.sort();
    prices
}

#[test]
fn products_hold_between_the_areas_of_their_rules() {
    let feed = with(
        &format!("{PRODUCTS}kl,Kyiv-Lviv,700,UAH\nkk,Around Kyiv,80,UAH\n"),
        &format!("{LEGS}g,,ua-kyiv,ua-lviv,kl\ng,,ua-kyiv,ua-kyiv,kk\n"),
    );
    let (feed, findings) = read(&feed);
    assert_eq!(findings.flaws, []);
    assert_eq!(
        prices(&feed),
        ["ua-kyiv ua-kyiv 80.00 UAH", "ua-kyiv ua-lviv 700.00 UAH"]
    );
    let zones: Vec<_> = feed.stops.iter().map(|stop| stop.zone.as_deref().unwrap()).collect();
    assert_eq!(zones, ["ua-kyiv", "ua-kyiv", "-", "ua-lviv"]);
}

#[rstest]
#[case::default_category(
    "fare_product_id,fare_product_name,rider_category_id,amount,currency\nkl,,old,350,UAH\nkl,,all,700,UAH\n",
    "rider_category_id,rider_category_name,is_default_fare_category\nall,Everybody,1\nold,Over 60,0\n",
    &["ua-kyiv ua-lviv 700.00 UAH"]
)]
#[case::named_category(
    "fare_product_id,fare_product_name,rider_category_id,amount,currency\nkl,,c1,350,UAH\nkl,,c2,700,UAH\n",
    "rider_category_id,rider_category_name\nc2,Adult\nc1,Child\n",
    &["ua-kyiv ua-lviv 700.00 UAH"]
)]
#[case::nothing_says(
    "fare_product_id,fare_product_name,fare_media_id,amount,currency\nkl,,card,650,UAH\nkl,,cash,700,UAH\n",
    "rider_category_id,rider_category_name\n",
    &["ua-kyiv ua-lviv 700.00 UAH"]
)]
#[case::only_others(
    "fare_product_id,fare_product_name,rider_category_id,amount,currency\nkl,,old,350,UAH\n",
    "rider_category_id,rider_category_name,is_default_fare_category\nall,Everybody,1\nold,Over 60,0\n",
    &[]
)]
fn the_default_category_is_an_adults(#[case] products: &str, #[case] categories: &str, #[case] expected: &[&str]) {
    let feed = with(products, &format!("{LEGS}g,,ua-kyiv,ua-lviv,kl\n")).file("rider_categories.txt", categories);
    let (feed, findings) = read(&feed);
    assert_eq!(prices(&feed), expected);
    assert_eq!(findings.fares.len(), 1, "{findings:?}");
}

#[test]
fn a_blank_area_is_what_no_rule_names_and_priorities_change_that() {
    let products = format!("{PRODUCTS}kl,,700,UAH\nrest,,500,UAH\n");
    let (feed, _) = read(&with(&products, &format!("{LEGS}g,,ua-kyiv,ua-lviv,kl\ng,,,,rest\n")));
    assert_eq!(
        prices(&feed),
        ["ua-kyiv ua-lviv 700.00 UAH"],
        "from Rivne to Lviv nothing is stated"
    );
    let (feed, _) = read(&with(&products, &format!("{LEGS}g,,ua-kyiv,,kl\ng,,,ua-lviv,rest\n")));
    assert_eq!(
        prices(&feed),
        [
            "- ua-lviv 500.00 UAH",
            "ua-kyiv - 700.00 UAH",
            "ua-kyiv ua-kyiv 700.00 UAH"
        ]
    );
    let legs = "leg_group_id,network_id,from_area_id,to_area_id,fare_product_id,rule_priority\n\
                g,,ua-kyiv,ua-lviv,kl,1\ng,,,,rest,\n";
    let (feed, findings) = read(&with(&products, legs));
    assert_eq!(
        prices(&feed),
        [
            "- ua-lviv 500.00 UAH",
            "ua-kyiv - 500.00 UAH",
            "ua-kyiv ua-kyiv 500.00 UAH",
            "ua-kyiv ua-lviv 700.00 UAH"
        ]
    );
    assert_eq!(findings.fares, [""; 0]);
}

#[test]
fn networks_keep_prices_to_their_routes() {
    let products = format!("{PRODUCTS}kl,,700,UAH\nslow,,400,UAH\n");
    let feed = with(
        &products,
        &format!("{LEGS}g,fast,ua-kyiv,ua-lviv,kl\ng,slow,ua-kyiv,ua-lviv,slow\n"),
    )
    .file(
        "routes.txt",
        "route_id,agency_id,route_long_name,network_id\nK1,tiny,a,fast\nK2,tiny,b,\n",
    )
    .file("route_networks.txt", "network_id,route_id\nslow,K2\n")
    .replace("trips.txt", "K1,daily,night", "K2,daily,night");
    let (feed, findings) = read(&feed);
    assert_eq!(findings.flaws, []);
    let of_routes: Vec<_> = feed
        .fares
        .iter()
        .map(|fare| (fare.scope.route, fare.price.to_string()))
        .collect();
    assert_eq!(
        of_routes,
        [(Some(0), "700.00 UAH".to_owned()), (Some(1), "400.00 UAH".to_owned())]
    );
}

#[test]
fn a_station_stands_for_its_stops() {
    let feed = with(
        &format!("{PRODUCTS}kl,,700,UAH\n"),
        &format!("{LEGS}g,,ua-kyiv,ua-lviv,kl\n"),
    )
    .replace("stops.txt", "note,platform_code", "parent_station,location_type")
    .replace("stops.txt", "kyiv,5", "hall,")
    .replace("stops.txt", "30.5238,", "30.5238,")
    .replace("stop_areas.txt", "ua-kyiv,kyiv", "ua-kyiv,hall");
    let stops = String::from_utf8(feed.files["stops.txt"].clone()).unwrap();
    let (feed, findings) = read(&feed.file("stops.txt", format!("{stops}hall,Hall,,50.45,30.5,,1\n")));
    assert_eq!(findings.flaws, []);
    assert_eq!(feed.stops[0].zone.as_deref(), Some("ua-kyiv"));
    assert_eq!(prices(&feed), ["ua-kyiv ua-lviv 700.00 UAH"]);
}

#[rstest]
#[case::unknown_product(PRODUCTS, "g,,ua-kyiv,ua-lviv,ghost\n", &["ua-kyiv ua-lviv -"])]
#[case::unreadable_price("fare_product_id,fare_product_name,amount,currency\nkl,,7OO,UAH\n", "g,,ua-kyiv,ua-lviv,kl\n", &["ua-kyiv ua-lviv -"])]
#[case::misshapen_rule("fare_product_id,fare_product_name,amount,currency\nkl,,700,UAH\n", "g,,ua-kyiv,ua-lviv,kl,x\n", &["ua-kyiv ua-lviv -"])]
#[case::unknown_area("fare_product_id,fare_product_name,amount,currency\nkl,,700,UAH\n", "g,,ua-kyiv,mars,kl\n", &[])]
fn what_cannot_be_read_closes_the_pair(#[case] products: &str, #[case] legs: &str, #[case] expected: &[&str]) {
    let (feed, findings) = read(&with(products, &format!("{LEGS}{legs}")));
    assert_eq!(prices(&feed), expected);
    assert_eq!(findings.flaws.len(), 1, "{findings:?}");
}

#[test]
fn fares_of_both_versions_are_several_fares() {
    let feed = TestFeed::tiny()
        .file("stop_areas.txt", "area_id,stop_id\na,kyiv\nb,lviv\n")
        .file("fare_products.txt", format!("{PRODUCTS}kl,,300,UAH\n"))
        .file("fare_leg_rules.txt", format!("{LEGS}g,,a,b,kl\n"));
    let (feed, findings) = read(&feed);
    assert_eq!(
        prices(&feed),
        [
            "kyiv+a lviv+b 300.00 UAH",
            "kyiv+a lviv+b 760.00 UAH",
            "kyiv+a zhytomyr 250.00 UAH",
            "zhytomyr rivne 250.00 UAH"
        ]
    );
    assert_eq!(
        findings.fares, [""; 0],
        "the one that is stated for the line holds, and it is the higher one"
    );
}
