//! Builds the store from the settings.

use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use config::Settings;
use connect::SettingError;
use domain::link::LinkKey;
use object_store::aws::AmazonS3Builder;
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::signer::Signer;
use object_store::{BackoffConfig, ClientOptions, ObjectStore, RetryConfig};
use secrecy::{ExposeSecret, SecretString};

use super::{Links, Storage, TIMEOUT};

/// The store of the settings.
pub(super) fn storage(settings: &Settings) -> Result<Storage, SettingError> {
    let url = settings.storage_url.as_str();
    if let Some(folder) = url.strip_prefix("file://") {
        in_folder(settings, folder)
    } else if let Some(place) = url.strip_prefix("s3://") {
        in_s3(settings, place)
    } else if let Some(place) = url.strip_prefix("gs://") {
        in_gcs(settings, place)
    } else {
        Err(wrong("STORAGE_URL", "must be a file:///, s3:// or gs:// URL"))
    }
}

fn wrong(setting: &'static str, problem: impl Into<String>) -> SettingError {
    SettingError {
        setting,
        problem: problem.into(),
    }
}

/// The folder need not exist yet: it may be on a disk that is mounted later.
fn in_folder(settings: &Settings, folder: &str) -> Result<Storage, SettingError> {
    let decoded = percent_encoding::percent_decode_str(folder).decode_utf8();
    let decoded = decoded.map_err(|_| wrong("STORAGE_URL", "is not percent-encoded UTF-8"))?;
    let folder = PathBuf::from(decoded.as_ref());
    let plain = |part| matches!(part, std::path::Component::RootDir | std::path::Component::Normal(_));
    if !folder.is_absolute() || folder == FilePath::new("/") || !folder.components().all(plain) {
        return Err(wrong(
            "STORAGE_URL",
            "must name a folder by its absolute path, as in file:///srv/reports",
        ));
    }
    let prefix = Path::from_absolute_path(&folder)
        .map_err(|error| wrong("STORAGE_URL", format!("names a folder that cannot be used: {error}")))?;
    let key = LinkKey::new(settings.link_secret.expose_secret().as_bytes());
    Ok(Storage {
        store: Arc::new(LocalFileSystem::new().with_fsync(true)),
        prefix,
        links: Links::Folder {
            folder,
            key: Arc::new(key),
            base: settings.public_url.clone(),
        },
        timeout: TIMEOUT,
        breakers: super::breakers(),
    })
}

fn in_s3(settings: &Settings, place: &str) -> Result<Storage, SettingError> {
    let (bucket, prefix) = bucket(place)?;
    let endpoint = endpoint(settings)?;
    let access_key = required("STORAGE_ACCESS_KEY", &settings.storage_access_key, "an S3 bucket")?;
    let secret_key = required("STORAGE_SECRET_KEY", &settings.storage_secret_key, "an S3 bucket")?;
    if settings.storage_region.is_empty() {
        return Err(wrong("STORAGE_REGION", "must be set for an S3 bucket"));
    }
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(bucket)
        .with_region(&settings.storage_region)
        .with_access_key_id(access_key)
        .with_secret_access_key(secret_key)
        .with_client_options(client(endpoint))
        .with_retry(retries());
    if let Some(endpoint) = endpoint {
        builder = builder.with_endpoint(endpoint);
    }
    let store = builder
        .build()
        .map_err(|error| wrong("STORAGE_URL", format!("cannot be used by an HTTP client: {error}")))?;
    Ok(signing(store, prefix))
}

fn in_gcs(settings: &Settings, place: &str) -> Result<Storage, SettingError> {
    let (bucket, prefix) = bucket(place)?;
    let endpoint = endpoint(settings)?;
    let account = required("STORAGE_SECRET_KEY", &settings.storage_secret_key, "a GCS bucket")?;
    check_account(account)?;
    let mut builder = GoogleCloudStorageBuilder::new()
        .with_bucket_name(bucket)
        .with_service_account_key(account)
        .with_client_options(client(endpoint))
        .with_retry(retries());
    if let Some(endpoint) = endpoint {
        builder = builder.with_base_url(endpoint);
    }
    // The error is dropped, since it may quote the key.
    let store = builder
        .build()
        .map_err(|_| wrong("STORAGE_SECRET_KEY", "is not a usable key of a service account"))?;
    Ok(signing(store, prefix))
}

fn check_account(account: &str) -> Result<(), SettingError> {
    let account: serde_json::Value = serde_json::from_str(account)
        .map_err(|_| wrong("STORAGE_SECRET_KEY", "must be the JSON key of a service account"))?;
    for member in ["client_email", "private_key", "private_key_id"] {
        if !account[member].is_string() {
            return Err(wrong(
                "STORAGE_SECRET_KEY",
                format!("must be the JSON key of a service account: {member} is missing"),
            ));
        }
    }
    Ok(())
}

fn signing<S: ObjectStore + Signer>(store: S, prefix: Path) -> Storage {
    let store = Arc::new(store);
    Storage {
        store: Arc::clone(&store) as Arc<dyn ObjectStore>,
        prefix,
        links: Links::Store(store),
        timeout: TIMEOUT,
        breakers: super::breakers(),
    }
}

/// Bucket and prefix from the part after the scheme.
fn bucket(place: &str) -> Result<(&str, Path), SettingError> {
    let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
    let named = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    if bucket.is_empty() || !bucket.chars().all(named) {
        return Err(wrong("STORAGE_URL", "must name a bucket, as in s3://bucket/prefix"));
    }
    let prefix = Path::parse(prefix.trim_end_matches('/'))
        .map_err(|error| wrong("STORAGE_URL", format!("has an invalid prefix: {error}")))?;
    Ok((bucket, prefix))
}

/// `STORAGE_ENDPOINT`, if there is one.
fn endpoint(settings: &Settings) -> Result<Option<&str>, SettingError> {
    let endpoint = settings.storage_endpoint.trim_end_matches('/');
    if endpoint.is_empty() {
        return Ok(None);
    }
    let url =
        reqwest::Url::parse(endpoint).map_err(|error| wrong("STORAGE_ENDPOINT", format!("is not a URL: {error}")))?;
    if matches!(url.scheme(), "http" | "https") && url.has_host() {
        Ok(Some(endpoint))
    } else {
        Err(wrong("STORAGE_ENDPOINT", "must be an http(s) URL"))
    }
}

fn required<'a>(setting: &'static str, secret: &'a SecretString, place: &str) -> Result<&'a str, SettingError> {
    match secret.expose_secret() {
        "" => Err(wrong(setting, format!("must be set for {place}"))),
        value => Ok(value),
    }
}

/// The library's default is three minutes for each request; here an unreachable store is noticed sooner, and the job is
/// tried again later.
fn retries() -> RetryConfig {
    RetryConfig {
        backoff: BackoffConfig {
            init_backoff: Duration::from_millis(100),
            max_backoff: Duration::from_secs(2),
            base: 2.0,
        },
        max_retries: 3,
        retry_timeout: Duration::from_secs(20),
    }
}

fn client(endpoint: Option<&str>) -> ClientOptions {
    ClientOptions::new()
        .with_connect_timeout(Duration::from_secs(5))
        // For one request: a part of 5 MiB.
        .with_timeout(Duration::from_secs(60))
        .with_allow_http(endpoint.is_some_and(|endpoint| endpoint.starts_with("http://")))
}
