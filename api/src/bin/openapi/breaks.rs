//! Changes of a document that break clients: something they call is gone, something they send is refused, or something
//! they read is missing or of another type. Additions are not breaks.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::schema::{Comparison, Direction};

/// Methods of a path.
const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];

/// Every break as a sentence, sorted.
pub fn between(old: &Value, new: &Value) -> BTreeSet<String> {
    let mut comparison = Comparison::new(old, new);
    for (path, method, old_operation) in operations(old) {
        let place = format!("{} {path}", method.to_uppercase());
        match new["paths"][path].get(method) {
            Some(new_operation) => operation(&mut comparison, &place, old_operation, new_operation),
            None => comparison.note(&place, "is gone"),
        }
    }
    comparison.found
}

/// The breaks that are not accepted, and the accepted lines that are not breaks, or no longer. In `accepted`, lines
/// that begin with `#` are comments.
pub fn without(found: &BTreeSet<String>, accepted: &str) -> Vec<String> {
    let accepted: BTreeSet<&str> = accepted
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect();
    let breaks = found.iter().filter(|line| !accepted.contains(line.as_str())).cloned();
    let stale = accepted
        .iter()
        .filter(|line| !found.contains(**line))
        .map(|line| format!("accepted, but no break: {line}"));
    breaks.chain(stale).collect()
}

fn operations(document: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths.flat_map(|(path, item)| {
        let known = METHODS.iter().filter_map(|method| Some((*method, item.get(method)?)));
        known.map(move |(method, operation)| (path.as_str(), method, operation))
    })
}

fn operation<'a>(comparison: &mut Comparison<'a>, place: &str, old: &'a Value, new: &'a Value) {
    if old["operationId"] != new["operationId"] {
        comparison.note(place, "has another operationId");
    }
    for credential in list(&old["security"]) {
        if !list(&new["security"]).any(|choice| choice == credential) {
            comparison.note(place, &format!("does not take {credential} any more"));
        }
    }
    parameters(comparison, place, old, new);
    request(comparison, place, &old["requestBody"], &new["requestBody"]);
    for (status, old_answer) in members(&old["responses"]).filter(|(status, _)| status.starts_with('2')) {
        let Some(new_answer) = new["responses"].get(status) else {
            comparison.note(place, &format!("does not answer {status} any more"));
            continue;
        };
        answer(comparison, &format!("{place} {status}"), old_answer, new_answer);
    }
}

fn parameters<'a>(comparison: &mut Comparison<'a>, place: &str, old: &'a Value, new: &'a Value) {
    let same = |one: &Value, other: &Value| one["name"] == other["name"] && one["in"] == other["in"];
    // Shared parameters are only referred to.
    let old: Vec<&Value> = list(&old["parameters"]).map(|one| comparison.in_old(one)).collect();
    let new: Vec<&Value> = list(&new["parameters"]).map(|one| comparison.in_new(one)).collect();
    for parameter in &old {
        let place = format!("{place} parameter {}", text(&parameter["name"]));
        match new.iter().find(|other| same(parameter, other)) {
            None => comparison.note(&place, "is gone"),
            Some(other) => {
                if other["required"] == true && parameter["required"] != true {
                    comparison.note(&place, "is required now");
                }
                comparison.schema(&place, Direction::Request, &parameter["schema"], &other["schema"]);
            }
        }
    }
    for parameter in new.iter().filter(|parameter| parameter["required"] == true) {
        if !old.iter().any(|other| same(parameter, other)) {
            let name = text(&parameter["name"]);
            comparison.note(place, &format!("requires the new parameter {name}"));
        }
    }
}

fn request<'a>(comparison: &mut Comparison<'a>, place: &str, old: &'a Value, new: &'a Value) {
    if new["required"] == true && old["required"] != true {
        comparison.note(place, "requires a body now");
    }
    content(comparison, &format!("{place} body"), Direction::Request, old, new);
}

