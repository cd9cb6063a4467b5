//! Requests that are too large or too slow, for every operation.

use futures::future::join_all;
use poem::Body;

use crate::harness::operation::Operation;
use crate::operations::judge::refused;
use crate::operations::stage::{Stage, hasty};

const TOO_LARGE: (u16, &str) = (413, "PAYLOAD_TOO_LARGE");
const INVALID: (u16, &str) = (400, "VALIDATION_ERROR");
const NOT_JSON: (u16, &str) = (415, "UNSUPPORTED_MEDIA_TYPE");

const LIMIT: usize = 1024 * 1024;

#[tokio::test]
async fn a_body_over_the_limit_is_refused_by_every_operation_announced_or_not() {
    let stage = Stage::open().await;
    let before = stage.fingerprint().await;
    for operation in Operation::all() {
        let call = stage.call(&operation);
        let least = if operation.takes_archive {
            "268435457"
        } else {
            "1048577"
        };
        for length in [least, "99999999999", "18446744073709551615"] {
            let answer = stage.send(&call.clone().text("").with("content-length", length)).await;
            refused(&operation, &answer, TOO_LARGE, length);
        }
        // A body that does not state its length, and so is read: one byte too many.
        if !operation.takes_archive {
            let long = Body::from_async_read(std::io::Cursor::new(vec![b' '; LIMIT + 1]));
            let answer = stage.send_body(&call.clone().without("content-length"), long).await;
            refused(&operation, &answer, TOO_LARGE, "unannounced");
        }
        let answer = stage.send(&call.with("content-encoding", "gzip")).await;
        refused(&operation, &answer, NOT_JSON, "compressed");
    }
    assert_eq!(stage.fingerprint().await, before);
}

#[tokio::test]
async fn a_body_that_does_not_arrive_is_refused_by_every_operation() {
    let opened = Stage::open().await;
    let stage = opened.beside(|settings| settings, hasty());
    let operations = Operation::all();
    // All at once: each waits as long as the API allows, and no longer.
    let answers = operations.iter().map(|operation| {
        let call = stage.call(operation);
        let stage = stage.clone();
        async move {
            let (sender, slow) = tokio::io::duplex(16);
            let answer = stage.send_body(&call, Body::from_async_read(slow)).await;
            drop(sender);
            answer
        }
    });
    for (operation, answer) in operations.iter().zip(join_all(answers).await) {
        refused(operation, &answer, INVALID, "slow");
        assert_eq!(answer.fields(), ["body timeout"], "{}", operation.name);
    }
}

#[tokio::test]
async fn an_address_over_the_limit_is_refused_by_every_operation() {
    let stage = Stage::open().await;
    for operation in Operation::all() {
        let call = stage.call(&operation);
        let more = format!("{}&x={}", call.path, "a".repeat(8 * 1024));
        let answer = stage.send(&call.to(more)).await;
        refused(&operation, &answer, INVALID, "a long query");
        assert_eq!(answer.fields(), ["uri maxLength"], "{}", operation.name);
    }
}
