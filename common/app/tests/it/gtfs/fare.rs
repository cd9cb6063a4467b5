//! Fares V1: which price a pair has, and when none.

use domain::gtfs::model::{Feed, Scope};
use domain::gtfs::{FareTerms, Findings, Terms};
use rstest::rstest;
use testing::feed::TestFeed;

use super::{read, terms};

/// The tiny feed with these rows in its files of fares.
pub fn with(attributes: &str, rules: &str) -> TestFeed {
    let feed = TestFeed::tiny().file(
        "fare_attributes.txt",
        format!("fare_id,price,currency_type\n{attributes}"),
    );
    match rules {
        "" => feed.without("fare_rules.txt"),
        rules => feed.file(
            "fare_rules.txt",
            format!("fare_id,route_id,origin_id,destination_id,contains_id\n{rules}"),
        ),
    }
}

pub fn on(fares: FareTerms) -> Terms {
    Terms { fares, ..terms() }
}

fn scope(scope: &Scope) -> String {
    let any = |zone: &Option<String>| zone.clone().unwrap_or_else(|| "*".to_owned());
    let route = scope.route.map_or("*".to_owned(), |route| route.to_string());
    format!("{route} {} {}", any(&scope.origin), any(&scope.destination))
}

/// Scopes with their prices; `-` where nothing is sold.
pub fn prices(feed: &Feed) -> Vec<String> {
    let priced = feed
        .fares
        .iter()
        .map(|fare| format!("{} {}", scope(&fare.scope), fare.price));
    let unpriced = feed.unpriced.iter().map(|closed| format!("{} -", scope(closed)));
    let mut prices: Vec<String> = priced.chain(unpriced).collect();
    prices.sort();
    prices
}

fn flaws(findings: &Findings) -> Vec<String> {
    findings.flaws.iter().map(ToString::to_string).collect()
}

#[test]
fn fares_have_wildcards_and_one_without_a_rule_holds_everywhere() {
    let (feed, findings) = read(&with(
        "any,900,UAH\npair,100.5,UAH\nline,200,UAH\n",
        "pair,,kyiv,lviv,\nline,K1,,,\n",
    ));
    assert_eq!(
        prices(&feed),
        ["* * * 900.00 UAH", "* kyiv lviv 100.50 UAH", "0 * * 200.00 UAH"]
    );
    assert_eq!(flaws(&findings), [""; 0]);
    assert_eq!(
        findings.fares,
        [
            "route \"K1\" from anywhere to anywhere: \"line\" 200.00 UAH applies, because it is more specific than \
             \"any\" 900.00 UAH, which is higher",
            "from \"kyiv\" to \"lviv\": \"pair\" 100.50 UAH applies, because it is more specific than \"any\" \
             900.00 UAH, which is higher",
            "route \"K1\" from \"kyiv\" to \"lviv\": \"pair\" 100.50 UAH and \"line\" 200.00 UAH: neither is more \
             specific than the other; the higher applies",
        ]
    );
}

#[rstest]
#[case::names("adult,700,UAH\nchild,350,UAH\n", "adult,K1,kyiv,lviv,\nchild,K1,kyiv,lviv,\n",
    &["0 kyiv lviv 700.00 UAH"],
    "route \"K1\" from \"kyiv\" to \"lviv\": \"adult\" 700.00 UAH, \"child\" 350.00 UAH: 700.00 UAH is used, judging by the fare names or rider categories")]
#[case::nothing_says("a,700,UAH\nb,350,UAH\n", "b,K1,kyiv,lviv,\na,K1,kyiv,lviv,\n",
    &["0 kyiv lviv 700.00 UAH"],
    "route \"K1\" from \"kyiv\" to \"lviv\": \"a\" 700.00 UAH, \"b\" 350.00 UAH: it is unclear which is the adult fare; the highest is used, 700.00 UAH")]
#[case::everywhere("a,700,UAH\nb,350,UAH\n", "", &["* * * 700.00 UAH"],
    "from anywhere to anywhere: \"a\" 700.00 UAH, \"b\" 350.00 UAH: it is unclear which is the adult fare; the highest is used, 700.00 UAH")]
