//! Timetables over HTTP. What the jobs do is tested in `common/app/tests/it/timetable_upload`.

use std::sync::Arc;
use std::time::Duration;

use app::timetable::upload::{self, TimetableImporter};
use domain::id::TimetableUploadId;
use domain::role::Role;
use domain::timetable::upload::RECEIVED_AT_A_TIME;
use figment::providers::Serialized;
use futures::StreamExt;
use poem::http::StatusCode;
use serde_json::{Value, json};
use tempfile::TempDir;
use testing::eventually::eventually;
use testing::feed::TestFeed;
use tokio::sync::mpsc;

use crate::backoffice::support::Office;
use crate::harness::answer::Seen;
use crate::harness::browser::Browser;
use crate::harness::feed;

pub const UPLOADS: &str = "/v2/timetable/uploads";

/// Long enough for a slow machine.
const SOON: Duration = Duration::from_secs(30);

/// An office that stores archives in a folder.
pub struct Desk {
    pub office: Office,
    pub manager: Browser,
    _folder: TempDir,
}

impl Desk {
    pub async fn open() -> Self {
        let folder = TempDir::new().unwrap();
        let url = format!("file://{}", folder.path().display());
        let office = Office::open_with(|figment| figment.merge(Serialized::default("storage_url", url))).await;
        feed::cities(office.pool()).await;
        let manager = office.at_karpaty(Role::Manager).await;
        Self {
            office,
            manager,
            _folder: folder,
        }
    }

    fn request(&self, body: impl Into<reqwest::Body>) -> reqwest::RequestBuilder {
        let request = self.manager.http.post(format!("{}{UPLOADS}", self.manager.base));
        request.header("content-type", "application/zip").body(body)
    }

    pub async fn upload(&self, body: impl Into<reqwest::Body>) -> Seen {
        self.manager.send(self.request(body)).await
    }

    pub fn importer(&self) -> TimetableImporter {
        let state = &self.office.state;
        TimetableImporter {
            pool: state.platform.pool.clone(),
            storage: Arc::new(state.storage.clone()),
            clock: state.platform.clock.clone(),
        }
    }

    pub async fn get(&self, id: &str) -> Value {
        let seen = self.manager.get(&format!("{UPLOADS}/{id}")).await;
        seen.status(200);
        seen.body["data"]["upload"].clone()
    }
}

pub fn id(seen: &Seen) -> String {
    seen.status(202);
    seen.body["data"]["upload"]["id"].as_str().unwrap().to_owned()
}

pub fn own() -> Vec<u8> {
    own_until("20270331")
}

pub fn own_until(last_day: &str) -> Vec<u8> {
    let feed = TestFeed::tiny()
        .replace("agency.txt", "tiny,Tiny Lines", "karpaty,Tiny Lines")
        .replace("routes.txt", ",tiny,", ",karpaty,")
        .replace("calendar.txt", "20270131", last_day);
    feed.zipped()
}

