//! Standard output. A reader that stops reading (`admin ... | head`) is not an error: the work is done by then.

use std::fmt::Display;
use std::io::Write as _;

use chrono::{DateTime, SecondsFormat, Utc};

/// Writes a text as it is.
pub fn say(text: impl Display) {
    let mut out = std::io::stdout().lock();
    let _closed = write!(out, "{text}").and_then(|()| out.flush());
}

/// Writes a line.
pub fn line(text: impl Display) {
    say(format_args!("{text}\n"));
}

/// An instant as text; a dash if there is none.
pub fn instant(at: Option<DateTime<Utc>>) -> String {
    at.map_or_else(|| "-".to_owned(), |at| at.to_rfc3339_opts(SecondsFormat::Millis, true))
}
