//! Ids that name nothing, and paths that do not exist.

use poem::http::Method;

use crate::harness::operation::Operation;
use crate::operations::answer::Call;
use crate::operations::judge::{refused, refused_anywhere};
use crate::operations::stage::Stage;

const NOWHERE: (u16, &str) = (404, "NOT_FOUND");

/// An id of the format of an example, which nothing has.
pub fn unknown(example: &str) -> String {
    match example.split_once('_') {
        Some((prefix, _)) => format!("{prefix}_01980c6a5f0e7d8c9b3a2f1e0d4c5b6b"),
        None => "atlantis".to_owned(),
    }
}

#[tokio::test]
async fn unknown_ids_are_not_found_in_any_form() {
    let stage = Stage::open().await;
    let before = stage.fingerprint().await;
    let mut tried = 0;
    for operation in Operation::all() {
        let Some(example) = operation.example_id() else {
            continue;
        };
        let to = |id: &str| stage.call(&operation).to(operation.at(id));
        let nobodys = stage.send(&to(&unknown(&example))).await;
        let code = nobodys.code();
        refused(&operation, &nobodys, (404, &code), "unknown");
        let own = stage.id(&operation, &stage.own);
        let (shape, hex) = own.split_once('_').unwrap_or(("", &own));
        let long = "a".repeat(2000);
        let mut strange = vec![
            format!("{}_{hex}", if shape == "usr" { "key" } else { "usr" }),
            format!("{shape}-{hex}"),
            format!("{shape}__{hex}"),
            format!("{own}0"),
            format!("{own}%00"),
            format!("%20{own}"),
            format!("{own}%20"),
            format!("{own}%2F"),
            format!("{own};x=1"),
            format!("{own}."),
            "nonsense".to_owned(),
            "0".to_owned(),
            "-1".to_owned(),
            "%00".to_owned(),
            "%2e%2e%2f".to_owned(),
            "null".to_owned(),
            "'%20or%201=1--".to_owned(),
            "$%7Bjndi:x%7D".to_owned(),
            "%F0%9F%9A%8C".to_owned(),
            "01980c6a-5f0e-7d8c-9b3a-2f1e0d4c5b6b".to_owned(),
            long,
        ];
        if !shape.is_empty() {
            strange.push(own.to_uppercase());
        }
        for id in strange {
            let answer = stage.send(&to(&id)).await;
            assert_eq!(answer.essence(), nobodys.essence(), "{} {id:.100}", operation.name);
            tried += 1;
        }
        // Not a valid path.
        for id in ["%ff", "%c3", "a%ed%a0%80"] {
            let answer = stage.send(&to(id)).await;
            refused_anywhere(&operation.path, &answer, NOWHERE, &format!("{} {id}", operation.name));
        }
    }
    assert!(tried > 400, "{tried}");
    assert_eq!(stage.fingerprint().await, before);
}

#[tokio::test]
async fn an_unknown_route_is_not_found_anywhere() {
    let stage = Stage::open().await;
    let mut paths: Vec<String> = [
        "//",
        "/v1",
        "/v2",
        "/v2/",
        "/v3/cities",
        "/rest",
        "/rest/",
        "/rest/nothing",
        "/admin",
        "/.env",
        "/.git/config",
        "/v2%2Fcities",
        "/%76%33",
        "/v2/../etc/passwd",
        "/v2/%2e%2e/%2e%2e/etc/passwd",
        "/V2/cities",
        "/v2/cities%00",
        "/%ff",
        "/%",
        "/v2/cities/%zz/x/y",
        "/files",
        "/guides",
        "/docs/x",
        "/openapi.yaml",
        "/healthz/x",
        "/*",
        "/v2/:id",
        "/v2/{id}",
        "/\\",
        "/v2;x=1",
        "/rest/%ff",
    ]
    .map(str::to_owned)
    .into();
    // Beside and below every route.
    for operation in Operation::all() {
        let path = operation.at("x").replace('?', "");
        paths.extend([
            format!("{path}/nothing/below/it"),
            format!("{path}/x/"),
            format!("/x{path}"),
        ]);
    }
    for path in paths {
        for method in [Method::GET, Method::POST, Method::DELETE] {
            let call = Call::new(method.clone(), &path).with("x-api-key", &stage.key);
            let answer = stage.send(&call).await;
            refused_anywhere(&path, &answer, NOWHERE, &format!("{method} {path}"));
        }
    }
}
