//! Standard output. A reader that has heard enough (`admin ... | head`) is no error: the work is done by then.

use std::fmt::Display;
use std::io::Write as _;

/// Writes a text as it is.
pub fn say(text: impl Display) {
    let mut out = std::io::stdout().lock();
    let _closed = write!(out, "{text}").and_then(|()| out.flush());
}

/// Writes a line.
pub fn line(text: impl Display) {
    say(format_args!("{text}\n"));
}
