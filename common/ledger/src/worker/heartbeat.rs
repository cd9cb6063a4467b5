//! Shows other processes that this one is alive, and learns when it has been given up.
//!
//! The heartbeat has a thread and two connections of its own. Handlers that use up the processors, the pool or the
//! runtime do not make the process look dead; neither does the loss of one connection, or a database that takes seconds
//! to accept the next: the other connection continues to beat meanwhile. Both hold the lock that shows that the process
//! exists even when it is too slow to beat (`db/process.rs`).
//!
//! Most of the time most processes have nothing to do. One without jobs beats half as often: the scheduler counts its
//! silence from its last beat, so one that dies right after it has claimed a job is found no later.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use connect::postgres::connect_alone;
use kernel::chain;
use kernel::clock::Clock;
use secrecy::{ExposeSecret, SecretString};
use sqlx::PgConnection;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use super::WorkerError;
use crate::id::ProcessId;
use crate::process;

/// Time between two beats of a process that holds jobs.
const PERIOD: Duration = Duration::from_secs(1);

/// Time between two beats of a process that holds no jobs. A scheduler that resumes after a pause gives a process that
/// exists three seconds to beat again, so this must be well below. The second connection takes over a period and a
/// pause after this, well before [`LIFE`].
const IDLE_PERIOD: Duration = Duration::from_secs(2);

/// Time between two beats on the second connection, as long as those on the first are recorded: often enough to know
/// that it works.
const STANDBY: Duration = Duration::from_secs(10);

/// What connecting may take; nothing else waits for it.
const CONNECTING: Duration = Duration::from_secs(15);

/// What one beat may take on an open connection, before the connection counts as broken. A suspended database answers
/// when it is resumed, and closing the connection would free the lock.
const ANSWERING: Duration = Duration::from_secs(10);

/// Pause after a connection failed.
const PAUSE: Duration = Duration::from_millis(250);

/// After this time without a beat this process may be given up at any moment, and takes no more jobs.
const LIFE: Duration = Duration::from_secs(5);

/// When the last beat was recorded, and how often one is due; shared with the intake and the readiness check.
#[derive(Debug)]
pub struct Pulse {
    start: Instant,
    last_millis: AtomicU64,
    is_silent: AtomicBool,
    has_jobs: AtomicBool,
}

impl Pulse {
    fn new() -> Self {
        Self {
            start: Instant::now(),
            last_millis: AtomicU64::new(0),
            is_silent: AtomicBool::new(false),
            has_jobs: AtomicBool::new(false),
        }
    }

    /// Notes whether this process holds jobs.
    pub fn note_jobs(&self, has_jobs: bool) {
        self.has_jobs.store(has_jobs, Ordering::Relaxed);
    }

    /// Time between two beats.
    fn period(&self) -> Duration {
        if self.has_jobs.load(Ordering::Relaxed) {
            PERIOD
        } else {
            IDLE_PERIOD
        }
    }

    /// Notes that a beat that left at `sent` was recorded.
    fn note(&self, sent: Instant) {
        let millis = sent.saturating_duration_since(self.start).as_millis();
        self.last_millis
            .fetch_max(u64::try_from(millis).unwrap_or(u64::MAX), Ordering::Relaxed);
        if self.is_silent.swap(false, Ordering::Relaxed) {
            tracing::info!("heartbeat recorded again");
        }
    }

    fn note_silence(&self, problem: &str) {
        if !self.is_fresh() && !self.is_silent.swap(true, Ordering::Relaxed) {
            tracing::warn!(error = problem, "could not record the heartbeat");
        }
    }

    /// Whether other processes still consider this one alive.
    pub fn is_fresh(&self) -> bool {
        self.age() < LIFE
    }

    /// Time since the last beat.
    fn age(&self) -> Duration {
        let last = Duration::from_millis(self.last_millis.load(Ordering::Relaxed));
        self.start.elapsed().saturating_sub(last)
    }
}

/// The heartbeat of this process. It ends when dropped.
#[derive(Debug)]
pub struct Heartbeat {
    /// The id of the process in the ledger.
    pub process_id: ProcessId,
    /// Its pulse.
    pub pulse: Arc<Pulse>,
    /// Cancelled when this process has been given up, or the heartbeat itself has failed. The process then holds no
    /// jobs and must end.
    pub given_up: CancellationToken,
    stop: CancellationToken,
}

