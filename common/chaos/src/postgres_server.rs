//! Faults of PostgreSQL. It runs under a supervisor, which starts it again when it has ended.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;
use tokio::time::Instant;

use crate::error::{Error, Result};
use crate::program::send;
use crate::stage::Stage;

/// How long its supervisor may take to start it again. A suspended PostgreSQL ends only after it resumes.
const RESTARTING: Duration = Duration::from_secs(60);

/// Interval between two checks whether it was started again.
const PERIOD: Duration = Duration::from_millis(50);

/// Stops process $1 and its children, and continues them after $2 seconds. The parent is stopped first, so that it
/// begins no others. The script continues even if this program is interrupted, or PostgreSQL would stay stopped. It
/// fails when the process may not be stopped, or its children are not known: these would keep running.
const SILENCE: &str = r#"
    trap '' INT TERM HUP
    kill -s STOP "$1" || exit 1
    sleep 0.1
    children=$(cat "/proc/$1/task/$1/children") && [ -n "$children" ] || { kill -s CONT "$1"; exit 1; }
    all="$1 $children"
    kill -s STOP $all
    sleep "$2"
    kill -s CONT $all
    exit 0
"#;

impl Stage {
    /// Shuts PostgreSQL down as by a crash, and waits until it answers again.
    ///
    /// # Errors
    /// When it was not restarted, or does not answer.
    pub(crate) async fn restart_postgres(&self) -> Result<()> {
        restart(&self.postgres, RESTARTING).await?;
        self.database_time().await?;
        Ok(())
    }

    /// Stops PostgreSQL for this time. Returns whether it could be stopped.
    ///
    /// # Errors
    /// When `sh` cannot be run, or there is no file with the process id.
    pub(crate) async fn silence_postgres(&self, lasts: Duration) -> Result<bool> {
        let Some(pid) = process_id(&self.postgres).await? else {
            return Ok(false);
        };
        let stopped = Command::new("sh")
            .args(["-c", SILENCE, "silence", &pid.to_string(), &lasts.as_secs().to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .await?;
        Ok(stopped.success())
    }

    /// Ends every connection to the database. Returns whether it could: another fault may have stopped PostgreSQL.
    pub(crate) async fn terminate_backends(&self) -> bool {
        let ended = "select count(pg_terminate_backend(pid)) from pg_stat_activity
                     where datname = current_database() and pid <> pg_backend_pid()";
        sqlx::query(ended).execute(&self.pool).await.is_ok()
    }
}

/// Ends the process that a file names, and waits until the file names another one. Without this, a signal that reaches
/// nothing, because the process is not known or of another user, would pass for a restart.
async fn restart(file: &Path, within: Duration) -> Result<()> {
    let failed = |why: String| Error::NotInjected(format!("PostgreSQL was not restarted: {why}"));
    let before = process_id(file).await?;
    let before = before.ok_or_else(|| failed("its process is not known".to_owned()))?;
    send("QUIT", before).await?;
    let ends = Instant::now() + within;
    // While the file is written, it names none.
    while process_id(file).await?.is_none_or(|now| now == before) {
        if Instant::now() > ends {
            return Err(failed(format!("no process has followed process {before}")));
        }
        tokio::time::sleep(PERIOD).await;
    }
    Ok(())
}

/// The process id in a file.
async fn process_id(file: &Path) -> Result<Option<u32>> {
    let process = tokio::fs::read_to_string(file).await?;
    Ok(process.split_whitespace().next().and_then(|number| number.parse().ok()))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::process::{Child, Command};
    use std::time::Duration;

    use super::{SILENCE, restart};

    fn sleeper() -> Child {
        Command::new("sleep").arg("60").spawn().unwrap()
    }

    /// A file that names a process as the supervisor does: its id, and when it was started.
    fn file(name: &str, text: &str) -> PathBuf {
        let file = std::env::temp_dir().join(format!("chaos-{name}-{}", std::process::id()));
        std::fs::write(&file, text).unwrap();
        file
    }

    async fn refusal(file: PathBuf) -> String {
        let restarted = restart(&file, Duration::ZERO).await;
        std::fs::remove_file(file).unwrap();
        restarted.unwrap_err().to_string()
    }

    #[tokio::test]
    async fn a_restart_of_an_unknown_process_is_an_error() {
        let told = refusal(file("unknown", "")).await;
        assert!(told.ends_with("its process is not known"), "{told}");
    }

    #[tokio::test]
    async fn a_restart_that_no_process_follows_is_an_error() {
        let mut alone = sleeper();
        let told = refusal(file("alone", &format!("{} 1\n", alone.id()))).await;
        alone.kill().unwrap();
        alone.wait().unwrap();
        assert!(told.contains("no process has followed"), "{told}");
    }

    #[tokio::test]
    async fn a_restart_is_over_when_another_process_has_followed() {
        let mut before = sleeper();
        let file = file("followed", &format!("{} 1\n", before.id()));
        let (restarted, ()) = tokio::join!(restart(&file, Duration::from_secs(60)), async {
            tokio::task::spawn_blocking(move || before.wait())
                .await
                .unwrap()
                .unwrap();
            std::fs::write(&file, format!("{} 2\n", std::process::id())).unwrap();
        });
        std::fs::remove_file(&file).unwrap();
        restarted.unwrap();
    }

    #[test]
    fn a_process_whose_children_are_not_known_is_not_stopped() {
        let mut alone = sleeper();
        let process = alone.id().to_string();
        let silenced = Command::new("sh")
            .args(["-c", SILENCE, "silence", &process, "0"])
            .status();
        let state = std::fs::read_to_string(format!("/proc/{process}/stat"));
        alone.kill().unwrap();
        alone.wait().unwrap();
        assert!(!silenced.unwrap().success());
        let state = state.unwrap();
        assert!(!state.contains(") T "), "{state}");
    }
}
