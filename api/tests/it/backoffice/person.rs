//! What operators do to users with `admin`, and what the users notice of it.

use domain::access::Workplace;
use domain::role::Role;
use futures::future::join_all;
use serde_json::json;
use testing::world::World;

use crate::backoffice::support::Office;
use crate::harness::answer::Seen;
use crate::harness::browser::Browser;
use crate::harness::operator::Operator;

const OLENA: &str = "olena@karpaty.example";
const PASSWORD: &str = "correct horse";
const ENDED: (u16, &str) = (401, "SESSION_EXPIRED");
const UNKNOWN: (u16, &str) = (401, "INVALID_CREDENTIALS");

impl Office {
    /// Runs a command of `admin` on the database of the office; returns its exit code and its output.
    pub(super) async fn admin(&self, args: &[&str], input: &str) -> (i32, String) {
        let run = Operator::of(&self.db).run_with(args, &[], input).await;
        (run.code, run.out + &run.err)
    }

    /// Olena, a manager of both companies, signed in to each of them.
    async fn olena(&self) -> [Browser; 2] {
        let places = [self.karpaty, self.wisla].map(|company| (Workplace::Company(company), Role::Manager));
        let id = self.person(OLENA, &places).await;
        let mut conn = self.pool().acquire().await.unwrap();
        let mut world = World::new(&mut conn, self.clock.now()).await;
        world.password(id, PASSWORD).await;
        drop(conn);
        let browsers = [self.browser(), self.browser()];
        for (browser, company) in browsers.iter().zip([self.karpaty, self.wisla]) {
            let seen = login(browser, PASSWORD, &company.to_string()).await;
            seen.status(200);
        }
        browsers
    }
}

async fn login(browser: &Browser, password: &str, company: &str) -> Seen {
    let body = json!({ "email": OLENA, "password": password, "companyId": company });
    browser.post("/v2/auth/login", &body).await
}

fn status_and_code(seen: &Seen) -> (u16, &str) {
    (seen.status, seen.code())
}

/// Status and code of a read, and of a refresh; both are the same for cookies of an earlier session.
async fn seen_by(browser: &Browser) -> [(u16, String); 2] {
    let copy = browser.copy();
    let (read, refreshed) = (copy.get("/v2/orders").await, copy.press("/v2/auth/refresh").await);
    [read, refreshed].map(|seen| (seen.status, seen.code().to_owned()))
}

fn both((status, code): (u16, &str)) -> [(u16, String); 2] {
    [(status, code.to_owned()), (status, code.to_owned())]
}

#[tokio::test]
async fn a_person_who_is_disabled_is_out_at_once_and_stays_out_until_enabled() {
    let office = Office::open().await;
    let [here, there] = office.olena().await;
    let karpaty = office.karpaty.to_string();
    for _ in 0..2 {
        let (code, text) = office
            .admin(&["disable-user", "--email", " Olena@karpaty.example"], "")
            .await;
        assert_eq!((code, text.trim()), (0, "disabled, and signed out everywhere"));
    }
    for browser in [&here, &there] {
        assert_eq!(seen_by(browser).await, both((401, "UNAUTHORIZED")));
    }
    // The response is the same as for an unknown user, with any password.
    let browser = office.browser();
    let right = login(&browser, PASSWORD, &karpaty).await;
    assert_eq!(status_and_code(&right), UNKNOWN);
    assert_eq!(right.body, login(&browser, "wrong password", &karpaty).await.body);
    let pre_login = json!({ "email": OLENA, "password": PASSWORD });
    assert_eq!(
        status_and_code(&browser.post("/v2/auth/pre-login", &pre_login).await),
        UNKNOWN
    );
    let (code, text) = office.admin(&["enable-user", "--email", OLENA], "").await;
    assert_eq!((code, text.trim()), (0, "enabled"));
    // Sessions that have ended stay ended; new ones work as before.
    for browser in [&here, &there] {
        assert_eq!(seen_by(browser).await, both(ENDED));
    }
    login(&browser, PASSWORD, &karpaty).await.status(200);
    browser.get("/v2/orders").await.status(200);
}

#[tokio::test]
async fn a_remaining_session_is_refused_while_the_person_is_disabled() {
    let office = Office::open().await;
    let [here, _] = office.olena().await;
    // As a program of the previous release would leave it, which does not know disabled users.
    sqlx::query("update users set disabled_at = now()")
        .execute(office.pool())
        .await
        .unwrap();
    assert_eq!(seen_by(&here).await, both((401, "UNAUTHORIZED")));
}