impl Heartbeat {
    /// Adds this process to the ledger under `name` and begins to beat. Each beat corrects `clock`.
    ///
    /// # Errors
    /// When the database does not answer or the thread cannot be started.
    pub async fn start(database_url: SecretString, name: &str, clock: Clock) -> Result<Self, WorkerError> {
        let pulse = Arc::new(Pulse::new());
        let (given_up, stop) = (CancellationToken::new(), CancellationToken::new());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (entered, entering) = oneshot::channel();
        let beating = {
            let (name, pulse) = (name.to_owned(), Arc::clone(&pulse));
            let (given_up, stop) = (given_up.clone(), stop.clone());
            async move {
                match enter(&database_url, &name).await {
                    Ok((conn, process_id)) => {
                        pulse.note(Instant::now());
                        if entered.send(Ok(process_id)).is_err() {
                            return;
                        }
                        let beater = |conn, is_standby| Beater {
                            database_url: &database_url,
                            process_id,
                            clock: &clock,
                            pulse: &pulse,
                            given_up: &given_up,
                            is_standby,
                            conn,
                            is_held: false,
                        };
                        let (first, second) = (beater(Some(conn), false), beater(None, true));
                        let both = async { tokio::join!(first.beat(), second.beat()) };
                        stop.run_until_cancelled(Box::pin(both)).await;
                    }
                    // It cannot be delivered if the caller has stopped waiting.
                    Err(error) => drop(entered.send(Err(error))),
                }
            }
        };
        let guard = given_up.clone().drop_guard();
        std::thread::Builder::new()
            .name("heartbeat".to_owned())
            .spawn(move || {
                let _guard = guard;
                runtime.block_on(beating);
            })?;
        let process_id = entering.await.map_err(|_| WorkerError::GivenUp)??;
        Ok(Self {
            process_id,
            pulse,
            given_up,
            stop,
        })
    }
}

impl Drop for Heartbeat {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

async fn enter(database_url: &SecretString, name: &str) -> Result<(PgConnection, ProcessId), WorkerError> {
    let mut conn = connect_alone(database_url.expose_secret())
        .await
        .map_err(WorkerError::Connect)?;
    let process_id = process::enter_on(&mut conn, name).await?;
    Ok((conn, process_id))
}

/// One of the two connections that beat.
struct Beater<'a> {
    database_url: &'a SecretString,
    process_id: ProcessId,
    clock: &'a Clock,
    pulse: &'a Pulse,
    given_up: &'a CancellationToken,
    /// Whether it beats rarely while the other one's beats are recorded.
    is_standby: bool,
    conn: Option<PgConnection>,
    is_held: bool,
}

impl Beater<'_> {
    /// Beats until the process is given up.
    async fn beat(mut self) {
        loop {
            let sent = Instant::now();
            let pause = match self.beat_once().await {
                Ok(true) => {
                    self.pulse.note(sent);
                    self.rest().await;
                    continue;
                }
                Ok(false) => {
                    self.given_up.cancel();
                    return;
                }
                Err(problem) => {
                    self.conn = None;
                    self.is_held = false;
                    self.pulse.note_silence(&problem);
                    PAUSE
                }
            };
            tokio::time::sleep(pause).await;
        }
    }

    /// Waits until the next beat is due: after its period, or sooner when no beat of the other one was recorded lately.
    async fn rest(&self) {
        let start = Instant::now();
        loop {
            tokio::time::sleep(PERIOD).await;
            // Jobs may have been claimed meanwhile.
            let due_after = self.pulse.period();
            let own = if self.is_standby { STANDBY } else { due_after };
            if !self.is_held || start.elapsed() >= own || self.pulse.age() >= due_after + PAUSE {
                return;
            }
        }
    }

    async fn beat_once(&mut self) -> Result<bool, String> {
        let conn = match &mut self.conn {
            Some(conn) => conn,
            None => {
                let connecting = connect_alone(self.database_url.expose_secret());
                let connected = tokio::time::timeout(CONNECTING, connecting).await;
                let conn = connected
                    .map_err(|_| "no connection in time".to_owned())?
                    .map_err(|error| chain(&error))?;
                self.conn.insert(conn)
            }
        };
        let (is_held, clock) = (&mut self.is_held, self.clock);
        let beating = async {
            let beaten = process::beat(conn, self.process_id).await?;
            if let Some(sample) = beaten {
                clock.correct(sample);
            }
            if !*is_held {
                process::beat_lightly(conn).await?;
                *is_held = process::hold(conn, self.process_id).await?;
            }
            Ok(beaten.is_some())
        };
        tokio::time::timeout(ANSWERING, beating)
            .await
            .map_err(|_| "no answer in time".to_owned())?
            .map_err(|error: crate::Error| chain(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::{IDLE_PERIOD, PERIOD, Pulse};

    #[test]
    fn a_process_beats_more_rarely_only_while_it_holds_no_jobs() {
        let pulse = Pulse::new();
        assert_eq!(pulse.period(), IDLE_PERIOD);
        pulse.note_jobs(true);
        assert_eq!(pulse.period(), PERIOD);
        pulse.note_jobs(false);
        assert_eq!(pulse.period(), IDLE_PERIOD);
    }
}
