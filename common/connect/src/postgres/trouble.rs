//! Why the database refuses a correct statement: it is unavailable, or another transaction is in the way. Everything
//! else is a bug.

use std::fmt;

use super::Error;

/// A transient error: a retry may succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The connection was lost or could not be made: the server is ending, starting, full, gone, or a standby.
    Away,
    /// All connections of this process were in use.
    PoolTimedOut,
    /// Other transactions were in the way: a deadlock, a lock that was not available, a serialization failure.
    Collision,
    /// A statement exceeded its time limit, or was canceled.
    TooSlow,
}

impl Trouble {
    /// Whether the work that failed did not cause it. Only a statement that exceeds its time limit may be slow by
    /// itself.
    #[must_use]
    pub const fn is_blameless(self) -> bool {
        !matches!(self, Self::TooSlow)
    }

    /// What has happened, as a part of a sentence.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Away => "the database cannot be reached",
            Self::PoolTimedOut => "no database connection became free in time",
            Self::Collision => "other transactions were in the way",
            Self::TooSlow => "a statement took too long",
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

/// The kind of trouble that an error reports; `None` if it is not transient.
#[must_use]
pub fn trouble(error: &Error) -> Option<Trouble> {
    match error {
        // A broken connection: the response was not what the protocol expects.
        Error::Io(_) | Error::Tls(_) | Error::Protocol(_) | Error::PoolClosed | Error::BeginFailed => {
            Some(Trouble::Away)
        }
        Error::PoolTimedOut => Some(Trouble::PoolTimedOut),
        Error::Database(error) => of_code(&error.code()?),
        _ => None,
    }
}

/// Classifies an SQLSTATE (appendix A of PostgreSQL's manual).
fn of_code(code: &str) -> Option<Trouble> {
    match code {
        "57014" => Some(Trouble::TooSlow),
        "40001" | "40P01" | "55P03" => Some(Trouble::Collision),
        // A standby; a transaction that was ended because it was idle or took too long; one that an earlier error has
        // aborted.
        "25006" | "25P02" | "25P03" | "25P04" => Some(Trouble::Away),
        // Errors at connection: the role or the database does not exist (yet), or accepts no connections.
        "28000" | "28P01" | "3D000" | "55000" => Some(Trouble::Away),
        // The disk of the server.
        "58000" | "58030" => Some(Trouble::Away),
        // Connection exceptions, and what poolers say; insufficient resources; operator intervention.
        _ if ["08", "53", "57P"].iter().any(|class| code.starts_with(class)) => Some(Trouble::Away),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::{Error, Trouble, of_code, trouble};

    #[test]
    fn every_loss_of_a_connection_is_trouble() {
        for code in [
            "57P01", "57P02", "57P03", "57P04", "57P05", "08000", "08001", "08003", "08004", "08006", "08007", "08P01",
            "53000", "53100", "53200", "53300", "53400", "25006", "25P02", "25P03", "25P04", "28000", "28P01", "3D000",
            "55000", "58000", "58030",
        ] {
            assert_eq!(of_code(code), Some(Trouble::Away), "{code}");
        }
        for error in [
            Error::Io(io::ErrorKind::UnexpectedEof.into()),
            Error::Io(io::ErrorKind::ConnectionReset.into()),
            Error::Tls("closed".into()),
            Error::Protocol("expected a message, got none".to_owned()),
            Error::PoolClosed,
            Error::BeginFailed,
        ] {
            assert_eq!(trouble(&error), Some(Trouble::Away), "{error}");
        }
        assert_eq!(trouble(&Error::PoolTimedOut), Some(Trouble::PoolTimedOut));
    }

    #[test]
    fn collisions_and_slowness_are_distinguished() {
        for code in ["40001", "40P01", "55P03"] {
            assert_eq!(of_code(code), Some(Trouble::Collision), "{code}");
        }
        assert_eq!(of_code("57014"), Some(Trouble::TooSlow));
        assert!(!Trouble::TooSlow.is_blameless() && Trouble::Away.is_blameless());
    }

    #[test]
    fn an_internal_error_is_no_trouble() {
        for code in ["42601", "42P01", "42703", "23505", "23P01", "22003", "XX000", "0A000"] {
            assert_eq!(of_code(code), None, "{code}");
        }
        for error in [
            Error::RowNotFound,
            Error::Decode("a number".into()),
            Error::ColumnNotFound("id".to_owned()),
        ] {
            assert_eq!(trouble(&error), None, "{error}");
        }
    }
}