#[case::same_id("a,350,UAH\na,700,UAH\n", "a,K1,kyiv,lviv,\n", &["0 kyiv lviv 700.00 UAH"],
    "route \"K1\" from \"kyiv\" to \"lviv\": \"a\" 700.00 UAH, \"a\" 350.00 UAH: it is unclear which is the adult fare; the highest is used, 700.00 UAH")]
#[case::a_pass_is_no_ride("seat,700,UAH\nmonthly-pass,9000,UAH\n", "", &["* * * 700.00 UAH"],
    "from anywhere to anywhere: \"monthly-pass\" 9000.00 UAH, \"seat\" 700.00 UAH: 700.00 UAH is used, judging by the fare names or rider categories")]
#[case::nothing_for_adults("дитячий,350,UAH\n", "дитячий,K1,kyiv,lviv,\n", &[],
    "route \"K1\" from \"kyiv\" to \"lviv\": \"дитячий\" 350.00 UAH: for some passengers only, so there is no adult fare here")]
#[case::child_is_more_exact("adult,700,UAH\nchild,350,UAH\n", "child,K1,kyiv,lviv,\n", &["* * * 700.00 UAH"],
    "route \"K1\" from \"kyiv\" to \"lviv\": \"child\" 350.00 UAH: for some passengers only, so there is no adult fare here")]
#[case::nothing_beside("a,0,UAH\nb,350,UAH\n", "a,K1,kyiv,lviv,\nb,K1,kyiv,lviv,\n", &["0 kyiv lviv 350.00 UAH"],
    "route \"K1\" from \"kyiv\" to \"lviv\": \"b\" 350.00 UAH, \"a\" 0.00 UAH: 350.00 UAH is used, judging by the fare names or rider categories")]
#[case::nothing("a,0.00,UAH\nb,350,UAH\n", "a,K1,kyiv,lviv,\nb,,,,\n", &["* * * 350.00 UAH", "0 kyiv lviv -"],
    "route \"K1\" from \"kyiv\" to \"lviv\": \"a\" 0.00 UAH: not for sale, a price of 0 is not accepted")]
#[case::unreadable_beside("adult,7OO,UAH\nb,350,UAH\n", "adult,K1,kyiv,lviv,\nb,K1,kyiv,lviv,\n", &["0 kyiv lviv -"],
    "route \"K1\" from \"kyiv\" to \"lviv\": \"b\" 350.00 UAH, \"adult\" (unknown): not for sale, fare_attributes.txt:2 cannot be read")]
fn of_several_fares_one_is_taken_by_a_rule_and_both_are_named(
    #[case] attributes: &str,
    #[case] rules: &str,
    #[case] expected: &[&str],
    #[case] line: &str,
) {
    let (feed, findings) = read(&with(attributes, rules));
    assert_eq!(prices(&feed), expected);
    assert_eq!(findings.fares.first().map(|line| &**line), Some(line), "{findings:?}");
}

#[rstest]
#[case::blank("fair,,UAH")]
#[case::negative("fair,-5,UAH")]
#[case::comma("fair,\"700,00\",UAH")]
#[case::three_decimals("fair,700.005,UAH")]
#[case::exponent("fair,7e2,UAH")]
#[case::words("fair,free,UAH")]
#[case::foreign_money("fair,32,RON")]
#[case::no_money("fair,700,")]
#[case::agency("fair,700,UAH,nobody")]
#[case::surplus("fair,700,UAH,,,x")]
fn a_price_that_cannot_be_read_closes_what_it_holds_for(#[case] row: &str) {
    // The cheaper fare of the whole line must not fill in, nor the tariff.
    let feed = TestFeed::tiny()
        .file(
            "fare_attributes.txt",
            format!("fare_id,price,currency_type,agency_id\nline,90,UAH,\n{row}\n"),
        )
        .file(
            "fare_rules.txt",
            "fare_id,route_id,origin_id,destination_id\nline,K1,,\nfair,K1,kyiv,lviv\n",
        );
    let (feed, findings) = read(&feed);
    assert_eq!(prices(&feed), ["0 * * 90.00 UAH", "0 kyiv lviv -"]);
    assert_eq!(
        (findings.flaws[0].file, findings.flaws[0].line),
        ("fare_attributes.txt", 3)
    );
}

