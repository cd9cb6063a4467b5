use domain::access::Workplace;
use domain::role::Role;
use figment::providers::Serialized;
use serde_json::{Value, json};

use super::{PASSWORD, place, set_cookies, status_and_code};
use crate::backoffice::support::Office;

#[tokio::test]
async fn a_sign_in_opens_a_session_in_two_cookies() {
    let office = Office::open().await;
    let places = [(Workplace::Company(office.karpaty), Role::Manager)];
    let user_id = office.employee("olena@karpaty.example", &places).await;
    let browser = office.browser();
    let seen = browser.login("olena@karpaty.example", PASSWORD).await;
    let access = json!({
        "contextType": "COMPANY",
        "companyId": office.karpaty,
        "partnerId": null,
        "name": "karpaty",
        "role": "MANAGER",
        "company": { "id": office.karpaty, "name": "karpaty", "slug": "karpaty", "tier": "FREE", "timeZone": "Europe/Kyiv" },
    });
    let id = seen.body["data"]["session"]["id"].as_str().unwrap();
    assert!(id.starts_with("ses_"));
    assert_eq!(
        seen.body["data"],
        json!({
            "user": { "id": user_id, "email": "olena@karpaty.example", "firstName": "Олена", "lastName": "Коваль" },
            "access": access,
            "session": {
                "id": id,
                "contextType": "COMPANY",
                "companyId": office.karpaty,
                "userId": user_id,
                "expiresAt": "2027-03-03T08:00:00.000Z",
                "lastUsedAt": "2027-02-01T08:00:00.000Z",
                "revokedAt": null,
            },
            "availableAccesses": [access],
        })
    );
    let cookies = set_cookies(&seen);
    let [access, refresh, device] = cookies[..] else {
        panic!("{cookies:?}")
    };
    let (token, attributes) = access.split_once(';').unwrap();
    assert!(token.starts_with("backoffice_access_token=eyJ"));
    assert_eq!(attributes, " Path=/; Max-Age=900; HttpOnly; SameSite=Lax; Secure");
    let (token, attributes) = refresh.split_once(';').unwrap();
    assert!(token.starts_with("backoffice_refresh_token=") && token.len() > 60);
    assert_eq!(
        attributes,
        " Path=/v2/auth; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure"
    );
    let (token, attributes) = device.split_once(';').unwrap();
    assert!(token.starts_with("backoffice_device=") && token.len() > 60);
    assert_eq!(
        attributes,
        " Path=/v2/auth; Max-Age=15552000; HttpOnly; SameSite=Lax; Secure"
    );
    let me = browser.me().await;
    assert_eq!((me.status, &me.body), (200, &seen.body));
}

#[tokio::test]
async fn cookies_of_local_development_go_over_http() {
    let office = Office::open_with(|settings| settings.merge(Serialized::default("cookie_secure", false))).await;
    let browser = office.manager("local@karpaty.example").await;
    let refreshed = browser.refresh().await;
    let out = browser.press("/v2/auth/logout").await;
    for cookie in set_cookies(&refreshed).into_iter().chain(set_cookies(&out)) {
        assert!(cookie.ends_with("; HttpOnly; SameSite=Lax"), "{cookie}");
    }
}

#[tokio::test]
async fn listing_workplaces_starts_no_session() {
    let office = Office::open().await;
    let places = [
        (Workplace::Partner(office.website), Role::Accountant),
        (Workplace::Company(office.wisla), Role::Admin),
        (Workplace::Company(office.karpaty), Role::Dispatcher),
    ];
    office.employee("many@office.example", &places).await;
    let browser = office.browser();
    let body = json!({ "email": " MANY@Office.example ", "password": PASSWORD });
    let seen = browser.post("/v2/auth/pre-login", &body).await;
    seen.status(200);
    assert_eq!(seen.body["data"]["user"]["email"], "many@office.example");
    let accesses = seen.body["data"]["availableAccesses"].as_array().unwrap();
    let listed: Vec<_> = accesses
        .iter()
        .map(|access| {
            let company = access["company"]["slug"].as_str();
            (
                access["contextType"].as_str().unwrap(),
                access["role"].as_str().unwrap(),
                company,
            )
        })
        .collect();
    assert_eq!(
        listed,
        [
            ("COMPANY", "DISPATCHER", Some("karpaty")),
            ("COMPANY", "ADMIN", Some("wisla")),
            ("PARTNER", "ACCOUNTANT", None),
        ]
    );
    assert_eq!(accesses[2]["company"], Value::Null);
    assert_eq!(accesses[2]["partnerId"], office.website.to_string());
    assert!(set_cookies(&seen).is_empty());
    assert_eq!(office.count_sessions().await, 0);
}

