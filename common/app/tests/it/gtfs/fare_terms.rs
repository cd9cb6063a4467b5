//! What an operator says about the fares of a feed.

use domain::exchange_rate::Rates;
use domain::gtfs::fares::SeveralFares;
use domain::gtfs::{FareTerms, Refusal, Terms, compile};
use domain::money::Currency;
use rstest::rstest;
use rust_decimal::dec;

use super::{read, terms};
use crate::gtfs::fare::{on, prices, with};

#[test]
fn the_terms_of_the_operator_decide_between_fares() {
    let feed = with(
        "a,700,UAH\nb,350,UAH\nb-free,0,UAH\n",
        "a,K1,kyiv,lviv,\nb,K1,kyiv,lviv,\nb-free,K1,kyiv,rivne,\n",
    );
    let decided = |fares: FareTerms| {
        let (feed, findings) = compile(&feed.files(), &on(fares)).unwrap();
        super::all_coded(&findings);
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
            .any(|line| line.contains("the lowest is used, 350.00 UAH")),
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
        findings.fares[0].ends_with("there is no exchange rate to compare them"),
        "{findings:?}"
    );
}
