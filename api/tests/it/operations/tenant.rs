//! Things of another partner do not exist for the caller: tested with every id in path, query and body of every
//! operation that takes a key.

use serde_json::Value;

use crate::harness::DAY;
use crate::harness::operation::Operation;
use crate::operations::answer::{Answer, Call};
use crate::operations::judge::resolved;
use crate::operations::path::unknown;
use crate::operations::stage::Stage;
use crate::operations::thing::Things;

/// Things that every caller may know of: none has an owner.
const PUBLIC: [&str; 3] = ["", "cty", "stp"];

/// Fields that name something without an id in the example of the document, and where other owners' ids are tested.
/// This list may only become shorter.
const ELSEWHERE: [(&str, &str); 1] = [("discountId", "tests/it/sales/create.rs")];

/// Finds the places of a body that name something: a JSON pointer and the example.
fn names(value: &Value, at: &str, field: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                names(member, &format!("{at}/{name}"), name, found);
            }
        }
        Value::Array(items) => {
            for (number, item) in items.iter().enumerate() {
                names(item, &format!("{at}/{number}"), field, found);
            }
        }
        Value::String(text) if is_name(field) => found.push((at.to_owned(), text.clone())),
        _ if is_name(field) => {
            let known = ELSEWHERE.iter().any(|(known, _)| *known == field);
            assert!(
                known,
                "{field} names something, and nobody says whose: give it an example, or add it to ELSEWHERE"
            );
        }
        _ => {}
    }
}

/// Whether the name of a field suggests that it names something.
fn is_name(field: &str) -> bool {
    matches!(field, "id" | "ids" | "slug") || ["Id", "Ids", "Slug", "City"].iter().any(|end| field.ends_with(end))
}

/// An id of a kind, of one of these things or of nothing.
fn named(things: Option<&Things>, example: &str) -> String {
    match things {
        Some(things) if example.starts_with("eyJ") => things.offer.clone(),
        Some(things) => things.like(example),
        // A token without a valid signature.
        None if example.starts_with("eyJ") => example.to_owned(),
        None => unknown(example),
    }
}

/// A call of an operation by the first partner. The id at one place is from `things`, all others are its own.
fn call(stage: &Stage, operation: &Operation, place: &str, things: Option<&Things>) -> Call {
    let id = match operation.example_id() {
        Some(example) if place == "path" => named(things, &example),
        Some(_) => stage.id(operation, &stage.own),
        None => String::new(),
    };
    let call = stage.call(operation).to(operation.at(&id));
    let Some(body) = &operation.body else { return call };
    let mut body = body.clone();
    let mut found = Vec::new();
    names(&body, "", "", &mut found);
    for (pointer, example) in found {
        let value = if pointer == place {
            named(things, &example)
        } else {
            named(Some(&stage.own), &example)
        };
        *body.pointer_mut(&pointer).unwrap() = value.into();
    }
    call.json(&body)
}

/// The places of an operation that name things with an owner.
fn places(operation: &Operation) -> Vec<String> {
    let mut found = Vec::new();
    names(operation.body.as_ref().unwrap_or(&Value::Null), "", "", &mut found);
    found.extend(operation.example_id().map(|example| ("path".to_owned(), example)));
    let is_private = |example: &str| {
        let kind = example.split_once('_').map_or("", |(kind, _)| kind);
        example.starts_with("eyJ") || !PUBLIC.contains(&kind)
    };
    let parameters = operation.declared()["parameters"].as_array();
    for parameter in parameters.into_iter().flatten().map(resolved) {
        let (name, example) = (parameter["name"].as_str().unwrap(), &parameter["schema"]["example"]);
        // Every offer names its company, so companies are public.
        let is_public = |example: &str| !is_private(example) || example.starts_with("cmp_");
        let is_public = example.as_str().is_some_and(is_public);
        assert!(
            parameter["in"] == "path" || !is_name(name) || is_public,
            "{}: whose is {name}?",
            operation.name
        );
    }
    found
        .into_iter()
        .filter(|(_, example)| is_private(example))
        .map(|(place, _)| place)
        .collect()
}

