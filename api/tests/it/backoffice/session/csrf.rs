use domain::access::Workplace;
use domain::role::Role;
use figment::providers::Serialized;
use serde_json::json;

use super::{PASSWORD, status_and_code};
use crate::backoffice::support::Office;
use crate::harness::answer::Seen;
use crate::harness::browser::Browser;

const OURS: &str = "https://backoffice.prexsell.example";
const EVIL: &str = "https://evil.example";

/// An office whose pages are at [`OURS`], in a form in which operators may write it in the settings.
async fn office() -> Office {
    let url = Serialized::default("public_url", "https://Backoffice.PREXSELL.example:443/api");
    Office::open_with(|settings| settings.merge(url)).await
}

async fn call(browser: &Browser, operation: &str, origin: Option<&str>, site: Option<&str>) -> Seen {
    let mut browser = browser.copy();
    browser.origin = origin.map(str::to_owned);
    let url = format!("{}/v2/auth/{operation}", browser.base);
    let mut request = match operation {
        "me" => browser.http.get(url),
        "login" | "pre-login" => {
            let body = json!({ "email": "csrf@karpaty.example", "password": PASSWORD });
            browser.http.post(url).json(&body)
        }
        "switch-company" => browser.http.post(url).json(&json!({ "companyId": "x" })),
        _ => browser.http.post(url),
    };
    if let Some(site) = site {
        request = request.header("sec-fetch-site", site);
    }
    browser.send(request).await
}

type Case = (&'static str, Option<&'static str>, Option<&'static str>, bool, bool);

/// `Origin`, `Sec-Fetch-Site`, and whether such a request is accepted: by operations that a cookie authorises, and by
/// the others.
const CASES: [Case; 17] = [
    ("a page of ours", Some(OURS), Some("same-origin"), true, true),
    ("only an origin", Some(OURS), None, true, true),
    ("only a site", None, Some("same-origin"), true, true),
    ("typed by the person", None, Some("none"), true, true),
    ("no browser", None, None, false, true),
    ("another site", Some(EVIL), Some("cross-site"), false, false),
    ("another origin", Some(EVIL), None, false, false),
    ("no origin to speak of", Some("null"), None, false, false),
    (
        "a sibling",
        Some("https://www.prexsell.example"),
        Some("same-site"),
        false,
        false,
    ),
    ("a sibling that hides", None, Some("same-site"), false, false),
    ("a contradiction", Some(OURS), Some("cross-site"), false, false),
    ("another", Some(EVIL), Some("same-origin"), false, false),
    (
        "another scheme",
        Some("http://backoffice.prexsell.example"),
        None,
        false,
        false,
    ),
    (
        "another port",
        Some("https://backoffice.prexsell.example:8443"),
        None,
        false,
        false,
    ),
    (
        "longer",
        Some("https://backoffice.prexsell.example.evil.example"),
        None,
        false,
        false,
    ),
    (
        "with a path",
        Some("https://backoffice.prexsell.example/api"),
        None,
        false,
        false,
    ),
    ("nonsense", None, Some("nonsense"), false, false),
];

#[tokio::test]
async fn requests_that_change_something_come_from_pages_of_this_origin() {
    let office = office().await;
    let place = (Workplace::Company(office.karpaty), Role::Admin);
    office.employee("csrf@karpaty.example", &[place]).await;
    for (from, origin, site, by_cookie, by_anybody) in CASES {
        let mut browser = office.browser();
        browser.origin = Some(OURS.to_owned());
        browser.login("csrf@karpaty.example", PASSWORD).await.status(200);
        let refused = |seen: &Seen| seen.status == 403 && status_and_code(seen).1 == "FORBIDDEN";
        let me = call(&browser, "me", origin, site).await;
        assert_eq!(me.status, 200, "{from}: reading is safe");
        for operation in ["login", "pre-login"] {
            let seen = call(&browser, operation, origin, site).await;
            let outcome = (seen.status == 200, refused(&seen));
            assert_eq!(outcome, (by_anybody, !by_anybody), "{from}: {operation}");
        }
        for (operation, done) in [("switch-company", 404), ("refresh", 200)] {
            let seen = call(&browser, operation, origin, site).await;
            let outcome = (seen.status == done, refused(&seen));
            assert_eq!(outcome, (by_cookie, !by_cookie), "{from}: {operation}");
        }
        let seen = call(&browser, "logout", origin, site).await;
        let outcome = (seen.status == 204, refused(&seen));
        assert_eq!(outcome, (by_anybody, !by_anybody), "{from}: logout");
        assert_eq!(
            browser.me().await.status == 401,
            by_anybody,
            "{from}: signed out or not"
        );
        browser.login("csrf@karpaty.example", PASSWORD).await.status(200);
        let seen = call(&browser, "logout-all", origin, site).await;
        let outcome = (seen.status == 204, refused(&seen));
        assert_eq!(outcome, (by_cookie, !by_cookie), "{from}: logout-all");
        let left = office.count_sessions().await;
        assert_eq!(left == 0, by_cookie, "{from}: the user is signed out or not");
    }
}
