//! Operations that are open to all until an operator closes them.

use api::auth::cookie;
use api::server::ServerLimits;
use app::api_key;
use domain::access::Workplace;
use domain::role::Role;

use crate::harness::operation::Operation;
use crate::operations::judge::refused;
use crate::operations::key::keyed;
use crate::operations::stage::Stage;

#[tokio::test]
async fn with_the_switch_the_catalogue_opens_to_keys_and_sessions_only() {
    let opened = Stage::open().await;
    let stage = opened.beside(
        |settings| settings.merge(("catalogue_requires_key", true)),
        ServerLimits::default(),
    );
    let (access, refresh) = (&stage.at_company.access, &stage.at_company.refresh);
    let ended = stage.sign_in(Workplace::Company(stage.company), Role::Manager).await;
    stage
        .sql(
            "update sessions set revoked_at = created_at where id = (select id from sessions order by id desc limit 1)",
        )
        .await;
    for operation in keyed().into_iter().filter(Operation::is_visited) {
        let call = stage.call(&operation);
        let cookie = |name: &str, value: &str| {
            call.clone()
                .without("x-api-key")
                .with("cookie", &format!("{name}={value}"))
        };
        let good = [call.clone(), cookie(cookie::ACCESS, access)];
        for call in &good {
            let answer = stage.send(call).await;
            assert!(
                [200, 404].contains(&answer.status),
                "{}: {}",
                operation.name,
                answer.text
            );
        }
        let unauthorized = (401, "UNAUTHORIZED");
        for (what, call, refusal) in [
            ("nothing", call.clone().without("x-api-key"), unauthorized),
            (
                "an unknown key",
                call.clone().with("x-api-key", &api_key::key_text("local", [9; 32])),
                unauthorized,
            ),
            (
                "an unknown key beside a session",
                good[1].clone().with("x-api-key", "nonsense"),
                unauthorized,
            ),
            ("no session", cookie(cookie::ACCESS, "nonsense"), unauthorized),
            (
                "a forged session",
                cookie(cookie::ACCESS, &format!("{}A", &access[..access.len() - 2])),
                unauthorized,
            ),
            ("a refresh token", cookie(cookie::ACCESS, refresh), unauthorized),
            (
                "a refresh token in its place",
                cookie(cookie::REFRESH, refresh),
                unauthorized,
            ),
            (
                "a session that was revoked",
                cookie(cookie::ACCESS, &ended.access),
                (401, "SESSION_EXPIRED"),
            ),
        ] {
            refused(&operation, &stage.send(&call).await, refusal, what);
        }
    }
}
