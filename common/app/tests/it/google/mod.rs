//! Sign-in with Google, against a provider with real keys behind a real socket.

mod keys;
mod token;

use app::google::{Google, identify};
use chrono::{DateTime, TimeDelta, Utc};
use config::{Needs, Settings};
use db::error::AppResult;
use domain::id::UserId;
use kernel::clock::Clock;
use testing::database::TestDb;
use testing::issuer::{CLIENT, Issuer};
use testing::settings::settings;
use testing::world::World;

const OLENA: &str = "olena@karpaty.example";

/// A provider, a back office that trusts it, and a person that both know.
struct Stage {
    db: TestDb,
    issuer: Issuer,
    google: Google,
    clock: Clock,
    olena: UserId,
}

impl Stage {
    async fn new() -> Self {
        let (db, issuer) = (TestDb::new().await, Issuer::start().await);
        let clock = Clock::manual("2027-02-01T08:00:00Z".parse::<DateTime<Utc>>().unwrap());
        let mut conn = db.pool.acquire().await.unwrap();
        let olena = World::new(&mut conn, clock.now()).await.person(OLENA, &[]).await;
        drop(conn);
        let figment = settings(&db.url)
            .merge(("google_client_id", CLIENT))
            .merge(("google_issuer", issuer.url()))
            .merge(("google_keys_url", issuer.keys_url()));
        let settings = Settings::from_figment(&figment, Needs::Api).unwrap();
        let google = Google::new(&settings, clock.clone()).unwrap().unwrap();
        Self {
            db,
            issuer,
            google,
            clock,
            olena,
        }
    }

    async fn identify(&self, token: &str) -> AppResult<UserId> {
        let who = identify(&self.db.pool, Some(&self.google), &token.into()).await?;
        Ok(who.user_id)
    }

    /// A good token of now.
    fn token(&self) -> String {
        self.issuer.token(OLENA, self.clock.now())
    }

    fn wait(&self, by: TimeDelta) {
        self.clock.advance(by);
    }
}
