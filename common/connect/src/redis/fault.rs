//! Whether an answer indicates a problem of the server.

use redis::{ErrorKind, RedisError, Value};

/// Whether another connection may work better: after a time-out, a broken connection, an unparsable answer, or an error
/// that concerns the server itself.
pub(super) fn speaks_against_server(error: &RedisError) -> bool {
    match error.kind() {
        ErrorKind::UnexpectedReturnType | ErrorKind::Client | ErrorKind::InvalidClientConfig => false,
        ErrorKind::Server(_) | ErrorKind::Extension => error.code().is_none_or(code_speaks_against_server),
        _ => true,
    }
}

/// The same for one answer of several.
pub(super) fn value_speaks_against_server(value: &Value) -> bool {
    match value {
        Value::ServerError(error) => code_speaks_against_server(error.code()),
        _ => false,
    }
}

/// The answer to one command of a pipeline that was sent alone. An error about its key stands beside the answers to the
/// others, as in a pipeline that was sent to one server.
pub(super) fn as_in_pipeline(answer: Result<Value, RedisError>) -> Result<Value, RedisError> {
    match answer {
        Err(error) if error.code() == Some("WRONGTYPE") => match error.clone().into_server_errors().as_deref() {
            Some([(_, server_error), ..]) => Ok(Value::ServerError(server_error.clone())),
            _ => Err(error),
        },
        answer => answer,
    }
}

/// Codes about the command do not affect the connection. All others are about the server: it is a replica (`READONLY`),
/// is starting (`LOADING`), has lost its primary or its cluster (`MASTERDOWN`, `CLUSTERDOWN`), has too few replicas
/// (`NOREPLICAS`), no disk (`MISCONF`) or no memory (`OOM`), was demoted during a blocking command (`UNBLOCKED`), or
/// requires authentication (`NOAUTH`). There may be another server at the same address by now.
fn code_speaks_against_server(code: &str) -> bool {
    !matches!(
        code,
        "ERR" | "WRONGTYPE" | "NOSCRIPT" | "EXECABORT" | "CROSSSLOT" | "NOPERM" | "TRYAGAIN"
    )
}

#[cfg(test)]
mod tests {
    use redis::{ErrorKind, RedisError};

    use super::{code_speaks_against_server, speaks_against_server};

    #[test]
    fn errors_of_the_server_close_the_connection_and_errors_of_a_command_do_not() {
        let late: RedisError = std::io::Error::from(std::io::ErrorKind::TimedOut).into();
        assert!(speaks_against_server(&late));
        assert!(speaks_against_server(&RedisError::from((ErrorKind::Parse, "rubbish"))));
        assert!(!speaks_against_server(&RedisError::from((
            ErrorKind::UnexpectedReturnType,
            "ours"
        ))));
        for code in [
            "READONLY",
            "LOADING",
            "MASTERDOWN",
            "CLUSTERDOWN",
            "NOREPLICAS",
            "MISCONF",
            "OOM",
            "UNBLOCKED",
        ] {
            assert!(code_speaks_against_server(code), "{code}");
        }
        for code in ["ERR", "WRONGTYPE", "NOPERM", "CROSSSLOT"] {
            assert!(!code_speaks_against_server(code), "{code}");
        }
    }
}