#[tokio::test]
async fn a_timetable_is_uploaded_previewed_published_and_drawn() {
    let desk = Desk::open().await;
    let asked = id(&desk.upload(own()).await);
    let upload = desk.get(&asked).await;
    assert_eq!(upload["status"], "Checking");
    assert_eq!(upload["progress"], json!({ "phase": "Waiting", "percent": 0 }));
    assert_eq!(upload["sha256"].as_str().map(str::len), Some(64));
    assert_eq!(upload["report"], Value::Null);
    let (importer, key) = (desk.importer(), asked.parse::<TimetableUploadId>().unwrap());
    upload::preview(&importer, key).await.unwrap();
    let ready = desk.get(&asked).await;
    assert_eq!(
        (&ready["status"], &ready["errorMessage"]),
        (&json!("Ready"), &Value::Null)
    );
    assert_eq!(ready["report"]["rejected"], json!({ "total": 0, "rows": [] }));
    assert_eq!(ready["report"]["sold"]["moved"], 0);

    let can_undo = async || desk.manager.get(UPLOADS).await.body["data"]["canUndo"].clone();
    assert_eq!(can_undo().await, false);
    let path = format!("{UPLOADS}/{asked}/publish");
    assert_eq!(id(&desk.manager.press(&path).await), asked);
    desk.manager.press(&path).await.refused(409, "TIMETABLE_CONFLICT");
    upload::run_publication(&importer, key).await.unwrap();
    let published = desk.get(&asked).await;
    assert_eq!(
        (&published["status"], &published["isCurrent"]),
        (&json!("Published"), &json!(true))
    );
    assert_eq!(published["progress"], json!({ "phase": "Done", "percent": 100 }));
    assert_eq!(can_undo().await, true);
    let seasons = desk.manager.get("/v2/timetable/seasons").await;
    let route = &seasons.body["data"]["routes"][0];
    assert_eq!(
        (&route["name"], &seasons.body["data"]["total"]),
        (&json!("Kyiv - Lviv"), &json!(1))
    );
    assert_eq!(route["seasons"][0]["lastDay"], "2027-03-31");
    assert_eq!(route["seasons"][0]["weekdays"], json!([1, 2, 3, 4, 5, 6, 7]));

    let undo = desk.manager.press("/v2/timetable/undo").await;
    let undone: TimetableUploadId = id(&undo).parse().unwrap();
    upload::run_publication(&importer, undone).await.unwrap();
    assert_eq!(desk.get(&undone.to_string()).await["kind"], "Undo");
    assert_eq!(desk.manager.get("/v2/timetable/seasons").await.body["data"]["total"], 0);
    let listed = desk.manager.get(&format!("{UPLOADS}?take=1")).await;
    assert_eq!(listed.body["data"]["total"], 2);
    assert_eq!(listed.body["data"]["uploads"][0]["id"], undone.to_string());

    let other = desk.office.at_wisla(Role::Admin).await;
    for path in [format!("{UPLOADS}/{asked}"), format!("{UPLOADS}/nonsense")] {
        other.get(&path).await.refused(404, "NOT_FOUND");
    }
}

#[tokio::test]
async fn a_feed_of_others_is_refused_by_its_preview() {
    let desk = Desk::open().await;
    let asked = id(&desk.upload(TestFeed::tiny().zipped()).await);
    upload::preview(&desk.importer(), asked.parse().unwrap()).await.unwrap();
    let refused = desk.get(&asked).await;
    assert_eq!(refused["status"], "Refused");
    assert!(refused["errorMessage"].as_str().unwrap().contains("Tiny Lines (tiny)"));
    desk.manager
        .press(&format!("{UPLOADS}/{asked}/publish"))
        .await
        .refused(409, "TIMETABLE_CONFLICT");
}

#[tokio::test]
async fn a_body_that_is_no_archive_is_refused() {
    let desk = Desk::open().await;
    assert_eq!(desk.upload("{}").await.fields(), ["body zip"]);
    assert_eq!(desk.upload("no archive at all").await.fields(), ["body zip"]);
    assert_eq!(desk.upload("").await.fields(), ["body required"]);
    let json = desk.manager.post(UPLOADS, &json!({})).await;
    json.refused(415, "UNSUPPORTED_MEDIA_TYPE");
    let packed = desk.request(own()).header("content-encoding", "gzip");
    desk.manager.send(packed).await.refused(415, "UNSUPPORTED_MEDIA_TYPE");
    let nobody = desk.office.browser();
    nobody.send(desk.request(own())).await.refused(401, "UNAUTHORIZED");
    let rows = sqlx::query_scalar::<_, i64>("select count(*) from timetable_uploads");
    assert_eq!(rows.fetch_one(desk.office.pool()).await.unwrap(), 0);
}

