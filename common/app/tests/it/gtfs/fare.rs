//! Fares V1: which price a pair has, and when none.

use common::domain::fare::Rates;
use common::domain::gtfs::fares::SeveralFares;
use common::domain::gtfs::model::{Feed, Scope};
use common::domain::gtfs::{FareTerms, Findings, Refusal, Terms, compile};
use common::money::Currency;
use common::testing::feed::TestFeed;
use rstest::rstest;
use rust_decimal::dec;

use super::{read, terms};

/// The tiny feed with these rows in its files of fares.
fn with(attributes: &str, rules: &str) -> TestFeed {
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

fn on(fares: FareTerms) -> Terms {
    Terms { fares, ..terms() }
}

fn scope(scope: &Scope) -> String {
    let any = |zone: &Option<String>| zone.clone().unwrap_or_else(|| "*".to_owned());
    let route = scope.route.map_or("*".to_owned(), |route| route.to_string());
    format!("{route} {} {}", any(&scope.origin), any(&scope.destination))
}

/// Scopes with their prices; `-` where nothing is sold.
fn prices(feed: &Feed) -> Vec<String> {
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
            "route \"K1\" from anywhere to anywhere: \"line\" 200.00 UAH holds, because it is stated more exactly than \
             \"any\" 900.00 UAH, which is higher",
            "from \"kyiv\" to \"lviv\": \"pair\" 100.50 UAH holds, because it is stated more exactly than \"any\" \
             900.00 UAH, which is higher",
            "route \"K1\" from \"kyiv\" to \"lviv\": \"pair\" 100.50 UAH and \"line\" 200.00 UAH: neither is stated more \
             exactly than the other; the higher holds",
        ]
    );
}

#[rstest]
#[case::names("adult,700,UAH\nchild,350,UAH\n", "adult,K1,kyiv,lviv,\nchild,K1,kyiv,lviv,\n",
    &["0 kyiv lviv 700.00 UAH"],
    "route \"K1\" from \"kyiv\" to \"lviv\": \"adult\" 700.00 UAH, \"child\" 350.00 UAH: by what they are called or for whom they are, 700.00 UAH is taken")]
#[case::nothing_says("a,700,UAH\nb,350,UAH\n", "b,K1,kyiv,lviv,\na,K1,kyiv,lviv,\n",
    &["0 kyiv lviv 700.00 UAH"],
    "route \"K1\" from \"kyiv\" to \"lviv\": \"a\" 700.00 UAH, \"b\" 350.00 UAH: nothing says which is an adult's; the highest is taken, 700.00 UAH")]
#[case::everywhere("a,700,UAH\nb,350,UAH\n", "", &["* * * 700.00 UAH"],
    "from anywhere to anywhere: \"a\" 700.00 UAH, \"b\" 350.00 UAH: nothing says which is an adult's; the highest is taken, 700.00 UAH")]
#[case::same_id("a,350,UAH\na,700,UAH\n", "a,K1,kyiv,lviv,\n", &["0 kyiv lviv 700.00 UAH"],
    "route \"K1\" from \"kyiv\" to \"lviv\": \"a\" 700.00 UAH, \"a\" 350.00 UAH: nothing says which is an adult's; the highest is taken, 700.00 UAH")]
#[case::a_pass_is_no_ride("seat,700,UAH\nmonthly-pass,9000,UAH\n", "", &["* * * 700.00 UAH"],
    "from anywhere to anywhere: \"monthly-pass\" 9000.00 UAH, \"seat\" 700.00 UAH: by what they are called or for whom they are, 700.00 UAH is taken")]
#[case::nothing_for_adults("дитячий,350,UAH\n", "дитячий,K1,kyiv,lviv,\n", &[],
    "route \"K1\" from \"kyiv\" to \"lviv\": \"дитячий\" 350.00 UAH: for some passengers only, so no adult's fare is stated here")]
#[case::child_is_more_exact("adult,700,UAH\nchild,350,UAH\n", "child,K1,kyiv,lviv,\n", &["* * * 700.00 UAH"],
    "route \"K1\" from \"kyiv\" to \"lviv\": \"child\" 350.00 UAH: for some passengers only, so no adult's fare is stated here")]
#[case::nothing_beside("a,0,UAH\nb,350,UAH\n", "a,K1,kyiv,lviv,\nb,K1,kyiv,lviv,\n", &["0 kyiv lviv 350.00 UAH"],
    "route \"K1\" from \"kyiv\" to \"lviv\": \"b\" 350.00 UAH, \"a\" 0.00 UAH: by what they are called or for whom they are, 350.00 UAH is taken")]