fn keyed() -> Vec<Operation> {
    Operation::all()
        .into_iter()
        .filter(|operation| operation.takes("apiKey"))
        .collect()
}

#[tokio::test]
async fn the_ids_of_another_partner_answer_byte_for_byte_like_unknown_ones() {
    let stage = Stage::open().await;
    let mut walked = 0;
    for operation in keyed() {
        for place in places(&operation) {
            let what = format!("{} {place}", operation.name);
            let before = stage.fingerprint().await;
            let foreign = stage
                .send(&call(&stage, &operation, &place, Some(&stage.foreign)))
                .await;
            let nobodys = stage.send(&call(&stage, &operation, &place, None)).await;
            assert_eq!(foreign.essence(), nobodys.essence(), "{what}");
            assert!([400, 404].contains(&foreign.status), "{what}: {}", foreign.text);
            assert_eq!(stage.fingerprint().await, before, "{what}");
            walked += 1;
        }
    }
    assert!(walked >= 13, "{walked}");
}

#[tokio::test]
async fn an_id_of_another_partner_in_a_list_is_refused_like_an_unknown_one() {
    let stage = Stage::open().await;
    let mut walked = 0;
    for operation in keyed() {
        let Some(body) = &operation.body else { continue };
        let Some(name) = ["orderIds", "ids"].into_iter().find(|name| body.get(name).is_some()) else {
            continue;
        };
        let own = stage.own.like("ord_");
        let with = |other: &str, first: bool| {
            let mut body = body.clone();
            body[name] = if first {
                [other, &own].into()
            } else {
                [own.as_str(), other].into()
            };
            call(&stage, &operation, "", None).json(&body)
        };
        let before = stage.fingerprint().await;
        for first in [true, false] {
            let foreign = stage.send(&with(&stage.foreign.like("ord_"), first)).await;
            for unknown in [&unknown("ord_"), "nonsense", &stage.foreign.like("bkg_")] {
                let nobodys = stage.send(&with(unknown, first)).await;
                assert_eq!(foreign.essence(), nobodys.essence(), "{} {unknown}", operation.name);
            }
            assert_eq!(
                (foreign.status, foreign.code().as_str()),
                (404, "ORDER_NOT_FOUND"),
                "{}",
                operation.name
            );
        }
        assert_eq!(stage.fingerprint().await, before, "{}", operation.name);
        walked += 1;
    }
    assert_eq!(walked, 4);
}

#[tokio::test]
async fn an_offer_of_another_partner_is_no_offer() {
    let stage = Stage::open().await;
    let before = stage.fingerprint().await;
    for operation in keyed() {
        for place in places(&operation).iter().filter(|place| place.ends_with("/offerId")) {
            let answer: Answer = stage.send(&call(&stage, &operation, place, Some(&stage.foreign))).await;
            assert_eq!(
                (answer.status, answer.fields().len()),
                (400, 1),
                "{}: {}",
                operation.name,
                answer.text
            );
            assert!(answer.fields()[0].ends_with("offerId offer"), "{}", answer.text);
        }
    }
    assert_eq!(stage.fingerprint().await, before);
}

#[tokio::test]
async fn no_answer_shows_anything_of_another_partner() {
    let stage = Stage::open().await;
    let secrets: Vec<String> = ["bkg_", "ord_", "key_", "prt_"]
        .map(|kind| stage.foreign.like(kind))
        .into();
    let own = stage.own.like("bkg_");
    let mut shown = 0;
    for operation in keyed().into_iter().filter(|operation| !operation.changes()) {
        // All that it has: the day of both sales, and no day.
        for query in [
            "",
            &format!("&departureDate={DAY}"),
            "&createdAt=2027-02-01",
            "&take=50",
        ] {
            let call = stage.call(&operation);
            let path = if operation.query.is_empty() {
                format!("{}{query}", call.path)
            } else {
                call.path.clone()
            };
            let answer = stage.send(&call.to(path)).await;
            for secret in &secrets {
                assert!(
                    !answer.text.contains(secret),
                    "{} {query}: {}",
                    operation.name,
                    answer.text
                );
            }
            shown += usize::from(answer.text.contains(&own));
        }
    }
    assert!(shown >= 6, "one's own is shown: {shown}");
}
