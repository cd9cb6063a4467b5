//! Too many requests, and too many attempts to sign in.

use std::time::Duration;

use api::routes::TABLE;
use api::server::ServerLimits;
use app::throttle::Throttle;
use domain::throttle::Limits;
use testing::redis::TestRedis;

use crate::harness::operation::Operation;
use crate::operations::judge::refused;
use crate::operations::stage::Stage;

pub const LIMITED: (u16, &str) = (429, "RATE_LIMITED");

/// Open to all, but useless for guessing who may sign in: the token of an invitation is signed, and `googleStart` takes
/// no credential.
const GUESS_NOTHING: [&str; 3] = ["acceptInvitation", "previewInvitation", "googleStart"];

/// One request of each class in an hour.
const ONE: &str = "catalogue=1/3600,search=1/3600,read=1/3600,write=1/3600";

/// Long enough for a slow machine.
const TIMEOUT: Duration = Duration::from_secs(10);

/// An API whose limits the second request of a class exceeds.
pub fn limited(stage: &Stage, redis: &TestRedis) -> Stage {
    stage.beside(
        |settings| {
            settings
                .merge(("redis_url", redis.url()))
                .merge(("rate_limit_patience_ms", 10_000))
                .merge(("rate_limits_standard", ONE))
                .merge(("rate_limits_address", ONE))
        },
        ServerLimits::default(),
    )
}

/// An API whose limits the second failed sign-in exceeds.
fn guarded(stage: &Stage, redis: &TestRedis) -> Stage {
    let client = connect::redis::connect(&redis.url().into()).unwrap();
    let limits = Limits {
        device: 1,
        account_from_address: 1,
        account_from_unknown: 1,
        address: 1,
        window: Duration::from_secs(3600),
    };
    stage.with_state(|state| state.throttle = Throttle::with(client, b"secret", limits, TIMEOUT))
}

#[tokio::test]
async fn every_limited_operation_says_so_to_every_caller() {
    let (stage, redis) = tokio::join!(Stage::open(), TestRedis::start());
    let stage = limited(&stage, &redis);
    let mut counted = 0;
    for operation in Operation::all() {
        let is_limited = TABLE.find(&operation.method, &operation.path).policy.rate.is_some();
        assert!(is_limited || !operation.takes("apiKey"), "{}", operation.name);
        let call = stage.call(&operation);
        for call in [call.clone(), call.without("x-api-key")]
            .into_iter()
            .filter(|_| is_limited)
        {
            // The first request of its class is not limited, whatever the response.
            stage.send(&call).await;
            let answer = stage.send(&call).await;
            refused(&operation, &answer, LIMITED, "the second");
            assert!(answer.header("ratelimit").contains(";r=0;t="), "{}", operation.name);
            assert!(!answer.header("ratelimit-policy").is_empty());
            counted += 1;
        }
    }
    assert!(counted > 40, "{counted}");
}

#[tokio::test]
async fn every_way_to_sign_in_is_limited() {
    let (stage, redis) = tokio::join!(Stage::open(), TestRedis::start());
    let stage = guarded(&stage, &redis);
    let ways: Vec<Operation> = Operation::all()
        .into_iter()
        .filter(|operation| operation.schemes.is_empty() && operation.body.is_some())
        .filter(|operation| !GUESS_NOTHING.contains(&operation.name.as_str()))
        .collect();
    assert_eq!(ways.len(), 5);
    // A failure counts against the other ways from the same address.
    stage.send(&stage.call(&ways[0])).await;
    for operation in ways {
        let answer = stage.send(&stage.call(&operation)).await;
        refused(&operation, &answer, LIMITED, "the second failure");
    }
}