#[tokio::test]
async fn a_user_with_several_workplaces_names_one() {
    let office = Office::open().await;
    let places = [
        (Workplace::Company(office.karpaty), Role::Admin),
        (Workplace::Partner(office.website), Role::Admin),
        (Workplace::Partner(office.reseller), Role::Admin),
    ];
    office.employee("many@office.example", &places).await;
    let browser = office.browser();
    let seen = browser.login("many@office.example", PASSWORD).await;
    assert_eq!(status_and_code(&seen), (400, "COMPANY_REQUIRED"));
    assert_eq!(
        seen.body["errors"][0]["details"],
        json!({
            "companies": [{ "id": office.karpaty, "name": "karpaty" }],
            "partners": [{ "id": office.reseller, "name": "reseller" }, { "id": office.website, "name": "website" }],
        })
    );
    assert!(set_cookies(&seen).is_empty());
    assert_eq!(office.count_sessions().await, 0);

    let company = browser
        .login_at("many@office.example", &office.karpaty.to_string())
        .await;
    assert_eq!(place(&company.body), (&json!(office.karpaty), &Value::Null));
    let partner = browser
        .login_at("many@office.example", &office.website.to_string())
        .await;
    assert_eq!(place(&partner.body), (&Value::Null, &json!(office.website)));
    assert_eq!(
        partner.body["data"]["session"]["contextType"], "PARTNER",
        "{}",
        partner.body
    );
}

#[tokio::test]
async fn a_company_of_other_users_is_refused_like_an_unknown_one() {
    let office = Office::open().await;
    let places = [(Workplace::Company(office.karpaty), Role::Admin)];
    office.employee("one@office.example", &places).await;
    office.employee("none@office.example", &[]).await;
    let browser = office.browser();
    let unknown = domain::id::CompanyId::new().to_string();
    let mut bodies = Vec::new();
    for place in [
        &*office.wisla.to_string(),
        &unknown,
        "",
        "karpaty",
        &office.website.to_string(),
    ] {
        let seen = browser.login_at("one@office.example", place).await;
        assert_eq!(status_and_code(&seen), (404, "COMPANY_NOT_FOUND"), "{place}");
        bodies.push(seen.body);
    }
    assert!(bodies.iter().all(|body| *body == bodies[0]));
    let nowhere = browser.login("none@office.example", PASSWORD).await;
    assert_eq!(status_and_code(&nowhere), (403, "NO_ACCESS"));
    let elsewhere = browser.login_at("none@office.example", &unknown).await;
    assert_eq!(status_and_code(&elsewhere), (404, "COMPANY_NOT_FOUND"));
    assert_eq!(office.count_sessions().await, 0);
    assert!(browser.cookies.lock().unwrap().is_empty());
}

#[tokio::test]
async fn an_unknown_address_gets_the_response_to_a_wrong_password_after_the_same_work() {
    let office = Office::open().await;
    let places = [(Workplace::Company(office.karpaty), Role::Admin)];
    office.employee("known@office.example", &places).await;
    office.person("google@office.example", &places).await;
    let browser = office.browser();
    let (empty, long) = (String::new(), PASSWORD.repeat(100));
    let attempts = [
        ("known@office.example", "wrong horse"),
        ("known@office.example", &empty),
        ("known@office.example", &long),
        ("unknown@office.example", PASSWORD),
        ("google@office.example", PASSWORD),
        ("not an address", PASSWORD),
    ];
    let mut bodies = Vec::new();
    for path in ["/v2/auth/login", "/v2/auth/pre-login"] {
        for (email, password) in attempts {
            let before = office.state.passwords.verified();
            let seen = browser
                .post(path, &json!({ "email": email, "password": password }))
                .await;
            assert_eq!(status_and_code(&seen), (401, "INVALID_CREDENTIALS"), "{path} {email}");
            assert_eq!(seen.header("www-authenticate"), "Session");
            assert!(set_cookies(&seen).is_empty());
            assert_eq!(office.state.passwords.verified() - before, 1, "{path} {email}");
            bodies.push(seen.body);
        }
    }
    assert!(bodies.iter().all(|body| *body == bodies[0]));
    // Also before the workplace is checked: a wrong password reveals nothing about workplaces.
    let body = json!({ "email": "known@office.example", "password": "wrong", "companyId": office.wisla });
    let seen = browser.post("/v2/auth/login", &body).await;
    assert_eq!(seen.body, bodies[0]);
}

#[tokio::test]
async fn a_wrong_body_is_answered_with_every_field() {
    let office = Office::open().await;
    let cases: [(&str, Value, &[&str]); 6] = [
        ("login", json!({}), &["email required", "password required"]),
        (
            "login",
            json!({ "email": "a@b.example", "password": 5 }),
            &["password type"],
        ),
        ("login", json!({ "email": "a\u{0}", "password": "x" }), &["email text"]),
        (
            "login",
            json!({ "email": "a", "password": "x", "companyId": 7, "role": "ADMIN" }),
            &["companyId type", "role unknown"],
        ),
        (
            "pre-login",
            json!({ "email": "a", "password": "x", "companyId": null }),
            &["companyId unknown"],
        ),
        ("pre-login", json!([]), &["body type"]),
    ];
    for (operation, body, fields) in cases {
        let seen = office.browser().post(&format!("/v2/auth/{operation}"), &body).await;
        assert_eq!(seen.fields(), fields, "{}", seen.body);
    }
    assert_eq!(office.state.passwords.verified(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_users_sign_in_at_once() {
    let office = Office::open().await;
    let places = [(Workplace::Company(office.karpaty), Role::Admin)];
    office.employee("crowd@office.example", &places).await;
    let logins = (0..40).map(|_| office.browse_as("crowd@office.example"));
    let browsers = futures::future::join_all(logins).await;
    assert_eq!(office.count_sessions().await, 40);
    for browser in browsers {
        browser.me().await.status(200);
    }
}
