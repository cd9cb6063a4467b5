//! Users of a company or a partner: invitations, roles, withdrawn access.

use std::sync::{Arc, Mutex};

use app::invitation;
use app::notification::{Mails, Sent};
use async_trait::async_trait;
use chrono::TimeDelta;
use clients::DeliveryError;
use clients::mailer::{Mail, Mailer};
use domain::access::Workplace;
use domain::id::InvitationId;
use domain::role::Role;
use serde_json::{Value, json};

use crate::backoffice::support::Office;
use crate::harness::answer::Seen;
use crate::harness::browser::Browser;

const TARAS: &str = "taras@example.com";

/// A mailer that keeps what it is to send.
#[derive(Debug, Default)]
struct Outbox(Mutex<Vec<Mail>>);

#[async_trait]
impl Mailer for Outbox {
    async fn send(&self, mail: Mail) -> Result<String, DeliveryError> {
        self.0.lock().unwrap().push(mail);
        Ok("250 2.0.0 queued as 17".to_owned())
    }
}

impl Office {
    /// Sends the mail of an invitation; returns the outcome and all mails that were sent.
    async fn post(&self, id: &str) -> (Sent, Vec<Mail>) {
        let outbox = Arc::new(Outbox::default());
        let mails = Mails {
            pool: self.pool().clone(),
            clock: self.clock.clone(),
            mailer: outbox.clone(),
            draw_pdf: documents::draw,
        };
        let id: InvitationId = id.parse().unwrap();
        let sent = invitation::send(&mails, id).await.unwrap();
        let mails = outbox.0.lock().unwrap().clone();
        (sent, mails)
    }

    async fn texts(&self, sql: &'static str) -> Vec<String> {
        sqlx::query_scalar(sql).fetch_all(self.pool()).await.unwrap()
    }
}

pub(super) async fn invite(admin: &Browser, email: &str, role: &str) -> Seen {
    let body = json!({ "email": email, "role": role, "language": "UK" });
    admin.post("/v2/people/invitations", &body).await
}

/// Invites an address; returns the id of the invitation and the token in its mail.
pub(super) async fn invited(office: &Office, admin: &Browser, email: &str, role: &str) -> (String, String) {
    let seen = invite(admin, email, role).await;
    seen.status(201);
    let id = seen.body["data"]["invitation"]["id"].as_str().unwrap().to_owned();
    let (sent, mails) = office.post(&id).await;
    let [mail] = &mails[..] else { panic!("{mails:?}") };
    assert_eq!((sent, &mail.to_address), (Sent::Now, &email.to_lowercase()));
    let link = mail
        .plain
        .lines()
        .find(|line| line.contains("/console/invitation#"))
        .unwrap();
    assert!(
        mail.html.contains(link) && mail.subject.starts_with("Запрошення"),
        "{}",
        mail.html
    );
    (id, link.split_once('#').unwrap().1.to_owned())
}

pub(super) async fn accept(browser: &Browser, token: &str, more: Value) -> Seen {
    let mut body = more;
    body["token"] = token.into();
    browser.post("/v2/auth/invitations/accept", &body).await
}

pub(super) fn newcomer() -> Value {
    json!({ "firstName": "Тарас", "lastName": "Бондар", "password": "correct horse" })
}

async fn sign_in(office: &Office, email: &str) -> Browser {
    let browser = office.browser();
    let body = json!({ "email": email, "password": "correct horse" });
    browser.post("/v2/auth/login", &body).await.status(200);
    browser
}

async fn people(admin: &Browser) -> Vec<Value> {
    let seen = admin.get("/v2/people").await;
    seen.status(200);
    let people = seen.body["data"]["people"].as_array().unwrap().clone();
    assert_eq!(seen.body["data"]["total"], people.len());
    people
}

pub(super) async fn patch(browser: &Browser, path: &str, body: &Value) -> Seen {
    let request = browser.http.patch(format!("{}{path}", browser.base)).json(body);
    browser.send(request).await
}

