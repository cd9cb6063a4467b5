//! Uploads of timetables by companies: status, phases of the import, and where the archive is stored. The import itself
//! is in `app::timetable`.

use std::fmt;
use std::str::FromStr;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::id::{CompanyId, TimetableUploadId};
use crate::language::{UnknownWord, words};

words! {
    /// Status of an upload.
    UploadStatus, "Receiving Checking Ready Refused Publishing Published Failed" {
        /// Its archive is being received; it is not listed.
        Receiving = "Receiving",
        /// It is being previewed.
        Checking = "Checking",
        /// It was previewed and can be published.
        Ready = "Ready",
        /// The feed cannot be used.
        Refused = "Refused",
        /// It is being imported.
        Publishing = "Publishing",
        /// It was imported.
        Published = "Published",
        /// The platform could not check or publish it.
        Failed = "Failed",
    }
}

words! {
    /// How a timetable was uploaded.
    UploadKind, "Upload Undo" {
        /// An archive.
        Upload = "Upload",
        /// The timetable that was published before.
        Undo = "Undo",
    }
}

words! {
    /// The phase of a preview or an import.
    UploadPhase, "Waiting Reading Comparing Writing Tickets Done" {
        /// It has not begun.
        Waiting = "Waiting",
        /// The files are read and checked.
        Reading = "Reading",
        /// The timetable is compared with the stored one.
        Comparing = "Comparing",
        /// The difference is written.
        Writing = "Writing",
        /// Sold departures are matched with the timetable.
        Tickets = "Tickets",
        /// It has ended.
        Done = "Done",
    }
}

impl UploadPhase {
    /// Progress in percent when the phase begins.
    #[must_use]
    pub const fn percent(self) -> i16 {
        match self {
            Self::Waiting => 0,
            Self::Reading => 5,
            Self::Comparing => 40,
            Self::Writing => 55,
            Self::Tickets => 85,
            Self::Done => 100,
        }
    }
}

/// How long an archive is kept, from its upload.
pub const KEPT: TimeDelta = TimeDelta::days(30);

/// After this time an upload that is still being received was abandoned, because its process ended: requests end
/// sooner.
pub const ABANDONED_AFTER: TimeDelta = TimeDelta::minutes(30);

/// Uploads of a company that may be received at a time; fewer than an API process receives, so that one company leaves
/// room for others.
pub const RECEIVED_AT_A_TIME: i64 = 2;

/// Uploads of a company that may be received or checked at a time.
pub const AT_A_TIME: i64 = 5;

/// Where everything of an upload is in the store.
#[must_use]
pub fn folder(company_id: CompanyId, id: TimetableUploadId) -> String {
    format!("timetables/{company_id}/{id}")
}

/// The key of its archive.
#[must_use]
pub fn object_key(company_id: CompanyId, id: TimetableUploadId) -> String {
    format!("{}/feed.zip", folder(company_id, id))
}
