use figment::providers::Serialized;
use rstest::rstest;
use serde_json::json;

use super::{PASSWORD, told};
use crate::browser::Browser;
use crate::seen::Seen;
use crate::support::Office;

const OURS: &str = "https://backoffice.prexsell.example";
const EVIL: &str = "https://evil.example";

/// An office whose pages are at [`OURS`], as people may write it in the settings.
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

/// Whether a request from there is let in: to operations that a cookie authorises, and to the others.
#[rstest]
#[case::page_of_ours(Some(OURS), Some("same-origin"), true, true)]
#[case::only_an_origin(Some(OURS), None, true, true)]
#[case::only_a_site(None, Some("same-origin"), true, true)]
#[case::typed_by_the_person(None, Some("none"), true, true)]
#[case::no_browser(None, None, false, true)]
#[case::another_site(Some(EVIL), Some("cross-site"), false, false)]
#[case::another_origin(Some(EVIL), None, false, false)]
#[case::no_origin_to_speak_of(Some("null"), None, false, false)]
#[case::a_sibling(Some("https://www.prexsell.example"), Some("same-site"), false, false)]
#[case::a_sibling_that_hides(None, Some("same-site"), false, false)]
#[case::contradiction(Some(OURS), Some("cross-site"), false, false)]
#[case::another_contradiction(Some(EVIL), Some("same-origin"), false, false)]
#[case::another_scheme(Some("http://backoffice.prexsell.example"), None, false, false)]
#[case::another_port(Some("https://backoffice.prexsell.example:8443"), None, false, false)]
#[case::longer(Some("https://backoffice.prexsell.example.evil.example"), None, false, false)]
#[case::with_a_path(Some("https://backoffice.prexsell.example/api"), None, false, false)]
#[case::nonsense(None, Some("nonsense"), false, false)]
#[tokio::test]
async fn requests_that_change_something_come_from_pages_of_ours(
    #[case] origin: Option<&str>,
    #[case] site: Option<&str>,
    #[case] by_cookie: bool,
    #[case] by_anybody: bool,
) {
    let office = office().await;
    let mut browser = office.browser();
    browser.origin = Some(OURS.to_owned());
    let place = (
        common::db::user::Context::Company(office.karpaty),
        common::domain::party::Role::Admin,
    );
    office.employee("csrf@karpaty.example", &[place]).await;
    assert_eq!(browser.login("csrf@karpaty.example", PASSWORD).await.status, 200);
    let refused = |seen: &Seen| seen.status == 403 && told(seen).1 == "FORBIDDEN";
    assert_eq!(call(&browser, "me", origin, site).await.status, 200, "reading is safe");
    for operation in ["login", "pre-login"] {
        let seen = call(&browser, operation, origin, site).await;
        assert_eq!(
            (seen.status == 200, refused(&seen)),
            (by_anybody, !by_anybody),
            "{operation}"
        );
    }
    let seen = call(&browser, "switch-company", origin, site).await;
    assert_eq!((seen.status == 404, refused(&seen)), (by_cookie, !by_cookie));
    let seen = call(&browser, "refresh", origin, site).await;
    assert_eq!((seen.status == 200, refused(&seen)), (by_cookie, !by_cookie));
    let before = office.count_sessions().await;
    let seen = call(&browser, "logout-all", origin, site).await;
    assert_eq!((seen.status == 204, refused(&seen)), (by_cookie, !by_cookie));
    assert_eq!(office.count_sessions().await, if by_cookie { 0 } else { before });
    let seen = call(&browser, "logout", origin, site).await;
    assert_eq!((seen.status == 204, refused(&seen)), (by_anybody, !by_anybody));
    assert_eq!(
        office.count_sessions().await == before,
        !by_anybody,
        "signed out or not"
    );
}