#[tokio::test]
async fn a_user_is_invited_joins_works_and_is_dismissed() {
    let office = Office::open().await;
    let admin = office.at_karpaty(Role::Admin).await;
    let (id, token) = invited(&office, &admin, TARAS, "DISPATCHER").await;
    let open = admin.get("/v2/people/invitations").await.body["data"].clone();
    assert_eq!(
        (&open["total"], &open["invitations"][0]["email"]),
        (&json!(1), &json!(TARAS))
    );
    assert_eq!(open["invitations"][0]["sentAt"], "2027-02-01T08:00:00.000Z");
    // The token is stored nowhere, and the mail is sent once.
    assert!(!office.texts("select i::text from invitations i").await[0].contains(&token));
    assert!(
        office
            .texts("select j::text from jobs j")
            .await
            .iter()
            .all(|job| !job.contains(&token))
    );
    let (sent, mails) = office.post(&id).await;
    assert_eq!((sent, mails.len()), (Sent::Before, 0));

    let guest = office.browser();
    let missing = accept(&guest, &token, json!({ "firstName": "Тарас" })).await;
    assert_eq!(missing.fields(), ["lastName required", "password required"]);
    let seen = accept(&guest, &token, newcomer()).await;
    let accepted = json!({
        "email": TARAS, "contextType": "COMPANY", "companyId": office.karpaty.to_string(), "partnerId": null,
        "name": "karpaty", "role": "DISPATCHER",
    });
    assert_eq!((seen.status, &seen.body["data"]), (200, &accepted));
    accept(&guest, &token, newcomer()).await.refused(410, "GONE");
    let taras = sign_in(&office, TARAS).await;
    taras.get("/v2/orders").await.status(200);
    taras.get("/v2/people").await.refused(403, "FORBIDDEN");
    let listed = people(&admin).await;
    let person = listed.iter().find(|person| person["email"] == TARAS).unwrap();
    assert_eq!(
        (&person["role"], &person["firstName"]),
        (&json!("DISPATCHER"), &json!("Тарас"))
    );
    assert_eq!(person["lastSeenAt"], "2027-02-01T08:00:00.000Z");

    let path = format!("/v2/people/{}", person["id"].as_str().unwrap());
    let seen = patch(&admin, &path, &json!({ "role": "ACCOUNTANT" })).await;
    assert_eq!(
        (seen.status, &seen.body["data"]["person"]["role"]),
        (200, &json!("ACCOUNTANT"))
    );
    // Setting the role that they have leaves no entry.
    patch(&admin, &path, &json!({ "role": "ACCOUNTANT" })).await.status(200);
    taras.get("/v2/orders").await.refused(403, "FORBIDDEN");
    taras.get("/v2/reports/orders").await.status(200);
    admin.delete(&path).await.status(204);
    taras.get("/v2/auth/me").await.refused(401, "UNAUTHORIZED");
    admin.delete(&path).await.refused(404, "NOT_FOUND");
    assert_eq!(
        office.texts("select action from audit_entries order by id").await,
        ["person.invited", "person.role", "person.withdrawn"]
    );
}

#[tokio::test]
async fn a_user_with_an_account_only_gains_the_access() {
    let office = Office::open().await;
    let admin = office.at_website(Role::Admin).await;
    let id = office
        .person(TARAS, &[(Workplace::Company(office.karpaty), Role::Manager)])
        .await;
    let (_, token) = invited(&office, &admin, "Taras@Example.com", "MANAGER").await;
    let seen = accept(
        &office.browser(),
        &token,
        json!({ "firstName": "Хтось", "password": "another one" }),
    )
    .await;
    assert_eq!((seen.status, &seen.body["data"]["name"]), (200, &json!("website")));
    let place = json!([
        seen.body["data"]["contextType"],
        seen.body["data"]["partnerId"],
        seen.body["data"]["companyId"]
    ]);
    assert_eq!(place, json!(["PARTNER", office.website.to_string(), null]));
    let names =
        "select first_name || ' ' || coalesce(password_hash, 'none') from users where email = 'taras@example.com'";
    assert_eq!(office.texts(names).await, ["Олена none"]);
    let listed = people(&admin).await;
    let found: Vec<&Value> = listed.iter().filter(|person| person["id"] == id.to_string()).collect();
    assert_eq!(found.len(), 1);
    let again = invite(&admin, TARAS, "MANAGER").await;
    assert_eq!(again.fields(), ["email unique"]);
    for (email, role, expected) in [
        ("nonsense", "MANAGER", "email email"),
        ("other@example.com", "OPERATOR", "role enum"),
    ] {
        assert_eq!(invite(&admin, email, role).await.fields(), [expected]);
    }
    assert_eq!(admin.get("/v2/people/invitations").await.body["data"]["total"], 0);
}

