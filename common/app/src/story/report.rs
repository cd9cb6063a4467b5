//! Entries about reports.

use chrono::{DateTime, Utc};
use db::story::{Report, ReportRun};

use super::{Entry, Kind, mask};

/// The request that asked for a report; `None` when a schedule did.
pub(super) fn request(report: &Report) -> Option<Entry> {
    let mut ids = vec![report.id.to_string(), report.company_id.to_string()];
    ids.extend(report.requested_by.map(|user| user.to_string()));
    Some(Entry {
        at: report.created_at,
        kind: Kind::Request,
        id: report.request_id.clone()?,
        text: format!("a request{} asked for a report", user(report, "by")),
        ids,
    })
}

/// The events of a report, and its current state. `runs`: the times of schedules for which the reports were made.
pub(super) fn entries(report: &Report, runs: &[ReportRun], now: DateTime<Utc>) -> Vec<Entry> {
    let entry = |at, kind, text: String| Entry {
        at,
        kind,
        id: report.id.to_string(),
        text,
        ids: vec![report.company_id.to_string()],
    };
    let attempt = report.attempt;
    let failed = report.error_message.as_deref().map(mask::text);
    let error = failed.as_deref().unwrap_or("no reason is known");
    let mut asked = entry(report.created_at, Kind::Report, requested(report, runs));
    asked.ids.extend(report.requested_by.map(|user| user.to_string()));
    let mut entries = vec![asked];
    if let Some(at) = report.admitted_at {
        entries.push(entry(at, Kind::Report, "its turn came: a job was written".to_owned()));
    }
    if let Some(at) = report.started_at {
        entries.push(entry(at, Kind::Report, "the first attempt began".to_owned()));
    }
    if let Some(at) = report.ended_at {
        let text = match report.status.word() {
            "Failed" => format!("it failed after {attempt} attempts: {error}"),
            status => format!("it was {}, at attempt {attempt}", status.to_lowercase()),
        };
        entries.push(entry(at, Kind::Report, text));
    } else {
        let turn = if report.admitted_at.is_none() {
            "; other reports of the company have their turn"
        } else {
            ""
        };
        let error = failed.map(|error| format!("; the last attempt failed: {error}"));
        let (status, progress) = (report.status, report.progress);
        let text = format!(
            "the report is {status}, {progress} %, attempt {attempt}{turn}{}",
            error.unwrap_or_default()
        );
        entries.push(entry(now, Kind::Now, text));
    }
    if let Some(at) = report.removed_at {
        entries.push(entry(
            at,
            Kind::Report,
            "its file was removed after its retention".to_owned(),
        ));
    }
    entries
}

/// Who requested a report: a user, or the schedule of one. A request is known by its id, and a schedule by its runs,
/// until they are deleted. A schedule that is due while a user waits for the same report has a run too (see
/// `schedule.rs`).
fn requested(report: &Report, runs: &[ReportRun]) -> String {
    let has_run = runs.iter().any(|run| run.report_id == report.id);
    match report.request_id {
        Some(_) => format!("the report was requested{}", user(report, "by")),
        None if has_run => format!("the report was requested by the schedule{}", user(report, "of")),
        None => format!("the report was requested{}, perhaps by a schedule", user(report, "by")),
    }
}

/// The user who requested a report, or whose schedule did, after a word; empty when that is not known.
fn user(report: &Report, before: &str) -> String {
    let name = report.requested_by.map(|user| format!(" {before} {user}"));
    name.unwrap_or_default()
}
