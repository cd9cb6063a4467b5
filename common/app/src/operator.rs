//! Who does something for the platform, for a company or for a partner, and why: what an entry of the audit trail says
//! of them.

use chrono::{DateTime, Utc};
use db::audit::AuditEntry;
use domain::access::Workplace;
use domain::id::{AuditEntryId, UserId};
use ledger::id::JobId;
use serde_json::Value;
use sqlx::PgConnection;
use sqlx::types::Json;

use crate::error::{AppError, AppResult};

/// Maximum length of a reason, in characters.
pub const MAX_REASON: usize = 500;

/// Who does something, why, and by which request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operator {
    name: String,
    reason: String,
    request_id: Option<String>,
}

impl Operator {
    /// An operator with a name (the id of a user, `cli:` and a name, or `system` for housekeeping) and a reason.
    ///
    /// # Errors
    /// Validation of `reason`: it must not be blank, longer than [`MAX_REASON`], or have control characters.
    pub fn new(name: impl Into<String>, reason: &str, request_id: Option<String>) -> AppResult<Self> {
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(AppError::field("reason", "required", "must not be blank"));
        }
        if reason.chars().count() > MAX_REASON {
            let message = format!("must be at most {MAX_REASON} characters");
            return Err(AppError::field("reason", "maxLength", message));
        }
        if reason.chars().any(char::is_control) {
            return Err(AppError::field(
                "reason",
                "pattern",
                "must not contain control characters",
            ));
        }
        Ok(Self {
            name: name.into(),
            reason: reason.to_owned(),
            request_id,
        })
    }

    /// A user at their workplace, who is not asked for a reason.
    #[must_use]
    pub fn user(user_id: UserId, workplace: Workplace, request_id: Option<String>) -> Self {
        let reason = match workplace {
            Workplace::Company(_) => "by a user of the company",
            Workplace::Partner(_) => "by a user of the partner",
            Workplace::Platform => "by a user of the platform",
        };
        Self {
            name: user_id.to_string(),
            reason: reason.to_owned(),
            request_id,
        }
    }

    /// Writes what was done into the audit trail.
    pub(crate) async fn record(
        &self,
        conn: &mut PgConnection,
        now: DateTime<Utc>,
        action: &str,
        subject: &str,
        details: impl IntoIterator<Item = (&'static str, Value)>,
    ) -> AppResult<()> {
        db::audit::insert(conn, &self.entry(now, action, subject, details)).await
    }

    /// The same, about several jobs.
    pub(crate) async fn record_on_jobs(
        &self,
        conn: &mut PgConnection,
        now: DateTime<Utc>,
        action: &str,
        (subject, jobs): (&str, &[JobId]),
        details: impl IntoIterator<Item = (&'static str, Value)>,
    ) -> AppResult<()> {
        let entry = self.entry(now, action, subject, details);
        db::audit::insert(conn, &entry).await?;
        db::audit::insert_jobs(conn, entry.id, jobs).await
    }

    fn entry(
        &self,
        now: DateTime<Utc>,
        action: &str,
        subject: &str,
        details: impl IntoIterator<Item = (&'static str, Value)>,
    ) -> AuditEntry {
        AuditEntry {
            id: AuditEntryId::new(),
            at: now,
            actor: self.name.clone(),
            actor_name: None,
            action: action.to_owned(),
            subject: subject.to_owned(),
            reason: self.reason.clone(),
            details: Json(
                details
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value))
                    .collect(),
            ),
            request_id: self.request_id.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_REASON, Operator};

    #[test]
    fn a_reason_says_something_in_one_line() {
        assert!(Operator::new("cli:olena", " The provider is back ", None).is_ok());
        assert!(Operator::new("cli:olena", &"ї".repeat(MAX_REASON), None).is_ok());
        for wrong in ["", "  \t", "two\nlines", &"x".repeat(MAX_REASON + 1)] {
            assert!(Operator::new("cli:olena", wrong, None).is_err(), "{wrong}");
        }
    }
}
