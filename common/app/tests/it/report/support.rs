//! A database with a company that sells, a folder for files, and a clock.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use app::report::{self, ReportGenerator, ReportRemover};
use app::work::Work;
use chrono::{DateTime, NaiveDate, Utc};
use config::{Needs, Settings};
use db::report::{NewReport, Report};
use domain::id::{CompanyId, ReportId, UserId};
use domain::report::dialect::Dialect;
use domain::report::{DateField, Range};
use domain::role::Role;
use figment::Figment;
use figment::providers::Serialized;
use kernel::clock::Clock;
use ledger::Cause;
use object_store::ObjectStore;
use sha2::{Digest, Sha256};
use sqlx::PgPool;
use storage::Storage;
use tempfile::TempDir;
use testing::database::TestDb;
use testing::settings::settings;
use testing::world::{Sale, SoldTicket, World};

use crate::report::moody::{Mood, Moody};

/// Noon in Kyiv.
pub const NOON: &str = "2027-02-01T10:00:00Z";

pub struct Stage {
    pub db: TestDb,
    pub clock: Clock,
    pub folder: TempDir,
    pub sold: SoldTicket,
    pub user: UserId,
}

impl Stage {
    /// With one ticket that was sold at [`NOON`].
    pub async fn new() -> Self {
        Self::selling(&Sale::default()).await
    }

    pub async fn selling(sale: &Sale) -> Self {
        let db = TestDb::new().await;
        let clock = Clock::manual(NOON.parse::<DateTime<Utc>>().unwrap());
        let mut conn = db.pool.acquire().await.unwrap();
        let mut world = World::new(&mut conn, clock.now()).await;
        let sold = world.sell(sale).await;
        let place = domain::access::Workplace::Company(sold.company_id);
        let user = world.person("olena@example.com", &[(place, Role::Manager)]).await;
        drop(conn);
        Self {
            db,
            clock,
            folder: TempDir::new().unwrap(),
            sold,
            user,
        }
    }

    /// With more orders; 30,000 of them take some megabytes.
    pub async fn crowded(number: i32) -> Self {
        let stage = Self::new().await;
        let mut conn = stage.pool().acquire().await.unwrap();
        let mut world = World::new(&mut conn, stage.clock.now()).await;
        world.many_tickets(&stage.sold, number).await;
        drop(conn);
        stage
    }

    pub fn pool(&self) -> &PgPool {
        &self.db.pool
    }

    pub fn company(&self) -> CompanyId {
        self.sold.company_id
    }

    pub fn storage(&self) -> Storage {
        let url = format!("file://{}", self.folder.path().display());
        storage(|figment| figment.merge(Serialized::default("storage_url", url)))
    }

    pub fn generator(&self) -> ReportGenerator {
        self.generator_with(self.storage())
    }

    pub fn remover(&self, storage: Storage, retention_days: u32) -> ReportRemover {
        ReportRemover {
            pool: self.pool().clone(),
            storage: Arc::new(storage),
            clock: self.clock.clone(),
            retention_days,
        }
    }

    pub fn generator_with(&self, storage: Storage) -> ReportGenerator {
        ReportGenerator {
            pool: self.db.pool.clone(),
            storage: Arc::new(storage),
            clock: self.clock.clone(),
            at_a_time: 2,
            new_job: app::jobs::report_generate::new_job,
        }
    }

    /// With a moody store in front of the folder.
    pub fn moody(&self, mood: Mood) -> ReportGenerator {
        let timeout = match mood {
            Mood::Silent => Duration::from_millis(200),
            Mood::Gate { .. } | Mood::Full { .. } => Duration::from_secs(120),
        };
        let wrap = |inner| Arc::new(Moody { inner, mood }) as Arc<dyn ObjectStore>;
        self.generator_with(self.storage().over(wrap, timeout))
    }

    /// Asks for a report of the days around [`NOON`].
    pub async fn ask(&self) -> ReportId {
        self.ask_for("2027-02-01", "2027-02-28", DateField::CreatedAt).await.id
    }

    pub async fn ask_for(&self, from: &str, to: &str, date_field: DateField) -> Report {
        let new = self.wish(self.company(), from, to, date_field);
        report::request(&Work::Own(self.pool().clone()), &self.clock, 2, new, &cause("asked"))
            .await
            .unwrap()
    }

    pub fn wish(&self, company_id: CompanyId, from: &str, to: &str, date_field: DateField) -> NewReport {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        NewReport {
            company_id,
            requested_by: Some(self.user),
            range: Range::new(day(from), day(to)).unwrap(),
            date_field,
            dialect: Dialect::STANDARD,
        }
    }

    pub async fn report(&self, id: ReportId) -> Report {
        report::get(self.pool(), self.company(), id).await.unwrap()
    }

    /// Every file in the folder, leftovers included.
    pub fn files(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        let mut folders = vec![self.folder.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    files.push(path);
                }
            }
        }
        files
    }

    /// The text of the only file there is; it is what the report says it is.
    pub async fn the_file(&self, id: ReportId) -> String {
        let report = self.report(id).await;
        let [file] = &*self.files() else {
            panic!("one file: {:?}", self.files())
        };
        assert!(file.ends_with(report.object_key.clone().unwrap()), "{file:?}");
        let bytes = std::fs::read(file).unwrap();
        check(&report, &bytes);
        String::from_utf8(bytes).unwrap()
    }
}

/// Size, checksum and number of rows of a complete report.
pub fn check(report: &Report, bytes: &[u8]) {
    assert_eq!((report.status.word(), report.progress), ("Completed", 100));
    assert_eq!(report.size_bytes, Some(bytes.len() as i64));
    let sum: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(report.sha256.as_deref(), Some(sum.as_str()));
    assert_eq!(
        report.row_count,
        Some(csv::Reader::from_reader(bytes).records().count() as i64)
    );
}

pub fn cause(request_id: &str) -> Cause {
    Cause::new(Some(request_id.to_owned()), None)
}

/// The store of these settings.
pub fn storage(more: impl FnOnce(Figment) -> Figment) -> Storage {
    try_storage(more).unwrap()
}

pub fn try_storage(more: impl FnOnce(Figment) -> Figment) -> Result<Storage, String> {
    // The first of a process is its provider of TLS, as `process` has it.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let figment = more(settings("postgres://nowhere/none"));
    let settings = Settings::from_figment(&figment, Needs::Database).unwrap();
    Storage::new(&settings).map_err(|error| error.to_string())
}