#[tokio::test]
async fn a_large_archive_is_received_without_being_held() {
    let desk = Desk::open().await;
    // Four times as much as other bodies may have, in parts.
    let parts = futures::stream::iter(0..64).map(|part| {
        let mut bytes = vec![0_u8; 64 * 1024];
        if part == 0 {
            bytes[..4].copy_from_slice(b"PK\x03\x04");
        }
        Ok::<_, std::io::Error>(bytes)
    });
    let asked = id(&desk.upload(reqwest::Body::wrap_stream(parts)).await);
    assert_eq!(desk.get(&asked).await["sizeBytes"], 4 * 1024 * 1024);
}

/// A body that begins like an archive and then stalls until the sender is dropped.
fn stalled() -> (mpsc::Sender<std::io::Result<Vec<u8>>>, reqwest::Body) {
    let (sender, mut parts) = mpsc::channel(1);
    sender.try_send(Ok(own()[..64].to_vec())).unwrap();
    let parts = futures::stream::poll_fn(move |context| parts.poll_recv(context));
    (sender, reqwest::Body::wrap_stream(parts))
}

#[tokio::test]
async fn nothing_is_left_of_an_upload_whose_sender_goes_away() {
    let desk = Desk::open().await;
    let rows = async || -> i64 {
        let rows = sqlx::query_scalar("select count(*) from timetable_uploads");
        rows.fetch_one(desk.office.pool()).await.unwrap()
    };
    let begun = async |n: i64| {
        let what = format!("{n} uploads have begun");
        eventually(&what, SOON, async || (rows().await == n).then_some(())).await;
    };
    let mut uploads = Vec::new();
    for n in 1..=RECEIVED_AT_A_TIME {
        let (sender, body) = stalled();
        let sending = tokio::spawn(desk.manager.with_session(desk.request(body)).send());
        uploads.push((sender, sending));
        begun(n).await;
    }
    let refused = desk.upload(own()).await;
    refused.refused(409, "TIMETABLE_CONFLICT");
    for (_, sending) in &uploads {
        sending.abort();
    }
    begun(0).await;
    id(&desk.upload(own()).await);
}

#[tokio::test]
async fn the_key_of_an_upload_whose_body_was_not_received_can_be_used_again() {
    let desk = Desk::open().await;
    let send = async |body: reqwest::Body| {
        let request = desk.request(body).header("idempotency-key", "k");
        desk.manager.send(request).await
    };
    let (sender, body) = stalled();
    let broken = desk.request(body).header("idempotency-key", "k");
    let broken = tokio::spawn(desk.manager.with_session(broken).send());
    sender.send(Err(std::io::ErrorKind::BrokenPipe.into())).await.unwrap();
    broken.await.unwrap().unwrap_err();
    assert_eq!(send("no archive".into()).await.fields(), ["body zip"]);
    id(&send(own().into()).await);
}

#[tokio::test]
async fn an_upload_with_a_key_is_received_once_and_its_body_is_part_of_it() {
    let desk = Desk::open().await;
    let send = async |body: Vec<u8>| {
        let request = desk.request(body).header("idempotency-key", "k");
        desk.manager.fetch(request).await
    };
    let first = send(own()).await;
    assert_eq!(first.status(), StatusCode::ACCEPTED);
    let first = first.bytes().await.unwrap();
    let again = send(own()).await;
    assert!(again.headers().contains_key("idempotent-replayed"));
    assert_eq!(again.bytes().await.unwrap(), first);
    assert_eq!(
        send(TestFeed::tiny().zipped()).await.status(),
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let rows = sqlx::query_scalar::<_, i64>("select count(*) from timetable_uploads");
    assert_eq!(
        rows.fetch_one(desk.office.pool()).await.unwrap(),
        1,
        "nothing is left of the others"
    );
    let jobs = sqlx::query_scalar::<_, i64>("select count(*) from jobs where kind = 'timetable_preview'");
    assert_eq!(jobs.fetch_one(desk.office.pool()).await.unwrap(), 1);
}
