//! Entries about schedules of reports: when one was due, and the mails about its report.

use chrono::{DateTime, Utc};
use db::story::{ReportMail, ReportRun};
use ledger::db::story::JobStory;

use super::{Entry, Kind, Known, ROWS, is_full, job, mask, message};
use crate::jobs::{report_delivery, report_mail};

/// Whether a job sends a mail about a report, so that the entry of the mail describes its state.
pub(super) fn is_of_mail(known: &Known, job: &JobStory) -> bool {
    let mut mails = known.report_mails.iter();
    mails.any(|mail| job.dedupe_key == Some(report_mail::key(mail.id)))
}

/// The times of schedules, and the mails.
pub(super) fn entries(known: &Known, now: DateTime<Utc>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = known.runs.iter().flat_map(|run| of_run(run, known)).collect();
    for mail in &known.report_mails {
        entries.extend(of_mail(mail, known, now));
    }
    entries
}

fn of_run(run: &ReportRun, known: &Known) -> Vec<Entry> {
    let entry = |at, kind, text: String| Entry {
        at,
        kind,
        id: run.report_id.to_string(),
        text,
        ids: vec![run.schedule_id.to_string(), run.id.to_string()],
    };
    let mut due = format!("the schedule {} was due", run.schedule_id);
    let mut reports = known.reports.iter();
    if reports.any(|report| report.id == run.report_id && report.request_id.is_some()) {
        due.push_str("; the report that a user had requested is used");
    }
    let mut entries = vec![entry(run.due_at, Kind::Report, due)];
    let Some(at) = run.passed_on_at else {
        return entries;
    };
    let written = "the report had ended: a job was written that writes the mails about it";
    entries.push(entry(at, Kind::Report, written.to_owned()));
    let job = known.job_with(&report_delivery::key(run.id));
    let has_mail = known.report_mails.iter().any(|mail| mail.run_id == run.id);
    if job.is_some_and(|job| job.state == "done") && !has_mail && !is_full(known.report_mails.len(), ROWS) {
        let none = "no mail: the schedule had no recipients, or only users who are barred from signing in";
        entries.push(entry(at, Kind::NoMessage, none.to_owned()));
    }
    entries
}

fn of_mail(mail: &ReportMail, known: &Known, now: DateTime<Utc>) -> Vec<Entry> {
    let run = known.runs.iter().find(|run| run.id == mail.run_id);
    let report_id = run.map(|run| run.report_id.to_string());
    let entry = |at, kind, text: String| Entry {
        at,
        kind,
        id: mail.id.to_string(),
        text,
        ids: report_id.iter().cloned().collect(),
    };
    let to = mask::address(&mail.recipient);
    let recorded = format!("a mail about the report to {to} was recorded");
    let mut entries = vec![entry(mail.created_at, Kind::Message, recorded)];
    if let Some(at) = mail.sent_at {
        let reply = message::replied(mail.reply.as_deref());
        let text = format!("the mail to {to} was accepted by the provider{reply}");
        entries.push(entry(at, Kind::Message, text));
    } else if let Some(why) = unsent(known.job_with(&report_mail::key(mail.id)), known, now) {
        entries.push(entry(now, Kind::Now, format!("the mail to {to} was not sent{why}")));
    }
    entries
}

/// Why a mail was not sent; `None` when that cannot be known, since not all jobs were read.
fn unsent(job: Option<&JobStory>, known: &Known, now: DateTime<Utc>) -> Option<String> {
    match job {
        Some(job) if job.state != "done" => Some(format!(": it {}", job::standing(job, now))),
        Some(_) => {
            let why = ": its recipient was removed from the schedule, or is a user who is barred from signing in";
            Some(why.to_owned())
        }
        None if known.lacks_jobs() => None,
        None => Some("; its job is not kept any more".to_owned()),
    }
}
