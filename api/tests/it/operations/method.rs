//! Methods that a path does not support.

use std::collections::{BTreeMap, BTreeSet};

use poem::http::Method;

use crate::harness::operation::Operation;
use crate::operations::answer::Call;
use crate::operations::judge::refused_anywhere;
use crate::operations::stage::Stage;

/// Of HTTP, of WebDAV, an invented one, and one in the wrong case.
const METHODS: [&str; 11] = [
    "GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "QUERY", "BREW", "get",
];

/// Routes that are not operations. They can only be read.
const PAGES: [&str; 10] = [
    "/docs",
    "/openapi.json",
    "/healthz",
    "/readyz",
    "/",
    "/introduction",
    "/guides/distribution-getting-started",
    "/guides/rest-to-v2-migration",
    "/pages.css",
    "/files/a.csv",
];

#[tokio::test]
async fn a_method_that_a_path_does_not_have_is_refused_with_those_that_it_has() {
    let stage = Stage::open().await;
    let before = stage.fingerprint().await;
    let mut paths: BTreeMap<String, BTreeSet<String>> = PAGES
        .map(|path| (path.to_owned(), BTreeSet::from(["GET".to_owned()])))
        .into();
    for operation in Operation::all() {
        let path = operation.at(&stage.id(&operation, &stage.own));
        paths.entry(path).or_default().insert(operation.method.to_string());
    }
    for (path, mut allowed) in paths {
        // With a query or without: the path decides.
        let path = path.split('?').next().unwrap();
        let refused: Vec<&str> = METHODS
            .into_iter()
            .filter(|method| !allowed.contains(*method))
            .collect();
        if allowed.contains("GET") {
            allowed.insert("HEAD".to_owned());
        }
        allowed.insert("OPTIONS".to_owned());
        for method in refused {
            let call = Call::new(Method::from_bytes(method.as_bytes()).unwrap(), path);
            for call in [call.clone(), call.with("x-api-key", &stage.key).text("{")] {
                let answer = stage.send(&call).await;
                refused_anywhere(path, &answer, (405, "METHOD_NOT_ALLOWED"), &format!("{method} {path}"));
                let told: BTreeSet<String> = answer.header("allow").split(", ").map(str::to_owned).collect();
                assert_eq!(told, allowed, "{method} {path}");
            }
        }
        let answer = stage.send(&Call::new(Method::OPTIONS, path)).await;
        let told: BTreeSet<String> = answer.header("allow").split(", ").map(str::to_owned).collect();
        assert_eq!((answer.status, told), (204, allowed), "OPTIONS {path}");
    }
    assert_eq!(stage.fingerprint().await, before);
}

#[tokio::test]
async fn a_header_that_names_another_method_changes_nothing() {
    let stage = Stage::open().await;
    let booking = stage.own.like("bkg_");
    for name in ["x-http-method-override", "x-http-method", "x-method-override"] {
        let call = Call::new(Method::GET, &format!("/v2/bookings/{booking}")).with("x-api-key", &stage.key);
        assert_eq!(stage.send(&call.with(name, "DELETE")).await.status, 200, "{name}");
    }
}
