//! The credentials with which callers may call an operation.

use api::auth::cookie;
use api::state::State;
use app::session;
use domain::access::Workplace;
use domain::role::Role;
use domain::session::token::AccessClaims;
use sqlx::PgPool;
use testing::world::World;

use crate::harness::operation::Operation;
use crate::operations::stage::{ORIGIN, Stage};

const SALT: [u8; 16] = [1; 16];

/// The cookies of a user.
#[derive(Debug, Clone)]
pub struct Cookies {
    pub access: String,
    pub refresh: String,
}

impl Stage {
    /// The headers of a caller who may call an operation.
    pub fn credential(&self, operation: &Operation) -> Vec<(&'static str, String)> {
        let cookies = if operation.path.starts_with("/v2/partner/") {
            &self.at_partner
        } else if operation.path.starts_with("/v2/ops/") {
            &self.at_platform
        } else {
            &self.at_company
        };
        let cookie =
            |name: &str, value: &str| vec![("cookie", format!("{name}={value}")), ("origin", ORIGIN.to_owned())];
        if operation.takes("apiKey") {
            vec![("x-api-key", self.key.clone())]
        } else if operation.takes("session") {
            cookie(cookie::ACCESS, &cookies.access)
        } else if operation.takes("refresh") {
            cookie(cookie::REFRESH, &cookies.refresh)
        } else {
            Vec::new()
        }
    }

    /// A new user of a workplace, signed in.
    pub async fn sign_in(&self, place: Workplace, role: Role) -> Cookies {
        sign_in(&self.state, &self.db.pool, place, role).await
    }
}

/// A new user of a workplace, signed in.
pub async fn sign_in(state: &State, pool: &PgPool, place: Workplace, role: Role) -> Cookies {
    let email = format!("{}@stage.example", uuid::Uuid::new_v4().simple());
    let now = state.platform.clock.now();
    let mut conn = pool.acquire().await.unwrap();
    let mut world = World::new(&mut conn, now).await;
    let user_id = world.person(&email, &[(place, role)]).await;
    let access_id = world.access(user_id, place).await;
    let session_id = session::begin(&mut conn, user_id, access_id, SALT, None, now)
        .await
        .unwrap();
    let claims = AccessClaims { session_id, access_id };
    Cookies {
        access: state.session_key.sign(claims, now).unwrap(),
        refresh: state.session_key.refresh_token(session_id, 0, &SALT),
    }
}
