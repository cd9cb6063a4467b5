//! Entries about jobs.

use chrono::{DateTime, Utc};
use db::audit::JobAction;
use domain::id::{ReportMailId, ReportRunId};
use ledger::db::story::{Failure, JobStory};
use ledger::handle::Act;
use uuid::Uuid;

use super::{Entry, Kind, StoryId, mask};
use crate::ops::job::name;

/// The subject of a job, if it has a story.
pub(super) fn about(job: &JobStory) -> Option<StoryId> {
    let key = job.dedupe_key.as_deref()?;
    key.split(':').find_map(|part| match part.parse() {
        Ok(about @ (StoryId::Message(_) | StoryId::Report(_) | StoryId::Upload(_))) => Some(about),
        _ => None,
    })
}

/// The time of a schedule of reports, or the mail about a report, that a job is about.
pub(super) fn scheduled(job: &JobStory) -> Option<Uuid> {
    let key = job.dedupe_key.as_deref()?;
    key.split(':').find_map(|part| {
        let run = part.parse::<ReportRunId>().ok().map(|id| id.0);
        run.or_else(|| part.parse::<ReportMailId>().ok().map(|id| id.0))
    })
}

/// What happened to a job.
pub(super) fn entries(job: &JobStory) -> Vec<Entry> {
    let entry = |at, text: String| Entry {
        at,
        kind: Kind::Job,
        id: job.id.to_string(),
        text,
        ids: job.request_id.iter().cloned().collect(),
    };
    let (queue, kind) = (&job.queue, &job.kind);
    let mut entries = vec![entry(
        job.created_at,
        format!("{kind} was written for the queue {queue}"),
    )];
    if let Some(at) = job.sent_at {
        entries.push(entry(at, format!("it was last sent to the workers of {queue}")));
    }
    if let Some(at) = job.claimed_at {
        let process = job.process.as_deref().map(|name| format!(" by {name}"));
        let process = process.unwrap_or_default();
        entries.push(entry(at, format!("a worker last took it{process}")));
    }
    // The entry of a dead job contains its last failure.
    let last = job.failures.last().filter(|failure| is_its_end(job, failure));
    let failures = job.failures.iter().filter(|failure| !is_its_end(job, failure));
    entries.extend(failures.map(|failure| entry(failure.at, failed(failure))));
    if let Some(at) = job.finished_at {
        let attempts = format!("{} of {} attempts", job.attempt, job.max_attempts);
        entries.push(entry(
            at,
            match job.state.as_str() {
                "done" => format!("it was done, after {attempts}"),
                "canceled" => format!("it was canceled, after {attempts}"),
                _ => {
                    let process = last.and_then(|failure| failure.process.as_deref());
                    let process = process.map(|name| format!(", the last by {name}"));
                    let process = process.unwrap_or_default();
                    format!(
                        "it was marked as {}, after {attempts}{process}: {}",
                        job.state,
                        error(job)
                    )
                }
            },
        ));
    }
    entries
}

/// Whether this failure is the one for which the job is dead.
fn is_its_end(job: &JobStory, failure: &Failure) -> bool {
    job.state == "dead" && job.finished_at == Some(failure.at)
}

/// An attempt that failed, or several that did not count and failed in the same way.
fn failed(failure: &Failure) -> String {
    let process = failure.process.as_deref().map(|name| format!(", run by {name}"));
    let repeated = match (failure.times, failure.until) {
        (Some(times), Some(until)) => format!(", {times} times until {}", instant(until)),
        _ => String::new(),
    };
    let (attempt, process, error) = (failure.attempt, process.unwrap_or_default(), mask::text(&failure.error));
    format!("attempt {attempt} failed{process}{repeated}: {error}")
}

/// An action of an operator on a job.
pub(super) fn action(action: &JobAction) -> Entry {
    let done = match Act::ALL.into_iter().find(|act| name(*act) == action.action) {
        Some(Act::Retry) => "retried",
        Some(Act::Cancel) => "canceled",
        Some(Act::Discard) => "discarded",
        None => &action.action,
    };
    let who = action.actor_name.as_ref().unwrap_or(&action.actor);
    Entry {
        at: action.at,
        kind: Kind::Job,
        id: action.job_id.to_string(),
        text: format!("it was {done} by {who}: {}", mask::text(&action.reason)),
        ids: std::iter::once(&action.actor)
            .chain(&action.request_id)
            .cloned()
            .collect(),
    }
}

/// What delays an unfinished job, or how a finished one ended; completes a sentence that begins with "it".
pub(super) fn standing(job: &JobStory, now: DateTime<Utc>) -> String {
    let JobStory {
        queue,
        attempt,
        max_attempts,
        ..
    } = job;
    if let ("ready" | "sent", Some(at)) = (job.state.as_str(), job.paused_at) {
        let since = instant(at);
        return format!(
            "waits because the queue {queue} has been paused since {since}; `admin audit --subject {queue}` shows by whom \
             and why"
        );
    }
    match job.state.as_str() {
        "done" => "was done".to_owned(),
        "dead" => {
            let why = match job.held_since {
                Some(since) => format!("was given up, held up by others since {}", instant(since)),
                None if attempt < max_attempts && job.crashes == 0 => "was refused permanently".to_owned(),
                None => format!("has used up its {attempt} attempts ({} crashes)", job.crashes),
            };
            format!(
                "{why}: {}; `admin jobs retry {} --reason WHY` tries again",
                error(job),
                job.id
            )
        }
        "running" => {
            let process = job.process.as_deref().unwrap_or("a process that no longer exists");
            format!("is being run by {process}, attempt {attempt} of {max_attempts}")
        }
        "canceled" => "was canceled".to_owned(),
        _ if !job.has_worker => {
            let error = job
                .last_error
                .as_ref()
                .map(|_| format!("; the last attempt failed: {}", error(job)));
            let error = error.unwrap_or_default();
            format!("waits for a worker of the queue {queue}, and none is running{error}")
        }
        "ready" if job.run_at > now && job.last_error.is_some() => {
            let due = instant(job.run_at);
            let failed = match job.held_since {
                Some(since) => format!("is held up by others since {}", instant(since)),
                None => format!("failed {attempt} of {max_attempts} attempts"),
            };
            format!("{failed}: {}; it is tried again at {due}", error(job))
        }
        "ready" if job.run_at > now => format!("is to run at {}", instant(job.run_at)),
        "ready" | "sent" => format!("waits for its turn in the queue {queue}"),
        other => format!("is {other}"),
    }
}

fn error(job: &JobStory) -> String {
    job.last_error
        .as_deref()
        .map_or_else(|| "nothing says why".to_owned(), mask::text)
}

/// An instant in readable form.
pub(super) fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}
