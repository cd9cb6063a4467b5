//! A company that uploads.

use std::sync::Arc;

use app::error::AppError;
use app::timetable::upload::{
    self, Destination, Processed, ReceiveError, TimetableImporter, Upload, preview, run_publication,
};
use app::timetable::{ImportOptions, import};
use app::work::Work;
use bytes::Bytes;
use chrono::TimeDelta;
use config::{Needs, Settings};
use domain::access::Workplace;
use domain::id::{CompanyId, TimetableUploadId, UserId};
use domain::role::Role;
use domain::timetable::upload::UploadStatus;
use figment::providers::Serialized;
use kernel::clock::Clock;
use ledger::Cause;
use sqlx::{PgPool, Row};
use storage::Storage;
use tempfile::TempDir;
use testing::feed::TestFeed;
use testing::settings::settings;
use testing::world::{World, operator};

use crate::timetable_import::world;

/// A company with a timetable, a folder for archives, and a clock.
pub struct Stage {
    pub pool: PgPool,
    pub clock: Clock,
    pub storage: Arc<Storage>,
    folder: TempDir,
    pub company: CompanyId,
    user: UserId,
}

impl Stage {
    /// The company has what an operator of the platform imported.
    pub async fn open() -> Self {
        let pool = world().await;
        let clock = Clock::manual("2026-11-21T12:00:00Z".parse().unwrap());
        let source = TestFeed::tiny().source();
        import(&pool, clock.now(), &source, &ImportOptions::default())
            .await
            .unwrap();
        clock.advance(TimeDelta::minutes(1));
        Self::over(pool, clock, "tiny").await
    }

    pub async fn over(pool: PgPool, clock: Clock, company: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let url = format!("file://{}", folder.path().display());
        let figment = settings("postgres://unused").merge(Serialized::default("storage_url", url));
        let storage = Storage::new(&Settings::from_figment(&figment, Needs::Report).unwrap()).unwrap();
        let company = app::company::named(&pool, company).await.unwrap();
        let mut conn = pool.acquire().await.unwrap();
        let place = (Workplace::Company(company), Role::Manager);
        let email = format!("{company}@example.com");
        let user = World::new(&mut conn, clock.now()).await.person(&email, &[place]).await;
        drop(conn);
        Self {
            pool,
            clock,
            storage: Arc::new(storage),
            folder,
            company,
            user,
        }
    }

    pub fn importer(&self) -> TimetableImporter {
        TimetableImporter {
            pool: self.pool.clone(),
            storage: self.storage.clone(),
            clock: self.clock.clone(),
        }
    }