fn answer<'a>(comparison: &mut Comparison<'a>, place: &str, old: &'a Value, new: &'a Value) {
    for (name, _) in members(&old["headers"]) {
        if !members(&new["headers"]).any(|(other, _)| other.eq_ignore_ascii_case(name)) {
            comparison.note(place, &format!("has no header {name} any more"));
        }
    }
    content(comparison, place, Direction::Answer, old, new);
}

fn content<'a>(comparison: &mut Comparison<'a>, place: &str, direction: Direction, old: &'a Value, new: &'a Value) {
    for (kind, old) in members(&old["content"]) {
        match new["content"].get(kind) {
            Some(new) => comparison.schema(place, direction, &old["schema"], &new["schema"]),
            None => comparison.note(place, &format!("is not {kind} any more")),
        }
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::{between, without};

    fn document() -> Value {
        json!({
            "paths": { "/v2/things/{id}": { "post": {
                "operationId": "changeThing",
                "security": [{ "apiKey": [] }, {}],
                "parameters": [
                    { "name": "id", "in": "path", "required": true, "schema": { "type": "string" } },
                    { "name": "take", "in": "query", "schema": { "type": "integer", "maximum": 100 } },
                    { "$ref": "#/components/parameters/Once" },
                ],
                "requestBody": { "content": { "application/json": { "schema": {
                    "type": "object",
                    "required": ["name"],
                    "properties": { "name": { "type": "string", "nullable": true }, "note": { "type": "string" } },
                }}}},
                "responses": {
                    "200": {
                        "headers": { "etag": {} },
                        "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Thing" }}},
                    },
                    "404": {},
                },
            }}},
            "components": { "parameters": { "Once": {
                "name": "once", "in": "header", "schema": { "type": "string", "maxLength": 255 },
            }}, "schemas": { "Thing": {
                "type": "object",
                "required": ["state"],
                "properties": {
                    "state": { "type": "string", "enum": ["A", "B"] },
                    "parts": { "type": "array", "items": { "type": "integer" } },
                    "counts": { "type": "object", "additionalProperties": { "type": "integer" } },
                    "next": { "allOf": [{ "$ref": "#/components/schemas/Thing" }] },
                },
            }}},
        })
    }

    const OPERATION: &str = "/paths/~1v2~1things~1{id}/post";
    const BODY: &str = "/paths/~1v2~1things~1{id}/post/requestBody/content/application~1json/schema";
    const ONCE: &str = "/components/parameters/Once";
    const THING: &str = "/components/schemas/Thing";

    #[rstest]
    #[case("/paths", "", json!({}), "POST /v2/things/{id} is gone")]
    #[case(OPERATION, "/operationId", json!("x"), "POST /v2/things/{id} has another operationId")]
    #[case(OPERATION, "/security", json!([{ "apiKey": [] }]), "POST /v2/things/{id} does not take {} any more")]
    #[case(OPERATION, "/parameters/1/required", json!(true), "POST /v2/things/{id} parameter take is required now")]
    #[case(OPERATION, "/parameters/1/schema/maximum", json!(50), "POST /v2/things/{id} parameter take: maximum is 50 now, was 100")]
    #[case(OPERATION, "/parameters/1/in", json!("header"), "POST /v2/things/{id} parameter take is gone")]
    #[case(OPERATION, "/parameters/2", json!({ "$ref": "#/components/parameters/Other" }), "POST /v2/things/{id} parameter once is gone")]
    #[case(ONCE, "/required", json!(true), "POST /v2/things/{id} parameter once is required now")]
    #[case(ONCE, "/schema/maxLength", json!(9), "POST /v2/things/{id} parameter once: maxLength is 9 now, was 255")]
    #[case(OPERATION, "/requestBody/required", json!(true), "POST /v2/things/{id} requires a body now")]
    #[case(OPERATION, "/responses", json!({ "201": {} }), "POST /v2/things/{id} does not answer 200 any more")]
    #[case(OPERATION, "/responses/200/headers", json!({}), "POST /v2/things/{id} 200 has no header etag any more")]
    #[case(BODY, "/required", json!(["name", "note"]), "POST /v2/things/{id} body.note is required now")]
    #[case(BODY, "/properties/name/nullable", json!(false), "POST /v2/things/{id} body.name: null is refused now")]
    #[case(BODY, "/properties/note/type", json!("number"), "POST /v2/things/{id} body.note: type is \"number\" now, was \"string\"")]
    #[case(BODY, "/properties/note/maxLength", json!(5), "POST /v2/things/{id} body.note: maxLength is 5 now, was nothing")]
    #[case(BODY, "/properties/note/enum", json!(["a"]), "POST /v2/things/{id} body.note: only some values are taken now")]
    #[case(BODY, "/properties", json!({ "name": { "type": "string", "nullable": true } }), "POST /v2/things/{id} body.note is gone")]
    #[case(BODY, "/additionalProperties", json!(false), "POST /v2/things/{id} body: undeclared fields are refused now")]
    #[case(BODY, "/minProperties", json!(1), "POST /v2/things/{id} body: minProperties is 1 now, was nothing")]
    #[case(ONCE, "/schema/uniqueItems", json!(true), "POST /v2/things/{id} parameter once: uniqueItems is true now, was nothing")]
    #[case(THING, "/required", json!([]), "answers: Thing.state can be missing now")]
    #[case(THING, "/properties/state/nullable", json!(true), "answers: Thing.state: can be null now")]
    #[case(THING, "/properties/state/enum", json!(["A", "B", "C"]), "answers: Thing.state: can be \"C\" now")]
    #[case(THING, "/properties/counts/additionalProperties/type", json!("string"), "answers: Thing.counts.*: type is \"string\" now, was \"integer\"")]
    #[case(THING, "/properties/counts/additionalProperties", json!(true), "answers: Thing.counts: fields are of any kind now, or gone")]
    #[case(THING, "/properties/parts/items/type", json!("string"), "answers: Thing.parts[]: type is \"string\" now, was \"integer\"")]
    fn what_breaks_a_client_is_found(
        #[case] place: &str,
        #[case] below: &str,
        #[case] value: Value,
        #[case] expected: &str,
    ) {
        let old = document();
        assert!(between(&old, &old).is_empty());
        let mut new = document();
        let (parent, name) = format!("{place}{below}")
            .rsplit_once('/')
            .map(|(parent, name)| (parent.to_owned(), name.to_owned()))
            .unwrap();
        match new.pointer_mut(&parent).unwrap() {
            Value::Array(items) => items[name.parse::<usize>().unwrap()] = value,
            parent => parent[name] = value,
        }
        let found: Vec<_> = between(&old, &new).into_iter().collect();
        assert_eq!(found, [expected]);
        assert_eq!(
            without(&found.iter().cloned().collect(), &format!("# why\n{expected}\n")),
            [""; 0]
        );
    }

    #[test]
    fn additions_are_compatible_and_every_accepted_break_must_exist() {
        let old = document();
        let mut new = document();
        new["paths"]["/v2/new"] = json!({ "get": { "operationId": "new" } });
        let operation = new.pointer_mut(OPERATION).unwrap();
        operation["parameters"][1]["schema"]["maximum"] = json!(200);
        operation["security"] = json!([{ "session": [] }, {}, { "apiKey": [] }]);
        operation["responses"]["409"] = json!({});
        new.pointer_mut(THING).unwrap()["properties"]["more"] = json!({ "type": "string" });
        new.pointer_mut(BODY).unwrap()["properties"]["more"] = json!({ "type": "string" });
        let found = between(&old, &new);
        assert_eq!(found, std::collections::BTreeSet::new());
        assert_eq!(
            without(&found, "GET /x is gone"),
            ["accepted, but no break: GET /x is gone"]
        );
    }
}
