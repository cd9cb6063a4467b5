//! The token of an account, replaced.

use app::tracking::account::replace_token;
use chrono::TimeDelta;
use db::error::{AppError, AppResult};
use domain::tracking::Provider;
use testing::world::{operator, vault};

use crate::tracking::support::{Depot, FIRST, SECRET, fix, positions};

impl Depot {
    async fn replace(&self, name: &str, token: &str) -> AppResult<()> {
        let (pool, now) = (&self.db.pool, self.clock.now());
        replace_token(pool, &vault(), (now, &operator()), self.company_id, name, &token.into()).await
    }
}

#[tokio::test]
async fn an_account_whose_token_was_replaced_is_polled_again_at_once() {
    let depot = Depot::with(Provider::Wialon, |sim| sim.url(), Some("stale")).await;
    depot.provider.place(FIRST, fix(50.0, 0));
    assert!(depot.failure().await.contains("refused"));
    assert_eq!(depot.trouble().await.0, 1);
    assert!(depot.trouble().await.2 > TimeDelta::zero());
    depot.clock.advance(TimeDelta::seconds(1));

    depot.replace(&depot.account_id.to_string(), SECRET).await.unwrap();
    assert_eq!(depot.trouble().await, (0, None, TimeDelta::zero()));
    assert_eq!(depot.poll().await, positions(1, 0));
    let replaced = "select token_replaced_at = next_sync_at and token_replaced_at = $1 from tracking_accounts";
    let replaced: Option<bool> = sqlx::query_scalar(replaced)
        .bind(depot.clock.now())
        .fetch_one(&depot.db.pool)
        .await
        .unwrap();
    assert_eq!(replaced, Some(true), "it is due for a list, and says since when");
}

#[tokio::test]
async fn no_session_of_the_old_token_is_left() {
    let depot = Depot::new().await;
    depot.poll().await;
    let mut conn = depot.db.pool.acquire().await.unwrap();
    let before = db::tracking::find(&mut conn, depot.account_id).await.unwrap().unwrap();
    assert!(before.session.is_some());
    depot.replace(&depot.account_id.to_string(), SECRET).await.unwrap();
    let after = db::tracking::find(&mut conn, depot.account_id).await.unwrap().unwrap();
    assert_eq!(after.session, None);
    // Who logged in meanwhile, with the old one.
    let late = db::tracking::Account {
        session: None,
        ..before
    };
    let stored = db::tracking::replace_session(&mut conn, depot.account_id, &late, b"old")
        .await
        .unwrap();
    assert!(!stored);
    depot.clock.advance(TimeDelta::seconds(30));
    depot.poll().await;
    assert_eq!(depot.provider.requests().logins, 2);
}

#[tokio::test]
async fn malformed_tokens_and_unknown_accounts_are_refused() {
    let depot = Depot::new().await;
    let field = |refused: AppResult<()>| match refused {
        Err(AppError::Validation(fields)) => fields[0].field.clone(),
        other => unreachable!("{other:?}"),
    };
    let name = depot.account_id.to_string();
    for token in ["", "two words", &"x".repeat(5000), "ключ"] {
        assert_eq!(field(depot.replace(&name, token).await), "token");
    }
    assert_eq!(field(depot.replace("Other", SECRET).await), "name");
    depot.poll().await;
    assert_eq!(depot.trouble().await.0, 0, "the token is the one it was");
}