#[tokio::test]
async fn accepting_an_invitation_keeps_the_administrator_role() {
    let office = Office::open().await;
    let admin = office.at_karpaty(Role::Admin).await;
    let (_, token) = invited(&office, &admin, TARAS, "ACCOUNTANT").await;
    // Becomes an administrator after the invitation was sent.
    office
        .person(TARAS, &[(Workplace::Company(office.karpaty), Role::Admin)])
        .await;
    let seen = accept(&office.browser(), &token, json!({})).await;
    assert_eq!((seen.status, &seen.body["data"]["role"]), (200, &json!("ADMIN")));
    let listed = people(&admin).await;
    let found = listed
        .iter()
        .find(|person| person["email"] == "taras@example.com")
        .unwrap();
    assert_eq!(found["role"], "ADMIN");
}

#[tokio::test]
async fn an_invitation_ends_with_its_time_its_withdrawal_and_the_next_one() {
    let office = Office::open().await;
    let (admin, wisla) = (office.at_karpaty(Role::Admin).await, office.at_wisla(Role::Admin).await);
    let guest = office.browser();
    let (_, first) = invited(&office, &admin, TARAS, "MANAGER").await;
    let (id, second) = invited(&office, &admin, TARAS, "ACCOUNTANT").await;
    accept(&guest, &first, newcomer()).await.refused(410, "GONE");
    let path = format!("/v2/people/invitations/{id}");
    wisla.delete(&path).await.refused(404, "NOT_FOUND");
    for _ in 0..2 {
        admin.delete(&path).await.status(204);
        let withdrawals = "select action from audit_entries where action = 'invitation.withdrawn'";
        assert_eq!(office.texts(withdrawals).await.len(), 1);
    }
    accept(&guest, &second, newcomer()).await.refused(410, "GONE");

    let waiting = invite(&admin, TARAS, "MANAGER").await;
    let id = waiting.body["data"]["invitation"]["id"].as_str().unwrap();
    admin.delete(&format!("/v2/people/invitations/{id}")).await.status(204);
    assert_eq!(office.post(id).await.0, Sent::Before, "what is withdrawn is not sent");

    let (_, last) = invited(&office, &admin, TARAS, "MANAGER").await;
    office.wait(TimeDelta::days(7));
    accept(&guest, &last, newcomer()).await.refused(410, "GONE");
    for forged in ["", "nonsense", &last[1..], &format!("B{}", &last[1..])] {
        accept(&guest, forged, newcomer()).await.refused(404, "NOT_FOUND");
    }
    assert_eq!(
        office
            .texts("select email from users where email = 'taras@example.com'")
            .await
            .len(),
        0
    );
}

#[tokio::test]
async fn the_last_administrator_stays_in_spite_of_concurrent_changes() {
    let office = Office::open().await;
    let place = Workplace::Company(office.karpaty);
    let (ada, bo) = (
        office.signed_in(place, Role::Admin).await,
        office.signed_in(place, Role::Admin).await,
    );
    let own = async |browser: &Browser| {
        let me = browser.get("/v2/auth/me").await;
        format!("/v2/people/{}", me.body["data"]["user"]["id"].as_str().unwrap())
    };
    let (ada_path, bo_path) = (own(&ada).await, own(&bo).await);
    let (one, other) = tokio::join!(ada.delete(&bo_path), bo.delete(&ada_path));
    let mut codes = [one.status, other.status];
    codes.sort_unstable();
    assert!(codes[0] == 204 && codes[1] > 400, "{codes:?}");
    let (left, path) = if one.status == 204 {
        (&ada, &ada_path)
    } else {
        (&bo, &bo_path)
    };
    left.delete(path).await.refused(409, "LAST_ADMINISTRATOR");
    let demoted = patch(left, path, &json!({ "role": "MANAGER" })).await;
    demoted.refused(409, "LAST_ADMINISTRATOR");
    patch(left, path, &json!({ "role": "ADMIN" })).await.status(200);
    left.get("/v2/people").await.status(200);
}
