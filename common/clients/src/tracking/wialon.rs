//! The Wialon Remote API: `POST {base}/wialon/ajax.html?svc=...` with `params` (JSON) and `sid` in the form, so that
//! neither token nor session is in a URL. A session expires after five idle minutes. Errors come as 200 with
//! `{"error":N}`.

use async_trait::async_trait;
use domain::position::RawFix;
use domain::provider::Fault;
use domain::provider::wialon::{self, Meaning};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Access, Listed, Sighting, TrackingError, TrackingProvider, answer, text};

/// Path of every call.
pub const PATH: &str = "/wialon/ajax.html";

/// Data flags of units: name and id; last position; profile fields (the plate is one).
const BASE: u64 = 1;
const POSITION: u64 = 1024;
const PROFILE: u64 = 0x0080_0000;

/// A client for Wialon.
#[derive(Debug, Clone)]
pub struct Wialon {
    http: reqwest::Client,
}

/// Every response that is read here: an error, a login, or a search.
#[derive(Deserialize)]
struct Answer {
    error: Option<i64>,
    reason: Option<Value>,
    eid: Option<String>,
    items: Option<Vec<Value>>,
}

impl Wialon {
    /// A client over these connections.
    #[must_use]
    pub const fn new(http: reqwest::Client) -> Self {
        Self { http }
    }

    async fn call(
        &self,
        access: &Access,
        service: &str,
        params: &Value,
        session: Option<&str>,
    ) -> Result<Answer, TrackingError> {
        let url = format!("{}{PATH}?svc={service}", access.url.trim_end_matches('/'));
        let url =
            reqwest::Url::parse(&url).map_err(|_| TrackingError::Refused("its address is not a URL".to_owned()))?;
        let params = params.to_string();
        let mut form = vec![("params", params.as_str())];
        form.extend(session.map(|sid| ("sid", sid)));
        let bytes = answer(self.http.post(url).form(&form), Some(PATH)).await?;
        // Errors name line and column, never the content.
        let answer: Answer = serde_json::from_slice(&bytes).map_err(|e| {
            TrackingError::Malformed(format!(
                "not the JSON of Wialon (line {}, column {})",
                e.line(),
                e.column()
            ))
        })?;
        match answer.error {
            None | Some(0) => Ok(answer),
            Some(code) => Err(error(code, answer.reason.as_ref())),
        }
    }

    async fn search(&self, access: &Access, mask: &str, flags: u64) -> Result<Vec<Value>, TrackingError> {
        let session = access.session.as_ref().ok_or(TrackingError::SessionLost)?;
        let params = json!({
            "spec": { "itemsType": "avl_unit", "propName": "sys_id", "propValueMask": mask, "sortType": "sys_id" },
            "force": 1,
            "flags": flags,
            "from": 0,
            "to": 0,
        });
        let answer = self
            .call(access, "core/search_items", &params, Some(session.expose_secret()))
            .await?;
        answer
            .items
            .ok_or_else(|| TrackingError::Malformed("the search has no items".to_owned()))
    }
}

#[async_trait]
impl TrackingProvider for Wialon {
    async fn log_in(&self, access: &Access) -> Result<Option<SecretString>, TrackingError> {
        let token = access
            .token
            .as_ref()
            .ok_or_else(|| TrackingError::Refused("the account has no token".to_owned()))?;
        let params = json!({ "token": token.expose_secret(), "fl": 1 });
        let answer = match self.call(access, "token/login", &params, None).await {
            // A login cannot lose a session.
            Err(TrackingError::SessionLost) => Err(TrackingError::Refused("Wialon error 1 for a login".to_owned())),
            other => other,
        }?;
        let session = answer.eid.filter(|eid| (1..=1000).contains(&eid.len()));
        session
            .map(|eid| Some(eid.into()))
            .ok_or_else(|| TrackingError::Malformed("the login has no session".to_owned()))
    }

    async fn list(&self, access: &Access) -> Result<Vec<Listed>, TrackingError> {
        let items = self.search(access, "*", BASE | PROFILE).await?;
        Ok(items.iter().filter_map(listed).collect())
    }

    async fn positions(&self, access: &Access, external_ids: &[String]) -> Result<Vec<Sighting>, TrackingError> {
        // The mask accepts a list; ids are numbers, so they contain no wildcards.
        let ids = external_ids.iter().filter(|id| id.bytes().all(|b| b.is_ascii_digit()));
        let mask = ids.map(String::as_str).collect::<Vec<_>>().join(",");
        if mask.is_empty() {
            return Ok(Vec::new());
        }
        let items = self.search(access, &mask, BASE | POSITION).await?;
        Ok(items.iter().filter_map(sighting).collect())
    }
}

fn id(item: &Value) -> Option<String> {
    item["id"].as_u64().map(|id| id.to_string())
}

fn listed(item: &Value) -> Option<Listed> {
    let external_id = id(item)?;
    let fields = item["pflds"].as_object().into_iter().flat_map(|fields| fields.values());
    let plate = fields
        .filter(|field| field["n"] == "registration_plate")
        .find_map(|field| text(field["v"].as_str()?));
    Some(Listed {
        name: item["nm"]
            .as_str()
            .and_then(text)
            .unwrap_or_else(|| external_id.clone()),
        external_id,
        registration_number: plate,
    })
}

