//! Reports over HTTP: requested, read, downloaded. How they are generated is tested in `common/app/tests/it/report`.

mod ask;
mod file;
mod schedule;

use std::sync::Arc;

use app::report::{self, ReportGenerator};
use domain::id::ReportId;
use domain::role::Role;
use figment::providers::Serialized;
use serde_json::Value;
use tempfile::TempDir;
use testing::world::{Sale, World};

use crate::backoffice::support::Office;
use crate::harness::manager::{Manager, REPORTS};

/// An office that stores files in a folder.
struct Desk {
    office: Office,
    manager: Manager,
    _folder: TempDir,
}

impl Desk {
    async fn open() -> Self {
        let folder = TempDir::new().unwrap();
        let url = format!("file://{}", folder.path().display());
        let office = Office::open_with(|figment| figment.merge(Serialized::default("storage_url", url))).await;
        let manager = Manager(office.at_karpaty(Role::Manager).await);
        Self {
            office,
            manager,
            _folder: folder,
        }
    }

    /// The same office with a new manager, whose session has just begun; that of the previous one has ended.
    async fn signed_in_again(self) -> Self {
        let manager = Manager(self.office.at_karpaty(Role::Manager).await);
        Self { manager, ..self }
    }

    /// Requests a report of November and returns it.
    async fn ask(&self) -> Value {
        let seen = self.manager.request_report("2026-11-01", "2026-11-30").await;
        seen.status(202);
        seen.body["data"]["report"].clone()
    }

    async fn make(&self, report: &Value) {
        let id: ReportId = id(report).parse().unwrap();
        report::generate(&self.generator(), id).await.unwrap();
    }

    fn generator(&self) -> ReportGenerator {
        let state = &self.office.state;
        ReportGenerator {
            pool: state.platform.pool.clone(),
            storage: Arc::new(state.storage.clone()),
            clock: state.platform.clock.clone(),
            at_a_time: state.reports_at_a_time,
            new_job: app::jobs::report_generate::new_job,
        }
    }

    async fn get(&self, report: &Value) -> Value {
        let seen = self.manager.report(id(report)).await;
        seen.status(200);
        seen.body["data"]["report"].clone()
    }

    /// The path of a new link to the file.
    async fn link(&self, report: &Value) -> String {
        let seen = self.manager.report_link(id(report)).await;
        seen.status(200);
        let url = seen.body["data"]["url"].as_str().unwrap();
        url.strip_prefix(&*self.manager.base).unwrap().to_owned()
    }

    /// Adds many orders of the company.
    async fn sell(&self, number: i32) {
        let mut conn = self.office.pool().acquire().await.unwrap();
        let mut world = World::new(&mut conn, "2026-11-15T10:00:00Z".parse().unwrap()).await;
        let company = world.company("seller").await;
        let mut sold = world.sell_as(company, self.office.reseller, &Sale::default()).await;
        sold.company_id = self.office.karpaty;
        world.many_tickets(&sold, number).await;
    }
}

fn id(report: &Value) -> &str {
    report["id"].as_str().unwrap()
}
