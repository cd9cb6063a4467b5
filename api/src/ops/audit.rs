//! The audit trail.

use app::error::{AppError, AppResult};
use app::ops;
use domain::id::AuditEntryId;
use poem_openapi::OpenApi;

use super::Chapter;
use super::refusal::Look;
use super::wire::AuditList;
use crate::auth::person::AtPlatform;
use crate::state::Shared;
use crate::wire::param::{AfterEntry, Subject, Take};
use crate::wire::query::{Query, valid};
use crate::wire::reply::{Answer, Reply};
use crate::wire::value::Id;

/// Operations on the audit trail.
#[derive(Debug, Clone, Copy)]
pub struct AuditApi;

#[OpenApi(prefix_path = "/v2/ops/audit", tag = "Chapter::Audit")]
impl AuditApi {
    /// Read the audit trail
    ///
    /// Returns the actions of operators, through this API and on the command line, and what users changed: people,
    /// terms, permissions, keys, scheduled reports and timetables. Latest first. Entries are never changed.
    #[oai(path = "/", method = "get", operation_id = "listAuditEntries")]
    pub(crate) async fn list(
        &self,
        state: Shared<'_>,
        _office: AtPlatform,
        /// Only entries about this subject: the name of a queue, the id of what was changed, or the id of a job, which
        /// also finds actions on several jobs.
        subject: Query<Option<Subject>>,
        /// Page size.
        take: Query<Take>,
        /// Only entries before this one: `next` of the previous page.
        after: Query<Option<AfterEntry>>,
    ) -> Answer<AuditList, Look> {
        let (subject, take, after) = valid((subject, take, after))?;
        let before = after.map(|after| entry(&after.0)).transpose()?;
        let subject = subject.map(|subject| subject.0);
        let (entries, has_more) =
            ops::audit::list(&state.platform.pool, subject.as_deref(), before, take.0 as usize).await?;
        Ok(Reply::new(AuditList {
            next: entries.last().filter(|_| has_more).map(|entry| Id(entry.id)),
            entries: entries.into_iter().map(Into::into).collect(),
        }))
    }
}

fn entry(text: &str) -> AppResult<AuditEntryId> {
    text.parse()
        .map_err(|_| AppError::field("after", "id", "must be the id of an entry"))
}