/// `y` is the latitude and `x` the longitude, `s` km/h, `c` degrees, `t` Unix seconds (what else it may be is in
/// [`domain::position::instant`]). Without a `t`, or with one that is no number, it is no position.
fn sighting(item: &Value) -> Option<Sighting> {
    let external_id = id(item)?;
    let position = &item["pos"];
    if position.is_null() {
        return None;
    }
    let fix = || {
        Some(RawFix {
            latitude: position["y"].as_f64()?,
            longitude: position["x"].as_f64()?,
            speed_kmh: position["s"].as_f64(),
            course: position["c"].as_f64(),
            recorded_at: seconds(&position["t"])?,
        })
    };
    Some(Sighting {
        external_id,
        fix: fix(),
    })
}

/// A time; fractions of a second are dropped.
#[expect(
    clippy::cast_possible_truncation,
    reason = "bounded by an i64, and fractions are not wanted"
)]
fn seconds(time: &Value) -> Option<i64> {
    time.as_i64().or_else(|| time.as_f64().map(|time| time as i64))
}

/// The error for a code of Wialon.
fn error(code: i64, reason: Option<&Value>) -> TrackingError {
    let say = |meaning: &str| format!("Wialon error {code}: {meaning}");
    match wialon::error(code, reason.and_then(Value::as_str)) {
        Meaning::SessionLost => TrackingError::SessionLost,
        Meaning::Busy => TrackingError::Busy {
            reason: say("too many requests, or a limit is exceeded"),
            after: None,
        },
        Meaning::Other(Fault::Provider) => TrackingError::away(say("the request failed")),
        Meaning::Other(Fault::Request) => TrackingError::Refused(say("the request is invalid")),
        Meaning::Other(Fault::Setup) => TrackingError::Refused(say(match code {
            7 => "access denied",
            8 => "token or user unknown",
            _ => "the account is not paid for",
        })),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::{TrackingError, error, listed, sighting};

    #[test]
    fn reads_the_item_of_the_vendors_documentation() {
        let item = json!({"nm":"Bavarian Tractor","cls":2,"id":34868,"pos":{"t":1358761631,"y":53.9205504,"x":27.4921152,
            "z":238,"s":0,"c":102,"sc":10},"uacl":638138188323u64});
        let seen = sighting(&item).unwrap();
        assert_eq!(seen.external_id, "34868");
        let fix = seen.fix.unwrap();
        assert!((fix.latitude - 53.920_550_4).abs() < 1e-9 && (fix.longitude - 27.492_115_2).abs() < 1e-9);
        assert_eq!((fix.recorded_at, fix.course), (1_358_761_631, Some(102.0)));
        let listed = listed(&item).unwrap();
        assert_eq!(
            (listed.name.as_str(), listed.registration_number),
            ("Bavarian Tractor", None)
        );
    }

    #[test]
    fn a_plate_comes_from_the_profile_and_texts_are_bounded() {
        let listed = listed(&json!({"id":7,"nm":"x".repeat(1000) + "\u{0}","pflds":{
            "1":{"id":1,"n":"brand","v":"Setra"},"2":{"id":2,"n":"registration_plate","v":" AA\u{0} 0001 "}}}))
        .unwrap();
        assert_eq!(listed.name.len(), 200);
        assert_eq!(listed.registration_number.as_deref(), Some("AA 0001"));
    }

    #[test]
    fn one_item_of_a_wrong_shape_does_not_spoil_the_others() {
        assert_eq!(sighting(&json!({"id":"7","pos":{}})), None);
        assert_eq!(sighting(&json!("x")), None);
        assert_eq!(sighting(&json!({"id":7})), None);
        assert_eq!(sighting(&json!({"id":7,"pos":null})), None);
        for broken in [
            json!("x"),
            json!({}),
            json!({"t":"1","y":1,"x":1}),
            json!({"t":null,"y":1,"x":1}),
            json!({"y":1,"x":1}),
            json!({"t":1,"y":"1","x":1}),
        ] {
            assert_eq!(sighting(&json!({"id":7,"pos":broken})).unwrap().fix, None);
        }
    }

    #[rstest]
    #[case(1, None, "session")]
    #[case(1011, None, "session")]
    #[case(1003, Some(json!("NO_SESSION")), "session")]
    #[case(1003, Some(json!("LIMIT api_concurrent")), "busy")]
    #[case(1003, None, "busy")]
    #[case(10, None, "busy")]
    #[case(4, None, "refused")]
    #[case(7, None, "refused")]
    #[case(8, None, "refused")]
    #[case(5, None, "away")]
    #[case(9, None, "away")]
    #[case(424242, None, "away")]
    fn codes_mean_what_the_vendor_says(
        #[case] code: i64,
        #[case] reason: Option<serde_json::Value>,
        #[case] means: &str,
    ) {
        let meaning = match error(code, reason.as_ref()) {
            TrackingError::SessionLost => "session",
            TrackingError::Busy { .. } => "busy",
            TrackingError::Refused(_) => "refused",
            TrackingError::Away { .. } => "away",
            TrackingError::Malformed(_) => "malformed",
            TrackingError::TurnedAway(_) => "turned away",
        };
        assert_eq!(meaning, means);
    }
}
