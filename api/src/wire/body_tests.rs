use rstest::rstest;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::parse;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "only refused or not")]
struct Order {
    #[schemars(length(min = 1, max = 5))]
    offer_id: String,
    #[schemars(length(min = 1, max = 2))]
    guests: Vec<Guest>,
    #[schemars(range(min = 0, max = 9))]
    extra: Option<i32>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "only refused or not")]
struct Guest {
    #[schemars(length(min = 1, max = 5))]
    first_name: String,
    #[schemars(email)]
    email: Option<String>,
}

bodies!(Order);

/// `field constraint` of every item.
fn refusals(body: &[u8]) -> Vec<String> {
    let error = parse::<Order>(body).unwrap_err();
    let body: Value = serde_json::to_value(error.body()).unwrap();
    body["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| {
            assert_eq!(
                (&item["errorCode"], &item["code"]),
                (&"VALIDATION_ERROR".into(), &"VALIDATION_ERROR".into())
            );
            format!(
                "{} {}",
                item["details"]["field"].as_str().unwrap(),
                item["details"]["constraint"].as_str().unwrap()
            )
        })
        .collect()
}

#[rstest]
#[case(r#"{"offerId": "a", "guests": [{"firstName": "A"}], "price": 1}"#, &["price unknown"])]
#[case(r#"{"offerId": "a", "guests": [{"firstName": "A", "age": 3}]}"#, &["guests[0].age unknown"])]
#[case(r#"{"offerId": "a"}"#, &["guests required"])]
#[case(r#"{"offerId": "a", "guests": [{"firstName": "A"}, {}]}"#, &["guests[1].firstName required"])]
#[case(r#"{"offerId": "a", "offerId": "b", "guests": [{"firstName": "A"}]}"#, &["offerId single"])]
#[case(r#"{"offerId": "a", "guests": [{"firstName": "A", "firstName": "B"}]}"#, &["guests[0].firstName single"])]
#[case(r#"{"offerId": 5, "guests": []}"#, &["offerId type", "guests minLength"])]
#[case(r#"{"offerId": "a", "guests": [{"firstName": true}]}"#, &["guests[0].firstName type"])]
#[case(r#"{"offerId": "a", "guests": [5]}"#, &["guests[0] type"])]
#[case(r#"{"offerId": "a", "guests": [["A", null]]}"#, &["guests[0] type"])]
#[case(r#"{"price": 1, "guests": [{"email": "x", "age": 3}, {"firstName": 1}]}"#, &["offerId required",
    "guests[0].firstName required", "guests[0].email email", "guests[0].age unknown", "guests[1].firstName type",
    "price unknown"])]
#[case(r#"{"offerId": "a", "guests": [{"firstName": "A"}], "extra": 1.5}"#, &["extra type"])]
#[case(r#"{"offerId": "a", "guests": [{"firstName": "A"}], "extra": 1e99}"#, &["extra type"])]
#[case(r#"{"offerId": "a", "guests": [{"firstName": "A"}], "extra": null, "extra": 1}"#, &["extra single"])]
#[case(r#"{"offerId": "a", "guests": [{"firstName": "A"}], "extra": 99999999999999999999999}"#, &["extra max"])]
#[case("[]", &["body type"])]
#[case("null", &["body type"])]
#[case("5", &["body type"])]
#[case("{", &["body json"])]
#[case("{}", &["offerId required", "guests required"])]
#[case("{}x", &["body json"])]
#[case(r#"{"offerId": "a", "guests": [{"firstName": "A"}]} x"#, &["body json"])]
#[case("{\"offerId\": \"\u{1}\"}", &["body json"])]
#[case(r#"{"offerId": "\ud800", "guests": []}"#, &["body json"])]
#[case(r#"{"offerId": "", "guests": [{"firstName": "Josephine", "email": "x"}, {"firstName": "Ann"}], "extra": 10}"#,
    &["offerId minLength", "guests[0].firstName maxLength", "guests[0].email email", "extra max"])]
#[case(r#"{"offerId": "a", "guests": []}"#, &["guests minLength"])]
#[case(r#"{"offerId": "a\u0000", "guests": [{"firstName": "\u0000"}]}"#, &["offerId text", "guests[0].firstName text"])]
fn every_offending_field_is_named(#[case] body: &str, #[case] expected: &[&str]) {
    assert_eq!(refusals(body.as_bytes()), expected);
}

#[test]
fn bytes_that_are_not_text_are_refused() {
    assert_eq!(refusals(b"{\"offerId\": \"\xff\"}"), ["body json"]);
    let deep = "[".repeat(9_000);
    assert_eq!(refusals(deep.as_bytes()), ["body json"]);
    let whole = format!("{{\"offerId\": {deep}{}}}", "]".repeat(9_000));
    assert_eq!(refusals(whole.as_bytes()), ["body json"]);
}

#[test]
fn one_answer_names_a_hundred_fields_at_most_and_none_at_length() {
    let strangers: Vec<_> = (0..4_000).map(|n| format!("\"n{n}\": 0")).collect();
    assert_eq!(refusals(format!("{{{}}}", strangers.join(",")).as_bytes()).len(), 100);
    let long = "x".repeat(1_000_000);
    let body = format!("{{\"offerId\": \"a\", \"guests\": [{{\"firstName\": \"A\"}}], \"{long}\": 0}}");
    assert_eq!(refusals(body.as_bytes()), [format!("{} unknown", "x".repeat(100))]);
    let crowd = vec!["{}"; 4_000].join(",");
    let body = format!("{{\"offerId\": \"a\", \"guests\": [{crowd}]}}");
    assert_eq!(refusals(body.as_bytes()), ["guests maxLength"]);
}

#[test]
fn length_counts_characters_and_an_escaped_backslash_is_no_nul() {
    let order: Order = parse(r#"{"offerId": "Łódźя", "guests": [{"firstName": "u\\u0"}]}"#.as_bytes()).unwrap();
    assert_eq!(order.offer_id, "Łódźя");
    assert!(
        parse::<Order>(br#"{"offerId": "a", "guests": [{"firstName": "A", "email": null}], "extra": null}"#).is_ok()
    );
}

#[test]
fn a_body_of_nothing_but_values_is_refused_before_a_tree_is_built() {
    const MIB: usize = 1024 * 1024;
    let rich = "body maxItems";
    for (unit, start) in [("1,", "["), ("[],", "["), ("\"a\\\"\",", "["), ("null,", "{\"x\":[")] {
        let body = format!("{start}{}", unit.repeat(MIB / unit.len()));
        assert_eq!(refusals(body.as_bytes()), [rich], "{unit}");
    }
    let members: String = (0..60_000).map(|n| format!("\"m{n}\":1,")).collect();
    assert_eq!(refusals(format!("{{{members}\"z\":1}}").as_bytes()), [rich]);
    // The contents of a string are not values, even if they look like values.
    let text = format!("{{\"offerId\":\"{}\",\"guests\":[]}}", ",[{\\\"".repeat(MIB / 8));
    assert_eq!(refusals(text.as_bytes()), ["offerId maxLength", "guests minLength"]);
    // A body that is nested too deeply is refused at that point, and the rest is not read.
    for unit in ["[", "{\"a\":"] {
        assert_eq!(
            refusals(unit.repeat(MIB / unit.len()).as_bytes()),
            ["body json"],
            "{unit}"
        );
    }
    // The maximum number of values.
    let most = format!("[{}1]", "1,".repeat(9_998));
    assert_eq!(refusals(most.as_bytes()), ["body type"]);
}