#[tokio::test]
async fn another_password_ends_every_session_of_the_person_and_no_other() {
    let office = Office::open().await;
    let [here, there] = office.olena().await;
    let colleague = office.at_karpaty(Role::Manager).await;
    let set = ["set-password", "--email", OLENA, "--password-stdin"];
    let (code, text) = office.admin(&set, "short\n").await;
    assert_eq!(
        (code, text.trim()),
        (2, "admin: password: must be 8 to 128 characters long")
    );
    assert_eq!(here.get("/v2/orders").await.status, 200, "nothing has changed");
    let (code, text) = office.admin(&set, "battery staple\n").await;
    assert_eq!((code, text.trim()), (0, "changed, and signed out everywhere"));
    for browser in [&here, &there] {
        assert_eq!(seen_by(browser).await, both(ENDED));
    }
    colleague.get("/v2/orders").await.status(200);
    let karpaty = office.karpaty.to_string();
    assert_eq!(status_and_code(&login(&here, PASSWORD, &karpaty).await), UNKNOWN);
    login(&here, "battery staple", &karpaty).await.status(200);
}

#[tokio::test]
async fn a_withdrawn_access_ends_the_sessions_there_and_those_elsewhere_go_on() {
    let office = Office::open().await;
    let [here, there] = office.olena().await;
    let withdraw = ["withdraw-access", "--email", OLENA, "--access", "company:karpaty"];
    // All or nothing.
    let both_places = [&withdraw[..], &["--access", "partner:website"]].concat();
    let (code, text) = office.admin(&both_places, "").await;
    let refusal = "admin: access: must be an access of the user, not partner:website";
    assert_eq!((code, text.trim()), (2, refusal));
    here.get("/v2/orders").await.status(200);
    let (code, text) = office.admin(&withdraw, "").await;
    assert_eq!((code, text.trim()), (0, "withdrawn, and the sessions there ended"));
    assert_eq!(seen_by(&here).await, both((401, "UNAUTHORIZED")));
    there.get("/v2/orders").await.status(200);
    let back = there
        .post("/v2/auth/switch-company", &json!({ "companyId": office.karpaty }))
        .await;
    assert_eq!(status_and_code(&back), (404, "COMPANY_NOT_FOUND"));
    let again = login(&office.browser(), PASSWORD, &office.karpaty.to_string()).await;
    assert_eq!(status_and_code(&again), (404, "COMPANY_NOT_FOUND"));
    // Granted again, with another role.
    let grant = [
        "grant-access",
        "--email",
        OLENA,
        "--access",
        "company:karpaty:ACCOUNTANT",
    ];
    assert_eq!(office.admin(&grant, "").await.0, 0);
    let back = there
        .post("/v2/auth/switch-company", &json!({ "companyId": office.karpaty }))
        .await;
    assert_eq!(
        (back.status, &back.body["data"]["access"]["role"]),
        (200, &json!("ACCOUNTANT"))
    );
}

#[tokio::test]
async fn unknown_users_and_workplaces_are_refused() {
    let office = Office::open().await;
    office.olena().await;
    for command in ["disable-user", "enable-user"] {
        let (code, text) = office.admin(&[command, "--email", "nobody@karpaty.example"], "").await;
        assert_eq!(
            (code, text.trim()),
            (2, "admin: email: must be the e-mail address of a user")
        );
    }
    for (access, refusal) in [
        ("company:nowhere", "must be an existing company or partner"),
        ("karpaty", "a workplace must be"),
        ("company:karpaty:ADMIN", "a workplace must be"),
    ] {
        let (code, text) = office
            .admin(&["withdraw-access", "--email", OLENA, "--access", access], "")
            .await;
        assert!(code == 2 && text.contains(refusal), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_during_a_change_of_password_or_a_disabling_leaves_no_session() {
    let office = Office::open().await;
    office.olena().await;
    let (pool, now, karpaty) = (office.pool(), office.clock.now(), office.karpaty.to_string());
    let by = app::ops::Operator::new("cli:taras", "test", None).unwrap();
    for round in 0..2 {
        let browsers: Vec<Browser> = (0..6).map(|_| office.browser()).collect();
        let logins = join_all(browsers.iter().map(|browser| login(browser, PASSWORD, &karpaty)));
        let change = async {
            if round == 0 {
                app::user::disable(pool, now, &by, OLENA).await.unwrap();
                app::user::enable(pool, now, &by, OLENA).await.unwrap();
            } else {
                let password = "battery staple".into();
                app::user::set_password(pool, now, &by, OLENA, &password).await.unwrap();
            }
        };
        let (answers, ()) = tokio::join!(logins, change);
        for (browser, seen) in browsers.iter().zip(answers) {
            assert!([200, 401].contains(&seen.status), "{}", seen.body);
            let still = browser.get("/v2/orders").await;
            // Logins after the user was enabled again succeed; with the old password, no session remains.
            assert!(round == 0 || still.status == 401, "{}", still.body);
        }
    }
    let live: i64 = sqlx::query_scalar(
        "select count(*) from sessions s join users u on u.id = s.user_id where u.email = $1 and s.revoked_at is null",
    )
    .bind(OLENA)
    .fetch_one(pool)
    .await
    .unwrap();
    assert_eq!(live, 0);
}