#[case::nothing("a,0.00,UAH\nb,350,UAH\n", "a,K1,kyiv,lviv,\nb,,,,\n", &["* * * 350.00 UAH", "0 kyiv lviv -"],
    "route \"K1\" from \"kyiv\" to \"lviv\": \"a\" 0.00 UAH: not for sale, a price of 0 is not believed")]
#[case::unreadable_beside("adult,7OO,UAH\nb,350,UAH\n", "adult,K1,kyiv,lviv,\nb,K1,kyiv,lviv,\n", &["0 kyiv lviv -"],
    "route \"K1\" from \"kyiv\" to \"lviv\": \"b\" 350.00 UAH, \"adult\" (not known): not for sale, fare_attributes.txt:2 cannot be read")]
fn of_several_fares_one_is_taken_by_a_rule_and_both_are_named(
    #[case] attributes: &str,
    #[case] rules: &str,
    #[case] expected: &[&str],
    #[case] line: &str,
) {
    let (feed, findings) = read(&with(attributes, rules));
    assert_eq!(prices(&feed), expected);
    assert_eq!(findings.fares.first().map(String::as_str), Some(line), "{findings:?}");
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
        findings.flaws[0].reason.contains("of another agency than its route"),
        "{findings:?}"
    );
}

#[test]
fn what_the_operator_says_about_fares_holds() {
    let feed = with(
        "a,700,UAH\nb,350,UAH\nb-free,0,UAH\n",
        "a,K1,kyiv,lviv,\nb,K1,kyiv,lviv,\nb-free,K1,kyiv,rivne,\n",
    );
    let decided = |fares: FareTerms| {
        let (feed, findings) = compile(&feed.files(), &on(fares)).unwrap();
        (prices(&feed), findings)
    };
    let several = |several| FareTerms {
        several,
        ..FareTerms::default()
    };
    let (lowest, findings) = decided(several(SeveralFares::Lowest));
    assert_eq!(lowest, ["0 kyiv lviv 350.00 UAH", "0 kyiv rivne -"]);
    assert!(
        findings
            .fares
            .iter()
            .any(|line| line.contains("the lowest is taken, 350.00 UAH")),
        "{findings:?}"
    );
    assert_eq!(
        decided(several(SeveralFares::Withhold)).0,
        ["0 kyiv lviv -", "0 kyiv rivne -"]
    );
    let refusal = compile(&feed.files(), &on(several(SeveralFares::Refuse))).unwrap_err();
    assert!(
        matches!(&refusal, Refusal::SeveralFares(lines) if lines.len() == 1),
        "{refusal}"
    );
    assert!(
        refusal.to_string().contains("\"a\" 700.00 UAH, \"b\" 350.00 UAH"),
        "{refusal}"
    );

    let adult = FareTerms {
        adult: vec!["b*".to_owned()],
        ..FareTerms::default()
    };
    assert_eq!(decided(adult).0, ["0 kyiv lviv 350.00 UAH", "0 kyiv rivne 0.00 UAH"]);
    let left_out = FareTerms {
        left_out: vec!["a".to_owned()],
        ..FareTerms::default()
    };
    let (without, findings) = decided(left_out);
    assert_eq!(
        (without[0].as_str(), findings.fares.len()),
        ("0 kyiv lviv 350.00 UAH", 1),
        "{findings:?}"
    );
    let nothing = FareTerms {
        left_out: vec!["*".to_owned()],
        ..FareTerms::default()
    };
    assert_eq!(decided(nothing).0, [""; 0], "then only a tariff says what a ride costs");
}

#[rstest]
#[case::the_same(dec!(60), &["0 kyiv lviv 12.00 EUR", "0 kyiv lviv 700.00 UAH"], 0)]
#[case::euros_are_too_few(dec!(30), &["0 kyiv lviv 700.00 UAH"], 1)]
#[case::hryvnias_are_too_few(dec!(100), &["0 kyiv lviv 12.00 EUR"], 1)]
fn prices_in_two_currencies_are_one_fare_unless_the_rate_says_otherwise(
    #[case] rate: rust_decimal::Decimal,
    #[case] expected: &[&str],
    #[case] lines: usize,
) {
    let feed = with("a,700,UAH\nb,12,EUR\n", "a,K1,kyiv,lviv,\nb,K1,kyiv,lviv,\n");
    let rates = Rates::new([(Currency::Eur, Currency::Uah, rate)]);
    let (known, findings) = compile(&feed.files(), &Terms { rates, ..terms() }).unwrap();
    assert_eq!(
        (prices(&known), findings.fares.len()),
        (expected.iter().map(ToString::to_string).collect(), lines)
    );
    let (unknown, findings) = read(&feed);
    assert_eq!(prices(&unknown).len(), 2);
    assert!(
        findings.fares[0].ends_with("there is no rate to compare them"),
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
