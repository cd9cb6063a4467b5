//! The API as a process: its certificate, its signals, and its errors when it cannot start.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use reqwest::Certificate;
use reqwest::tls::TlsInfo;
use tempfile::TempDir;
use testing::database::TestDb;
use testing::eventually::eventually;
use testing::port;
use testing::scrape::Scrape;
use tokio::io::AsyncReadExt as _;
use tokio::process::Command;

use crate::harness::process::{self, LIMIT, signal};

const SECRETS: [&str; 4] = [
    "offer-secret-0123456789abcdef-0123456789",
    "session-secret-0123456789abcdef-01234567",
    "link-secret-0123456789abcdef-0123456789",
    "5ea1ed0123456789abcdef0123456789abcdef0123456789abcdef0123456789",
];

fn api(database_url: &str, settings: &[(&str, &str)]) -> Command {
    let mut command = process::command(database_url);
    command
        .env("OFFER_SECRET", SECRETS[0])
        .env("SESSION_SECRET", SECRETS[1])
        .env("LINK_SECRET", SECRETS[2])
        .env("VAULT_KEY", SECRETS[3])
        .env("LOG", "trace")
        .env("SHUTDOWN_DELAY_SECONDS", "0")
        .envs(settings.iter().copied())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// All output of a process.
fn said(output: &Output) -> String {
    let (out, err) = (&output.stdout, &output.stderr);
    format!("{}{}", String::from_utf8_lossy(out), String::from_utf8_lossy(err))
}

/// A file of the TLS tests.
fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/it/http/tls")
        .join(name)
}

/// The certificate that a process shows on a new connection; `None` while it does not respond.
async fn shown(address: SocketAddr) -> Option<Vec<u8>> {
    let authority = std::fs::read(file("authority.pem")).unwrap();
    let client = reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([Certificate::from_pem(&authority).unwrap()])
        .tls_info(true)
        .build()
        .unwrap();
    let answer = client.get(format!("https://{address}/readyz")).send().await.ok()?;
    assert_eq!(answer.status().as_u16(), 200);
    let info = answer.extensions().get::<TlsInfo>().unwrap();
    Some(info.peer_certificate().unwrap().to_vec())
}

#[tokio::test]
async fn it_speaks_tls_and_reads_a_new_certificate_on_a_signal() {
    let (db, folder, address) = (TestDb::new().await, TempDir::new().unwrap(), port::free());
    let (certificate, key) = (folder.path().join("certificate"), folder.path().join("key"));
    let metrics = port::free().to_string();
    let hold = |name: &str| {
        std::fs::copy(file(&format!("{name}.pem")), &certificate).unwrap();
        std::fs::copy(file(&format!("{name}.key")), &key).unwrap();
    };
    hold("first");
    let mut api = api(
        &db.url,
        &[
            ("LISTEN", &address.to_string()),
            ("METRICS_LISTEN", &metrics),
            ("TLS_CERT", certificate.to_str().unwrap()),
            ("TLS_KEY", key.to_str().unwrap()),
            ("LOG", "info"),
        ],
    )
    .spawn()
    .unwrap();
    let first = eventually("it answers", LIMIT, async || shown(address).await).await;
    let scraped = reqwest::get(format!("http://{metrics}/metrics")).await.unwrap();
    let scrape = Scrape::read(scraped.text().await.unwrap());
    // The first instant of the year 2120.
    let expiry = scrape.value("prexsell_certificate_expiry_timestamp_seconds");
    assert_eq!(expiry, Some(4_733_510_400.0));
    hold("second");
    signal(&api, "-HUP").await;
    eventually("the new certificate", LIMIT, async || {
        (shown(address).await? != first).then_some(())
    })
    .await;
    signal(&api, "-TERM").await;
    assert!(api.wait().await.unwrap().success());
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn it_has_no_huge_pages() {
    let (db, address) = (TestDb::new().await, port::free());
    let settings = [("LISTEN", &*address.to_string()), ("LOG", "info")];
    let mut api = api(&db.url, &settings).spawn().unwrap();
    eventually("it answers", LIMIT, async || {
        reqwest::get(format!("http://{address}/readyz")).await.ok()
    })
    .await;
    let status = std::fs::read_to_string(format!("/proc/{}/status", api.id().unwrap())).unwrap();
    // A kernel that has none does not say whether they are enabled.
    let enabled = status.lines().find(|line| line.starts_with("THP_enabled:"));
    assert!(enabled.is_none_or(|line| line.ends_with('0')), "{status}");
    signal(&api, "-TERM").await;
    assert!(api.wait().await.unwrap().success());
}

#[tokio::test]
async fn a_hangup_without_a_certificate_changes_nothing() {
    let (db, address) = (TestDb::new().await, port::free());
    let settings = [("LISTEN", &*address.to_string()), ("LOG", "info")];
    let mut api = api(&db.url, &settings).spawn().unwrap();
    let answers = async || {
        let answer = reqwest::get(format!("http://{address}/readyz")).await.ok()?;
        answer.status().is_success().then_some(())
    };
    eventually("it answers", LIMIT, answers).await;
    for _ in 0..3 {
        signal(&api, "-HUP").await;
        eventually("it still answers", LIMIT, answers).await;
    }
    signal(&api, "-TERM").await;
    assert!(api.wait().await.unwrap().success());
}

#[tokio::test]
async fn settings_that_cannot_be_are_named() {
    let (certificate, key) = (file("first.pem"), file("second.key"));
    let (certificate, key) = (certificate.to_str().unwrap(), key.to_str().unwrap());
    let db = TestDb::new().await;
    for (settings, problem) in [
        (
            vec![("TLS_CERT", certificate)],
            "TLS_CERT and TLS_KEY must be set together",
        ),
        (
            vec![("TLS_CERT", certificate), ("TLS_KEY", key)],
            "TLS_CERT and TLS_KEY cannot be used: keys may not be consistent",
        ),
        (
            vec![("TLS_CERT", "/nonexistent"), ("TLS_KEY", key)],
            "TLS_CERT cannot be used: /nonexistent",
        ),
        (
            vec![("CORS_ORIGINS", "https://shop.example.com/")],
            "CORS_ORIGINS: `https://shop.example.com/`",
        ),
    ] {
        let output = api(&db.url, &settings).output().await.unwrap();
        let said = said(&output);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(problem), "{said}");
    }
}