#[rstest]
#[case::unknown_fare("ghost,K1,kyiv,lviv,", "0 kyiv lviv -")]
#[case::surplus_fields("line,K1,kyiv,lviv,,x", "0 kyiv lviv -")]
#[case::surplus_fields_and_unknown_zone("pair,K1,kyiv,mars,,x", "* * * -")]
fn a_rule_that_cannot_be_read_closes_what_it_holds_for(#[case] rule: &str, #[case] closed: &str) {
    let (feed, _) = read(&with(
        "line,90,UAH\npair,700,UAH\n",
        &format!("line,K1,,,\npair,K1,zhytomyr,rivne,\n{rule}\n"),
    ));
    let prices = prices(&feed);
    assert!(prices.contains(&closed.to_owned()), "{prices:?}");
    assert!(!prices.contains(&"* * * 700.00 UAH".to_owned()), "{prices:?}");
}

#[test]
fn a_fare_whose_only_rule_is_broken_does_not_hold_everywhere() {
    let (feed, _) = read(&with("cheap,90,UAH\n", "cheap,K1,kyiv,lviv,,surplus\n"));
    assert_eq!(prices(&feed), ["0 kyiv lviv -"]);
}

#[test]
fn a_fare_holds_on_routes_of_its_agency_only() {
    let two = |attributes: &str, rules: &str| {
        TestFeed::tiny()
            .file(
                "agency.txt",
                "agency_id,agency_name,agency_timezone\ntiny,Tiny,Europe/Kyiv\nbig,Big,Europe/Kyiv\n",
            )
            .file(
                "routes.txt",
                "route_id,agency_id,route_long_name\nK1,tiny,a\nK2,big,b\n",
            )
            .replace("trips.txt", "K1,daily,night", "K2,daily,night")
            .file(
                "fare_attributes.txt",
                format!("fare_id,price,currency_type,agency_id\n{attributes}"),
            )
            .file(
                "fare_rules.txt",
                format!("fare_id,route_id,origin_id,destination_id\n{rules}"),
            )
    };
    let (feed, _) = read(&two("a,100,UAH,tiny\nb,200,UAH,big\n", "a,,kyiv,lviv\n"));
    assert_eq!(prices(&feed), ["0 kyiv lviv 100.00 UAH", "1 * * 200.00 UAH"]);
    let (feed, findings) = read(&two("a,100,UAH,tiny\nb,200,UAH,big\n", "a,K2,kyiv,lviv\nb,K2,,\n"));
    assert_eq!(prices(&feed), ["1 * * 200.00 UAH", "1 kyiv lviv -"]);
    assert!(
        findings.flaws[0]
            .reason
            .contains("belongs to another agency than its route"),
        "{findings:?}"
    );
}

#[test]
fn fares_by_the_zones_on_the_way_hold_for_exactly_these() {
    let (feed, findings) = read(&with(
        "two,100,UAH\nfour,400,UAH\n",
        "two,,,,zhytomyr\ntwo,,,,rivne\nfour,,,,kyiv\nfour,,,,zhytomyr\nfour,,,,rivne\nfour,,,,lviv\n",
    ));
    assert_eq!(prices(&feed), ["0 kyiv lviv 400.00 UAH", "0 zhytomyr rivne 100.00 UAH"]);
    assert_eq!(flaws(&findings), [""; 0]);
    // Another trip of the line goes straight on: its ride is another one between the same zones.
    let direct = with(
        "four,400,UAH\n",
        "four,,,,kyiv\nfour,,,,zhytomyr\nfour,,,,rivne\nfour,,,,lviv\n",
    )
    .replace(
        "stop_times.txt",
        "night,23:30:00,23:40:00,zhytomyr,2,0,0\nnight,26:30:00,26:40:00,rivne,3,0,0\n",
        "",
    );
    let (feed, findings) = read(&direct);
    assert_eq!(prices(&feed), ["0 kyiv lviv -"]);
    assert_eq!(findings.fares.len(), 1, "{findings:?}");
}
