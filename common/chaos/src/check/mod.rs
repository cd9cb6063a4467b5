//! The rules that must hold once nothing is left to do. Each rule has a name; a violation is a finding.

mod answers;
mod messages;
mod quiet;
mod rules;
mod sales;
mod story;
mod work;

use std::path::Path;
use std::process::Stdio;

use sqlx::PgPool;
use tokio::process::Command;

use crate::error::Result;
pub use crate::finding::Finding;
use crate::load::Records;
use crate::stage::{Stage, storage_url};

pub use messages::Sinks;
pub use quiet::{RECOVERY, RoundEnd, ordinary, recovery, until_quiet, warning};
pub use rules::prepare;
pub use sales::{describe_sales, sales, times_of};
pub use story::{tell, try_story};
pub use work::worked;

/// Everything that is checked after a round.
///
/// # Errors
/// When the database does not answer.
pub async fn check(stage: &Stage, records: &Records, admin: &Path) -> Result<Vec<Finding>> {
    let mut findings = records.take_findings();
    findings.extend(rules::check(&stage.pool).await?);
    findings.extend(answers::check(&stage.pool, records).await?);
    findings.extend(answers::reports(&stage.pool, records, &stage.store).await?);
    findings.extend(messages::check(&stage.pool, &Sinks::of(stage)).await?);
    findings.extend(stage.redis.refusals().await?);
    findings.extend(admin_check(admin, &stage.store).await?);
    Ok(findings)
}

/// The rows of a query that returns one text column.
async fn rows(pool: &PgPool, question: &'static str) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar(question).fetch_all(pool).await?)
}

/// The platform's own check, `admin check`, which also looks for all files in the store.
async fn admin_check(admin: &Path, store: &Path) -> Result<Vec<Finding>> {
    let checked = Command::new(admin)
        .arg("check")
        .env("STORAGE_URL", storage_url(store))
        .stdin(Stdio::null())
        .output()
        .await?;
    if checked.status.success() {
        return Ok(Vec::new());
    }
    let said = [checked.stdout, checked.stderr].concat();
    Ok(vec![Finding {
        rule: "admin check finds nothing",
        detail: String::from_utf8_lossy(&said).into_owned(),
    }])
}
