//! Scheduled reports of a company.

use std::sync::Arc;

use app::report::schedule::{self, Planner};
use app::work::Work;
use domain::id::ReportScheduleId;
use poem::web::Data;
use poem_openapi::OpenApi;

use crate::auth::person::AtCompany;
use crate::backoffice::Chapter;
use crate::context::RequestContext;
use crate::state::Shared;
use crate::wire::body::Strict;
use crate::wire::param::{Skip, Take};
use crate::wire::path::Path;
use crate::wire::query::{Query, valid};
use crate::wire::reply::{Answer, Empty, Failure, Reply};
use body::SaveReportSchedule;
use refusal::{Change, Plan};
use wire::{OneReportSchedule, ReportSchedule, ReportScheduleList};

pub mod body;
pub mod refusal;
pub mod wire;

/// Operations on scheduled reports.
#[derive(Debug, Clone, Copy)]
pub struct ReportScheduleApi;

/// The user who calls, with the company.
fn planner(caller: AtCompany, context: &RequestContext) -> Planner {
    Planner {
        company_id: caller.company_id,
        user_id: caller.person.user_id,
        request_id: context.cause().request_id,
    }
}

#[OpenApi(prefix_path = "/v2/reports/schedules", tag = "Chapter::Reports")]
impl ReportScheduleApi {
    /// List scheduled reports
    ///
    /// Returns the scheduled reports of the company, oldest first.
    #[oai(path = "/", method = "get", operation_id = "listReportSchedules")]
    pub(crate) async fn list(
        &self,
        state: Shared<'_>,
        caller: AtCompany,
        /// Page size.
        take: Query<Take>,
        /// Number of items to skip; an empty value counts as 0.
        skip: Query<Skip>,
    ) -> Answer<ReportScheduleList, Plan> {
        let (take, skip) = valid((take, skip))?;
        let pool = &state.platform.pool;
        let listed = schedule::list(pool, caller.company_id, take.0.into(), skip.0.into()).await?;
        let (schedules, total, time_zone) = listed;
        Ok(Reply::new(ReportScheduleList {
            schedules: schedules.into_iter().map(ReportSchedule::from).collect(),
            total,
            time_zone,
        }))
    }

    /// Schedule a report
    ///
    /// A report of the period is generated on the given days at the given time, in the time zone of the company, and
    /// appears in the list of reports. When one is complete, each recipient gets an e-mail with a link to the file. The
    /// link is valid for 7 days, or until the file is deleted if that is earlier. Anyone who has it can download the
    /// file. If a report cannot be generated, the e-mail says so. If the clocks skip the time, the report is generated
    /// at the end of the gap. A company can have at most 20 scheduled reports.
    #[oai(path = "/", method = "post", operation_id = "createReportSchedule")]
    pub(crate) async fn create(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        work: Data<&Work>,
        caller: AtCompany,
        body: Strict<SaveReportSchedule>,
    ) -> Answer<OneReportSchedule, Plan, 201> {
        let (planner, now) = (planner(caller, &context), state.platform.clock.now());
        let created = schedule::create(&work, &planner, body.0.wanted()?, now).await?;
        Ok(Reply::new(OneReportSchedule {
            schedule: created.into(),
        }))
    }

    /// Change a scheduled report
    ///
    /// Replaces the scheduled report. A report that is being generated is not affected; its e-mails go to the new
    /// recipients.
    #[oai(path = "/:id", method = "put", operation_id = "setReportSchedule")]
    pub(crate) async fn set(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        caller: AtCompany,
        /// Id of the scheduled report.
        id: Path<ReportScheduleId>,
        body: Strict<SaveReportSchedule>,
    ) -> Answer<OneReportSchedule, Change> {
        let (pool, now) = (&state.platform.pool, state.platform.clock.now());
        let planner = planner(caller, &context);
        let changed = schedule::replace(pool, &planner, id.0, body.0.wanted()?, now).await?;
        Ok(Reply::new(OneReportSchedule {
            schedule: changed.into(),
        }))
    }

    /// Delete a scheduled report
    ///
    /// No more reports are generated, and e-mails that have not been sent yet are dropped. Existing reports stay in the
    /// list of reports.
    #[oai(path = "/:id", method = "delete", operation_id = "deleteReportSchedule")]
    pub(crate) async fn delete(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        caller: AtCompany,
        /// Id of the scheduled report.
        id: Path<ReportScheduleId>,
    ) -> Result<Empty, Failure<Change>> {
        let (pool, now) = (&state.platform.pool, state.platform.clock.now());
        schedule::delete(pool, &planner(caller, &context), id.0, now).await?;
        Ok(Empty::default())
    }
}
