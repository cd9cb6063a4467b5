//! Google Cloud Storage.

use app::report::{self, Generated};
use domain::id::ReportId;
use figment::providers::Serialized;
use storage::Storage;

use crate::report::google::FakeGoogle;
use crate::report::support::{Stage, check, storage};

fn bucket(google: &FakeGoogle) -> Storage {
    storage(|figment| {
        figment
            .merge(Serialized::default("storage_url", "gs://reports/some/prefix"))
            .merge(Serialized::default("storage_endpoint", &google.url))
            .merge(Serialized::default("storage_secret_key", &google.account))
    })
}

async fn link(stage: &Stage, store: &Storage, id: ReportId) -> String {
    let link = report::link(stage.pool(), store, &stage.clock, stage.company(), id).await;
    link.unwrap().0
}

async fn fetch(url: &str) -> reqwest::Response {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    client.get(url).send().await.unwrap()
}

async fn makes_downloads_and_removes(stage: Stage, several_parts: bool) {
    let google = FakeGoogle::start().await;
    let store = bucket(&google);
    let asked = stage.ask().await;
    let generator = stage.generator_with(store.clone());
    assert_eq!(report::generate(&generator, asked).await.unwrap(), Generated::Now);
    let [key] = &*google.keys() else { panic!("one object") };
    assert!(key.starts_with("some/prefix/reports/cmp_"), "{key}");

    let url = link(&stage, &store, asked).await;
    let file = fetch(&url).await;
    assert_eq!(file.status(), 200);
    assert_eq!(file.headers()["content-type"], "text/csv; charset=utf-8");
    assert_eq!(
        file.headers()["content-disposition"],
        "attachment; filename=\"orders-2027-02-01_2027-02-28.csv\""
    );
    let bytes = file.bytes().await.unwrap();
    check(&stage.report(asked).await, &bytes);
    assert_eq!(bytes.len() > 5 * 1024 * 1024, several_parts);

    let forged = url.replace("/orders-2027-02", "/orders-2027-01");
    assert_ne!(forged, url);
    assert_eq!(fetch(&forged).await.status(), 403, "a link is for one object");
    let longer = url.replace("X-Goog-Date=2", "X-Goog-Date=3");
    assert_eq!(fetch(&longer).await.status(), 403, "and for its time");

    stage.clock.advance(chrono::TimeDelta::days(31));
    let cleaned = report::cleanup(&stage.remover(store.clone(), 30)).await.unwrap();
    assert_eq!((cleaned, google.keys().len(), google.uploads()), (1, 0, 0));
}

#[tokio::test]
async fn a_small_report() {
    makes_downloads_and_removes(Stage::new().await, false).await;
}

#[tokio::test]
async fn a_report_of_several_parts() {
    makes_downloads_and_removes(Stage::crowded(30_000).await, true).await;
}

#[tokio::test]
async fn an_attempt_that_fails_half_way_leaves_no_parts() {
    let stage = Stage::crowded(60_000).await;
    let google = FakeGoogle::start().await;
    let full = |inner| {
        let mood = crate::report::moody::Mood::Full { after: 1 };
        std::sync::Arc::new(crate::report::moody::Moody { inner, mood }) as _
    };
    let store = bucket(&google).over(full, std::time::Duration::from_secs(60));
    let asked = stage.ask().await;
    report::generate(&stage.generator_with(store), asked).await.unwrap_err();
    assert_eq!((google.keys().len(), google.uploads()), (0, 0));
}
