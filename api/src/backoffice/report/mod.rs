//! Reports of a company's orders (contract section 7).

use std::sync::Arc;

use app::report;
use app::work::Work;
use domain::id::ReportId;
use domain::report::ReportStatus;
use poem::web::Data;
use poem_openapi::OpenApi;

use super::Chapter;
use crate::auth::person::AtCompany;
use crate::context::RequestContext;
use crate::state::Shared;
use crate::wire::body::Strict;
use crate::wire::param::{Skip, Take};
use crate::wire::path::Path;
use crate::wire::query::{Query, valid};
use crate::wire::reply::{Answer, Reply};
use crate::wire::value::{Instant, Word};
use body::CreateReport;
use refusal::{Ask, Download, Read};
use wire::{Link, OneReport, Report, ReportList};

pub mod body;
pub mod refusal;
pub mod schedule;
pub mod wire;

/// Operations on reports.
#[derive(Debug, Clone, Copy)]
pub struct ReportApi;

#[OpenApi(prefix_path = "/v2/reports/orders", tag = "Chapter::Reports")]
impl ReportApi {
    /// Create a report
    ///
    /// Exports the orders of the company whose date falls within the requested days to a CSV file. The report is
    /// processed in the background: poll it until its status is `Completed` or `Failed`. If the same report was already
    /// requested and is not finished, the response returns that report. Only a few reports of a company are processed
    /// at a time; the others wait as `Pending`.
    #[oai(path = "/", method = "post", operation_id = "createOrdersReport")]
    pub(crate) async fn create(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        work: Data<&Work>,
        caller: AtCompany,
        body: Strict<CreateReport>,
    ) -> Answer<OneReport, Ask, 202> {
        let new = body.0.asked_by(caller.company_id, caller.person.user_id)?;
        let platform = &state.platform;
        let (at_a_time, cause) = (state.reports_at_a_time, context.cause());
        let asked = report::request(&work, &platform.clock, at_a_time, new, &cause).await?;
        Ok(Reply::new(OneReport { report: asked.into() }))
    }

    /// List reports
    ///
    /// Returns the reports of the company, newest first.
    #[oai(path = "/", method = "get", operation_id = "listOrdersReports")]
    pub(crate) async fn list(
        &self,
        state: Shared<'_>,
        caller: AtCompany,
        /// Only reports that currently have this status.
        status: Query<Option<Word<ReportStatus>>>,
        /// Page size.
        take: Query<Take>,
        /// Number of items to skip; an empty value counts as 0.
        skip: Query<Skip>,
    ) -> Answer<ReportList, Ask> {
        let (status, take, skip) = valid((status, take, skip))?;
        let (pool, status) = (&state.platform.pool, status.map(|word| word.0));
        let (reports, total) = report::list(pool, caller.company_id, status, take.0, skip.0).await?;
        Ok(Reply::new(ReportList {
            reports: reports.into_iter().map(Report::from).collect(),
            total: usize::try_from(total).unwrap_or(usize::MAX),
        }))
    }

    /// Get a report
    ///
    /// Returns the report with its current status and progress.
    #[oai(path = "/:id", method = "get", operation_id = "getOrdersReport")]
    pub(crate) async fn get(
        &self,
        state: Shared<'_>,
        caller: AtCompany,
        /// Id of the report.
        id: Path<ReportId>,
    ) -> Answer<OneReport, Read> {
        let report = report::get(&state.platform.pool, caller.company_id, id.0).await?;
        Ok(Reply::new(OneReport { report: report.into() }))
    }

    /// Get a download link for a report
    ///
    /// Returns a new link to the file. The link is valid for 15 minutes. Anyone who has it can download the file.
    #[oai(path = "/:id/download", method = "get", operation_id = "downloadOrdersReport")]
    pub(crate) async fn download(
        &self,
        state: Shared<'_>,
        caller: AtCompany,
        /// Id of the report.
        id: Path<ReportId>,
    ) -> Answer<Link, Download> {
        let platform = &state.platform;
        let (url, expires_at) =
            report::link(&platform.pool, &state.storage, &platform.clock, caller.company_id, id.0).await?;
        Ok(Reply::new(Link {
            url,
            expires_at: Instant(expires_at),
        }))
    }
}
