//! Errors as one line and an exit code.

use std::error::Error;
use std::fmt;
use std::process::ExitCode;

use app::city::ImportCitiesError;
use app::error::AppError;
use app::timetable::{FetchImportError, ImportError};
use clients::gtfs_source::SourceError;
use config::ConfigError;

/// Result of a command.
pub type CliResult<T> = Result<T, CliError>;

/// Why a command did not succeed.
#[derive(Debug)]
pub enum CliError {
    /// Called wrongly: exit code 2.
    Usage(String),
    /// Refused or failed: exit code 1.
    Failed(String),
}

impl CliError {
    /// An error with its causes, in one line.
    pub fn failed(error: &dyn Error) -> Self {
        let mut text = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            let more = error.to_string();
            if !text.contains(&more) {
                text = format!("{text}: {more}");
            }
            cause = error.source();
        }
        Self::Failed(text)
    }

    /// The exit code.
    pub fn code(&self) -> ExitCode {
        match self {
            Self::Usage(_) => ExitCode::from(2),
            Self::Failed(_) => ExitCode::from(1),
        }
    }
}

impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(text) | Self::Failed(text) => f.write_str(text),
        }
    }
}

impl From<ConfigError> for CliError {
    fn from(error: ConfigError) -> Self {
        Self::Usage(error.to_string())
    }
}

impl From<AppError> for CliError {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Validation(fields) => {
                let fields: Vec<String> = fields.iter().map(|e| format!("{}: {}", e.field, e.message)).collect();
                Self::Usage(fields.join("; "))
            }
            other => Self::failed(&other),
        }
    }
}

impl From<ImportError> for CliError {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::App(error) => error.into(),
            ImportError::Strict(findings) => {
                let mut text = format!("feed refused (strict), {} rejected rows", findings.flaws.len());
                for flaw in findings.flaws.iter().take(100) {
                    text = format!("{text}\n  {flaw}");
                }
                Self::Failed(text)
            }
            refused => Self::failed(&refused),
        }
    }
}

impl From<FetchImportError> for CliError {
    fn from(error: FetchImportError) -> Self {
        match error {
            FetchImportError::Source(error) => error.into(),
            FetchImportError::Import(error) => error.into(),
        }
    }
}

impl From<ImportCitiesError> for CliError {
    fn from(error: ImportCitiesError) -> Self {
        match error {
            ImportCitiesError::App(error) => error.into(),
            refused => Self::failed(&refused),
        }
    }
}

macro_rules! failures {
    ($($error:ty),*) => {$(
        impl From<$error> for CliError {
            fn from(error: $error) -> Self {
                Self::failed(&error)
            }
        }
    )*};
}

impl From<connect::postgres::Error> for CliError {
    fn from(error: connect::postgres::Error) -> Self {
        match error {
            connect::postgres::Error::Configuration(problem) => Self::Usage(problem.to_string()),
            other => Self::failed(&other),
        }
    }
}

failures!(
    ledger::Error,
    SourceError,
    connect::SettingError,
    std::io::Error,
    serde_json::Error
);
