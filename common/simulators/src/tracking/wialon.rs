//! The Wialon dialect: `svc`, `params` and `sid` in the query or in a form; errors are 200 with `{"error":N}`.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use poem::web::Data;
use poem::{Body, Request, Response, handler};
use serde_json::{Map, Value, json};

use super::answer::{error, right, wrong};
use super::{State, Unit, locked};

/// Data flags: see the client.
const POSITION: u64 = 1024;
const PROFILE: u64 = 0x0080_0000;

#[handler]
pub async fn ajax(Data(state): Data<&Arc<State>>, request: &Request, body: Body) -> Response {
    let form = body.into_bytes_limit(4 << 20).await.unwrap_or_default();
    let mut fields = fields(request.uri().query().unwrap_or_default());
    fields.extend(self::fields(&String::from_utf8_lossy(&form)));
    let field = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    let params: Value = serde_json::from_str(field("params")).unwrap_or_default();
    count(state, field("svc"), &params);
    let fault = state.fault();
    if fault.sessions_lost {
        locked(&state.sessions).clear();
    }
    if let Some(response) = wrong(&fault).await {
        return response;
    }
    let answer = match field("svc") {
        "token/login" => log_in(state, &params),
        "core/search_items" => match state.session(field("sid")) {
            Some(fleet) => {
                let found = search(state, fleet.as_deref(), &params);
                state.pass().await;
                found
            }
            None => {
                locked(&state.requests).sessions_lost += 1;
                error(1, None)
            }
        },
        _ => error(2, None),
    };
    right(answer.to_string().into_bytes(), &fault)
}

fn mask(params: &Value) -> &str {
    params["spec"]["propValueMask"].as_str().unwrap_or_default()
}

fn count(state: &State, service: &str, params: &Value) {
    let mut requests = locked(&state.requests);
    match (service, mask(params)) {
        ("token/login", _) => requests.logins += 1,
        ("core/search_items", "*") => requests.lists += 1,
        ("core/search_items", mask) => {
            requests.searches += 1;
            for id in mask.split(',').filter_map(|id| id.parse().ok()) {
                *requests.units.entry(id).or_default() += 1;
            }
        }
        _ => {}
    }
}

fn log_in(state: &State, params: &Value) -> Value {
    match params["token"].as_str().and_then(|token| state.account_of(token)) {
        Some(fleet) => json!({ "eid": state.log_in(fleet), "tm": state.clock.now().timestamp() }),
        None => error(8, None),
    }
}

fn search(state: &State, fleet: Option<&str>, params: &Value) -> Value {
    let (mask, flags) = (mask(params), params["flags"].as_u64());
    let known = params["spec"]["itemsType"] == "avl_unit" && params["spec"]["propName"] == "sys_id";
    let Some(flags) = flags.filter(|_| known && !mask.is_empty()) else {
        return error(4, None);
    };
    let wanted: Option<HashSet<u64>> =
        (mask != "*").then(|| mask.split(',').filter_map(|id| id.parse().ok()).collect());
    let items: Vec<Value> = state
        .units(fleet)
        .filter(|unit| wanted.as_ref().is_none_or(|wanted| wanted.contains(&unit.id)))
        .map(|unit| item(state, unit, flags))
        .collect();
    json!({
        "searchSpec": params["spec"],
        "dataFlags": flags,
        "totalItemsCount": items.len(),
        "indexFrom": 0,
        "indexTo": items.len().saturating_sub(1),
        "items": items,
    })
}

fn item(state: &State, unit: &Unit, flags: u64) -> Value {
    let mut item = Map::new();
    item.insert("nm".to_owned(), json!(unit.name));
    item.insert("cls".to_owned(), json!(2));
    item.insert("id".to_owned(), json!(unit.id));
    if flags & POSITION != 0 {
        let position = state.fix(unit).map(|fix| {
            json!({ "t": fix.recorded_at, "y": fix.latitude, "x": fix.longitude, "z": 0,
                    "s": fix.speed_kmh.unwrap_or_default().round() as i64,
                    "c": fix.course.unwrap_or_default().round() as i64, "sc": 10 })
        });
        item.insert("pos".to_owned(), position.unwrap_or_default());
    }
    if flags & PROFILE != 0 {
        let plate = unit.registration_number.as_ref();
        let fields = plate.map(|plate| json!({ "1": { "id": 1, "n": "registration_plate", "v": plate } }));
        item.insert("pflds".to_owned(), fields.unwrap_or_else(|| json!({})));
    }
    item.insert("uacl".to_owned(), json!(0));
    Value::Object(item)
}

/// The fields of a query or form (`application/x-www-form-urlencoded`).
fn fields(text: &str) -> HashMap<String, String> {
    let decoded = |part: &str| {
        let part = part.replace('+', " ");
        percent_encoding::percent_decode_str(&part)
            .decode_utf8_lossy()
            .into_owned()
    };
    text.split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}
