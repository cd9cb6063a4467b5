//! An S3-compatible store: moto's server, over HTTP.

use std::process::Stdio;
use std::time::Duration;

use app::report::{self, Generated};
use clients::storage::FileStore;
use figment::providers::Serialized;
use storage::Storage;
use testing::eventually::eventually;
use testing::port;
use tokio::process::{Child, Command};

use crate::report::support::{Stage, check, storage};

/// A server with the bucket `reports`; it ends with the test.
struct Moto {
    url: String,
    _server: Child,
}

fn http() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

impl Moto {
    async fn start() -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "the harness has no settings; ./dev test sets the variable"
        )]
        let program = std::env::var("MOTO_SERVER").expect("MOTO_SERVER is set (run ./dev test)");
        let port = port::free().port();
        let server = Command::new(program)
            .args(["-H", "127.0.0.1", "-p", &port.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("moto's server starts");
        let moto = Self {
            url: format!("http://127.0.0.1:{port}"),
            _server: server,
        };
        // Python takes its time on a busy machine.
        eventually("the bucket", Duration::from_secs(120), async || {
            let made = http().put(format!("{}/reports", moto.url)).send().await.ok()?;
            made.status().is_success().then_some(())
        })
        .await;
        moto
    }

    fn storage(&self) -> Storage {
        storage(|figment| {
            figment
                .merge(Serialized::default("storage_url", "s3://reports/some/prefix/"))
                .merge(Serialized::default("storage_endpoint", &self.url))
                .merge(Serialized::default("storage_access_key", "AKIATEST"))
                .merge(Serialized::default("storage_secret_key", "secret"))
        })
    }

    /// What the bucket lists.
    async fn listing(&self) -> String {
        let listed = http()
            .get(format!("{}/reports?list-type=2", self.url))
            .send()
            .await
            .unwrap();
        listed.text().await.unwrap()
    }

    async fn uploads(&self) -> String {
        let listed = http()
            .get(format!("{}/reports?uploads", self.url))
            .send()
            .await
            .unwrap();
        listed.text().await.unwrap()
    }
}

#[tokio::test]
async fn a_report_of_several_parts_is_made_downloaded_and_removed() {
    let (stage, moto) = (Stage::crowded(30_000).await, Moto::start().await);
    let store = moto.storage();
    let asked = stage.ask().await;
    // A killed attempt finished its object and did not say so.
    let mut conn = stage.pool().acquire().await.unwrap();
    db::report::attempt::begin(&mut conn, asked, stage.clock.now())
        .await
        .unwrap();
    let folder = domain::report::attempt_folder(stage.company(), asked, 1);
    let mut left = store.upload(&format!("{folder}/orders.csv"));
    left.put("half".into()).await.unwrap();
    left.finish().await.unwrap();

    let generator = stage.generator_with(store.clone());
    assert_eq!(report::generate(&generator, asked).await.unwrap(), Generated::Now);
    let listing = moto.listing().await;
    assert_eq!(listing.matches("<Key>").count(), 1, "{listing}");
    assert!(listing.contains("<Key>some/prefix/reports/cmp_"), "{listing}");

    let link = report::link(stage.pool(), &store, &stage.clock, stage.company(), asked).await;
    let (url, expires_at) = link.unwrap();
    assert!(
        url.contains("X-Amz-Expires=900&") && url.contains("X-Amz-Signature="),
        "{url}"
    );
    assert_eq!(expires_at, stage.clock.now() + chrono::TimeDelta::minutes(15));
    let file = http().get(&url).send().await.unwrap();
    assert_eq!(file.status(), 200);
    assert_eq!(file.headers()["content-type"], "text/csv; charset=utf-8");
    assert_eq!(
        file.headers()["content-disposition"],
        "attachment; filename=\"orders-2027-02-01_2027-02-28.csv\""
    );
    let bytes = file.bytes().await.unwrap();
    assert!(bytes.len() > 5 * 1024 * 1024, "several parts");
    check(&stage.report(asked).await, &bytes);

    stage.clock.advance(chrono::TimeDelta::days(31));
    for cleaned in [1, 0] {
        let count = report::cleanup(&stage.remover(store.clone(), 30)).await.unwrap();
        assert_eq!(count, cleaned);
    }
    assert_eq!(moto.listing().await.matches("<Key>").count(), 0);
    store.remove("reports/nothing/there").await.unwrap();
}

#[tokio::test]
async fn a_bucket_that_is_gone_fails_the_attempt_and_leaves_no_parts() {
    let (stage, moto) = (Stage::new().await, Moto::start().await);
    let asked = stage.ask().await;
    let elsewhere = storage(|figment| {
        figment
            .merge(Serialized::default("storage_url", "s3://nowhere"))
            .merge(Serialized::default("storage_endpoint", &moto.url))
            .merge(Serialized::default("storage_access_key", "AKIATEST"))
            .merge(Serialized::default("storage_secret_key", "secret"))
    });
    let error = report::generate(&stage.generator_with(elsewhere), asked)
        .await
        .unwrap_err();
    assert_eq!(error.words(), "The file store does not exist");
    assert_eq!(
        report::generate(&stage.generator_with(moto.storage()), asked)
            .await
            .unwrap(),
        Generated::Now
    );
    assert_eq!(moto.uploads().await.matches("<Upload>").count(), 0);
}