    pub async fn receive(&self, parts: Vec<Result<Bytes, &'static str>>) -> Result<Upload, ReceiveError<&'static str>> {
        let to = Destination {
            pool: self.pool.clone(),
            storage: self.storage.clone(),
            clock: self.clock.clone(),
        };
        let body = futures::stream::iter(parts);
        let work = Work::Own(self.pool.clone());
        upload::receive(&work, &to, (self.company, self.user), body, &Cause::default()).await
    }

    pub async fn upload(&self, feed: &TestFeed) -> TimetableUploadId {
        let archive = feed.zipped();
        let parts = archive.chunks(1_000).map(|part| Ok(Bytes::copy_from_slice(part)));
        let received = self.receive(parts.collect()).await.unwrap().stored;
        assert_eq!(received.status, UploadStatus::Checking);
        assert_eq!(received.size_bytes, Some(archive.len() as i64));
        received.id
    }

    pub async fn get(&self, id: TimetableUploadId) -> Upload {
        upload::get(&self.pool, self.company, id).await.unwrap()
    }

    /// Uploads and previews.
    pub async fn preview(&self, feed: &TestFeed) -> Upload {
        let id = self.upload(feed).await;
        let processed = preview(&self.importer(), id).await.unwrap();
        assert!(matches!(processed, Processed::Now | Processed::Refused));
        self.get(id).await
    }

    /// Runs the job of what is to be published.
    pub async fn run(&self, asked: Upload) -> Upload {
        assert_eq!(asked.stored.status, UploadStatus::Publishing);
        self.clock.advance(TimeDelta::minutes(1));
        run_publication(&self.importer(), asked.stored.id).await.unwrap();
        self.get(asked.stored.id).await
    }

    pub async fn ask(&self, id: TimetableUploadId) -> Result<Upload, AppError> {
        let work = Work::Own(self.pool.clone());
        upload::publish(&work, &self.clock, &operator(), self.company, id, &Cause::default()).await
    }

    pub async fn publish(&self, feed: &TestFeed) -> Upload {
        let previewed = self.preview(feed).await;
        assert_eq!(previewed.stored.status, UploadStatus::Ready, "{:?}", previewed.stored);
        let asked = self.ask(previewed.stored.id).await.unwrap();
        self.run(asked).await
    }

    pub async fn ask_undo(&self) -> Result<Upload, AppError> {
        let work = Work::Own(self.pool.clone());
        upload::undo(
            &work,
            &self.clock,
            &operator(),
            (self.company, self.user),
            &Cause::default(),
        )
        .await
    }

    pub async fn check_undo(&self) -> Upload {
        let work = Work::Own(self.pool.clone());
        let who = (self.company, self.user);
        let asked = upload::check_undo(&work, &self.clock, who, &Cause::default()).await;
        let id = asked.unwrap().stored.id;
        preview(&self.importer(), id).await.unwrap();
        self.get(id).await
    }

    pub async fn check_again(&self, id: TimetableUploadId) -> Upload {
        let work = Work::Own(self.pool.clone());
        let asked = upload::check(&work, &self.clock, self.company, id, &Cause::default()).await;
        assert_eq!(asked.unwrap().stored.status, UploadStatus::Checking);
        preview(&self.importer(), id).await.unwrap();
        self.get(id).await
    }

    pub async fn undo(&self) -> Upload {
        let asked = self.ask_undo().await.unwrap();
        self.run(asked).await
    }

    /// Everything that is on sale, without what changes with every import.
    pub async fn on_sale(&self) -> Vec<String> {
        let rows = sqlx::query(
            "select concat_ws(' ', t.id, t.feed_trip_id, r.slug, r.name, k.key, k.name, b.key, b.seats, s.days,
                    (select string_agg(concat_ws('/', c.position, c.stop_id, c.arrival, c.departure, c.boarding,
                                                 c.alighting, p.name, p.address, p.platform, p.zone, p.city_id), ' '
                                       order by c.position)
                     from stop_times c join stops p on p.id = c.stop_id where c.trip_id = t.id)) as line
             from trips t join routes r on r.id = t.route_id join carriers k on k.id = r.carrier_id
             join buses b on b.id = t.bus_id join services s on s.id = t.service_id
             where t.withdrawn_at is null and r.company_id = $1
             union all
             select concat_ws(' ', 'fare', route_id, origin_zone, destination_zone, currency, amount) from fares
             union all select concat_ws(' ', 'feed', key, tariff_currency, tariff_base) from feeds f where withdrawn_at is null
                 and exists (select from routes r where r.feed_id = f.id and r.company_id = $1)
             order by 1",
        )
        .bind(self.company.0);
        rows.fetch_all(&self.pool)
            .await
            .unwrap()
            .iter()
            .map(|row| row.get(0))
            .collect()
    }

    pub fn files(&self) -> usize {
        let mut folders = vec![self.folder.path().to_owned()];
        let mut files = 0;
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { folders.push(path) } else { files += 1 }
            }
        }
        files
    }
}

pub fn refused_for(upload: &Upload, words: &str) {
    assert_eq!(upload.stored.status, UploadStatus::Refused);
    let message = upload.stored.error_message.as_deref().unwrap_or_default();
    assert!(message.contains(words), "{message}");
}
