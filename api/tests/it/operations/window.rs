//! The end of the old API, for a partner for which it is closed.

use app::legacy;
use poem::http::Method;
use testing::world::operator;

use crate::operations::answer::Call;
use crate::operations::judge::{refused, refused_anywhere};
use crate::operations::key::keyed;
use crate::operations::path::unknown;
use crate::operations::stage::Stage;

#[tokio::test]
async fn a_partner_without_the_old_api_is_refused_by_each_of_its_operations_and_by_no_other() {
    let stage = Stage::open().await;
    assert!(
        legacy::close(&stage.db.pool, stage.clock.now(), &operator(), stage.website)
            .await
            .unwrap()
    );
    for operation in keyed() {
        let call = stage.call(&operation);
        let answer = stage.send(&call).await;
        if !operation.is_old() {
            assert_ne!(answer.status, 410, "{}", operation.name);
            continue;
        }
        refused(&operation, &answer, (410, "GONE"), "closed");
        // Even if the call is invalid in other ways; but a client with an unknown key does not learn that it is closed.
        for call in [
            call.clone().text("{"),
            call.clone().to(format!("{}&take=x", call.path)),
            call.clone().to(operation.at(&unknown("ord_"))),
        ] {
            refused(&operation, &stage.send(&call).await, (410, "GONE"), "closed, and wrong");
        }
        refused(
            &operation,
            &stage.send(&call.clone().with("x-api-key", "nonsense")).await,
            operation.refusal(),
            "unknown",
        );
        let others = stage.send(&call.with("x-api-key", &stage.other_key)).await;
        assert_ne!(others.status, 410, "{}", operation.name);
    }
    let unknown_route = stage
        .send(&Call::new(Method::GET, "/rest/nothing").with("x-api-key", &stage.key))
        .await;
    refused_anywhere("/rest/nothing", &unknown_route, (404, "NOT_FOUND"), "closed");
}
