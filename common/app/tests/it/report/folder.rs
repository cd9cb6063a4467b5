//! A folder as store, and settings that name no store.

use chrono::{DateTime, TimeDelta, Utc};
use clients::storage::FileStore;
use domain::link::LinkError;
use figment::providers::Serialized;
use futures::TryStreamExt;
use rstest::rstest;
use storage::Storage;

use crate::report::support::{storage, try_storage};

fn now() -> DateTime<Utc> {
    crate::report::support::NOON.parse().unwrap()
}

async fn put(store: &Storage, key: &str, text: &'static str) {
    let mut upload = store.upload(key);
    upload.put(text.into()).await.unwrap();
    upload.finish().await.unwrap();
}

async fn read(store: &Storage, key: &str) -> Option<String> {
    let opened = store.open(key).await.unwrap()?;
    let size = opened.size;
    let bytes: Vec<_> = opened.into_bytes().try_collect().await.unwrap();
    let text = String::from_utf8(bytes.concat()).unwrap();
    assert_eq!(size, text.len() as u64);
    Some(text)
}

#[tokio::test]
async fn a_folder_of_any_name_keeps_what_it_is_given() {
    let root = tempfile::TempDir::new().unwrap();
    // Not there yet; a blank and a letter beyond ASCII, as they stand and percent-encoded.
    let folder = root.path().join("mes rapports é");
    for written in [
        folder.display().to_string(),
        folder.display().to_string().replace(' ', "%20"),
    ] {
        let url = format!("file://{written}/");
        let store = storage(|figment| figment.merge(Serialized::default("storage_url", url)));
        put(&store, "reports/a/1/x.csv", "first").await;
        put(&store, "reports/a/1/x.csv", "second").await;
        put(&store, "reports/ab/1/x.csv", "another").await;
        assert_eq!(read(&store, "reports/a/1/x.csv").await.as_deref(), Some("second"));
        assert!(folder.join("reports/a/1/x.csv").exists());
        store.remove("reports/a").await.unwrap();
        store.remove("reports/a").await.unwrap();
        assert_eq!(read(&store, "reports/a/1/x.csv").await, None);
        assert_eq!(read(&store, "reports/ab/1/x.csv").await.as_deref(), Some("another"));
    }
}

#[tokio::test]
async fn nothing_outside_the_folder_is_read() {
    let root = tempfile::TempDir::new().unwrap();
    std::fs::write(root.path().join("secret"), "secret").unwrap();
    let url = format!("file://{}/files", root.path().display());
    let store = storage(|figment| figment.merge(Serialized::default("storage_url", url)));
    put(&store, "a/b.csv", "public").await;
    for key in [
        "../secret",
        "a/../../secret",
        "/secret",
        "a/%2e%2e/%2e%2e/secret",
        "",
        ".",
        "..",
        "a",
        "a//b.csv",
    ] {
        assert!(matches!(store.open(key).await, Ok(None) | Err(_)), "{key}");
    }
}

#[tokio::test]
async fn a_link_opens_its_file_for_a_quarter_of_an_hour() {
    let store = storage(|figment| figment.merge(Serialized::default("public_url", "https://api.example.com")));
    let (url, expires_at) = store.link("a/b.csv", now(), TimeDelta::minutes(15)).await.unwrap();
    assert_eq!(expires_at, now() + TimeDelta::minutes(15));
    let (path, query) = url.split_once('?').unwrap();
    assert_eq!(path, "https://api.example.com/files/a/b.csv");
    let (expires, signature) = query.split_once("&signature=").unwrap();
    let expires: i64 = expires.strip_prefix("expires=").unwrap().parse().unwrap();
    let verify = |key, at| store.verify(key, expires, signature, at);
    assert_eq!(verify("a/b.csv", expires_at - TimeDelta::seconds(1)), Ok(()));
    assert_eq!(verify("a/b.csv", expires_at), Err(LinkError::Expired));
    assert_eq!(verify("a/c.csv", now()), Err(LinkError::Forged));
}

#[rstest]
#[case(&[("storage_url", "ftp://x")], "STORAGE_URL")]
#[case(&[("storage_url", "file:///")], "STORAGE_URL")]
#[case(&[("storage_url", "file://relative/path")], "STORAGE_URL")]
#[case(&[("storage_url", "file:///srv/../etc")], "STORAGE_URL")]
#[case(&[("storage_url", "file:///srv/%ff")], "STORAGE_URL")]
#[case(&[("storage_url", "s3://")], "STORAGE_URL")]
#[case(&[("storage_url", "s3://b?x"), ("storage_access_key", "a"), ("storage_secret_key", "b")], "STORAGE_URL")]
#[case(&[("storage_url", "s3://b/a//c"), ("storage_access_key", "a"), ("storage_secret_key", "b")], "STORAGE_URL")]
#[case(&[("storage_url", "s3://b"), ("storage_secret_key", "b")], "STORAGE_ACCESS_KEY")]
#[case(&[("storage_url", "s3://b"), ("storage_access_key", "a")], "STORAGE_SECRET_KEY")]
#[case(&[("storage_url", "s3://b"), ("storage_access_key", "a"), ("storage_secret_key", "b"), ("storage_region", "")], "STORAGE_REGION")]
#[case(&[("storage_url", "s3://b"), ("storage_access_key", "a"), ("storage_secret_key", "b"), ("storage_endpoint", "minio")], "STORAGE_ENDPOINT")]
#[case(&[("storage_url", "s3://b"), ("storage_access_key", "a"), ("storage_secret_key", "b"), ("storage_endpoint", "ftp://x")], "STORAGE_ENDPOINT")]
#[case(&[("storage_url", "gs://b")], "STORAGE_SECRET_KEY")]
#[case(&[("storage_url", "gs://b"), ("storage_secret_key", "hunter2")], "STORAGE_SECRET_KEY")]
#[case(&[("storage_url", "gs://b"), ("storage_secret_key", r#"{"client_email":"x","private_key_id":"1"}"#)], "STORAGE_SECRET_KEY")]
#[case(&[("storage_url", "gs://b"), ("storage_secret_key", r#"{"client_email":"x","private_key_id":"1","private_key":"hunter2"}"#)], "STORAGE_SECRET_KEY")]
fn a_setting_that_names_no_store_is_named(#[case] settings: &[(&str, &str)], #[case] wrong: &str) {
    let error = try_storage(|figment| {
        settings
            .iter()
            .fold(figment, |f, (name, value)| f.merge(Serialized::default(name, *value)))
    })
    .unwrap_err();
    assert!(error.starts_with(wrong), "{error}");
    assert!(!error.contains("hunter2"), "{error}");
}