#[tokio::test]
async fn a_process_that_cannot_start_keeps_its_secrets() {
    // Nothing listens at that port.
    let url = format!("postgres://prexsell:hunter2hunter2@{}/prexsell", port::free());
    let output = api(&url, &[]).output().await.unwrap();
    let said = said(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("DATABASE_URL cannot be used"), "{said}");
    for secret in SECRETS.into_iter().chain(["hunter2hunter2"]) {
        assert!(!said.contains(secret), "{said}");
    }
}

#[tokio::test]
async fn a_process_that_serves_keeps_its_secrets_at_the_most_verbose_level() {
    let (db, address) = (TestDb::new().await, port::free());
    let mut url = reqwest::Url::parse(&db.url).unwrap();
    if url.password().is_none() {
        // A server that trusts this machine does not require the password; it is set to test that it is not logged.
        url.set_password(Some("hunter2hunter2")).unwrap();
    }
    let password = url.password().unwrap().to_owned();
    let settings = [("LISTEN", &*address.to_string()), ("LOG", "trace")];
    let mut api = api(url.as_str(), &settings).spawn().unwrap();
    // Output that is not read must not block the process.
    let (mut out, mut err) = (api.stdout.take().unwrap(), api.stderr.take().unwrap());
    let reading = tokio::spawn(async move {
        let (mut said, mut more) = (Vec::new(), Vec::new());
        let (one, two) = tokio::join!(out.read_to_end(&mut said), err.read_to_end(&mut more));
        assert!(one.is_ok() && two.is_ok());
        said.extend(more);
        String::from_utf8_lossy(&said).into_owned()
    });
    let ask = async |path: &str| {
        let request = reqwest::Client::builder().no_proxy().build().unwrap();
        let request = request
            .get(format!("http://{address}{path}"))
            .header("x-api-key", "hunter3hunter3");
        Some(request.send().await.ok()?.status().as_u16())
    };
    eventually("it answers", LIMIT, async || {
        ask("/readyz").await.filter(|status| *status == 200)
    })
    .await;
    assert_eq!(ask("/v2/bookings?x=hunter4hunter4").await, Some(401));
    signal(&api, "-TERM").await;
    assert!(api.wait().await.unwrap().success());
    let said = reading.await.unwrap();
    for wanted in ["DEBUG", "sqlx", "/v2/bookings"] {
        assert!(said.contains(wanted), "the log is really talkative: {wanted}");
    }
    for secret in SECRETS.into_iter().chain([&*password, "hunter3", "hunter4"]) {
        let line = said.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret}");
    }
}
