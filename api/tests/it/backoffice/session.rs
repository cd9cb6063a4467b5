//! Sessions: how they begin, continue, move and end.

use domain::access::Workplace;
use domain::id::UserId;
use domain::role::Role;
use serde_json::{Value, json};
use testing::world::World;

use crate::backoffice::support::Office;
use crate::harness::answer::Seen;
use crate::harness::browser::Browser;

mod csrf;
mod end;
mod login;
mod own;
mod password;
mod refresh;
mod switch;
mod token;

/// The password of all users here.
const PASSWORD: &str = "correct horse";

impl Office {
    /// A user with a password.
    async fn employee(&self, email: &str, accesses: &[(Workplace, Role)]) -> UserId {
        let id = self.person(email, accesses).await;
        let mut conn = self.pool().acquire().await.unwrap();
        let mut world = World::new(&mut conn, self.clock.now()).await;
        world.password(id, PASSWORD).await;
        id
    }

    /// The browser of a new manager of the first company, who signed in.
    async fn manager(&self, email: &str) -> Browser {
        self.employee(email, &[(Workplace::Company(self.karpaty), Role::Manager)])
            .await;
        self.browse_as(email).await
    }

    /// The browser of a user with one workplace, who signs in again.
    async fn browse_as(&self, email: &str) -> Browser {
        let browser = self.browser();
        let seen = browser.login(email, PASSWORD).await;
        seen.status(200);
        browser
    }

    async fn count_sessions(&self) -> i64 {
        sqlx::query_scalar("select count(*) from sessions where revoked_at is null")
            .fetch_one(self.pool())
            .await
            .unwrap()
    }
}

impl Browser {
    async fn login(&self, email: &str, password: &str) -> Seen {
        self.post("/v2/auth/login", &json!({ "email": email, "password": password }))
            .await
    }

    async fn login_at(&self, email: &str, place: &str) -> Seen {
        let body = json!({ "email": email, "password": PASSWORD, "companyId": place });
        self.post("/v2/auth/login", &body).await
    }

    async fn me(&self) -> Seen {
        self.get("/v2/auth/me").await
    }

    async fn refresh(&self) -> Seen {
        self.press("/v2/auth/refresh").await
    }
}

/// Status and code.
fn status_and_code(seen: &Seen) -> (u16, &str) {
    (seen.status, seen.code())
}

/// `Set-Cookie` headers.
fn set_cookies(seen: &Seen) -> Vec<&str> {
    let headers = seen.headers.get_all("set-cookie").iter();
    headers.map(|header| header.to_str().unwrap()).collect()
}

/// The headers that clear both cookies.
const CLEARED: [&str; 2] = [
    "backoffice_refresh_token=; Path=/v2/auth; Max-Age=0; HttpOnly; SameSite=Lax; Secure",
    "backoffice_access_token=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure",
];

/// The ids of company and partner in a response: one of them is null.
fn place(auth: &Value) -> (&Value, &Value) {
    (
        &auth["data"]["access"]["companyId"],
        &auth["data"]["access"]["partnerId"],
    )
}
