//! Injects faults and undoes them.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ledger::delivery::Delivery;
use ledger::id::JobId;
use simulators::{smtp, viber};
use testing::proxy::Manner;
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

use crate::error::Result;
use crate::plan::{Fault, PROGRAMS, Planned};
use crate::stage::Stage;

/// Delay of each piece of data in a slow Redis.
const SLOW: Duration = Duration::from_millis(400);

/// Time between two deliveries of entries that Redis brings back: short enough that each running job is delivered again
/// several times, long enough that the lists do not fill up.
const REPEATING: Duration = Duration::from_millis(200);

/// A status with which the Viber provider reports an internal error of its own.
const VIBER_ERROR: i64 = 999;

/// Why a fault was not tried.
const NOT_RUNNING: &str = "It was not running at that moment.";
const NO_ANSWER: &str = "The server did not answer; another fault may have stopped it.";
const NOT_STOPPED: &str = "PostgreSQL is gone or of another user, or its process or its children are not known.";

/// File that fills the report store.
const BALLAST: &str = "ballast";

/// Bytes of it that are written at a time.
const PIECE: usize = 64 << 10;

impl Stage {
    /// Injects a fault at its time, and undoes it when it is over.
    ///
    /// # Errors
    /// When it cannot be injected: nothing would be tested, so the run must not pass. Only what another fault or the
    /// machine may prevent is noted instead.
    pub async fn inject(&self, planned: Planned) -> Result<()> {
        tokio::time::sleep(planned.at).await;
        let over = || tokio::time::sleep(planned.lasts);
        let tried = |is_tried, why| self.notes.unless(is_tried, planned.fault, why);
        match planned.fault {
            Fault::Kill(name) => tried(self.program(name)?.0.signal("KILL").await?, NOT_RUNNING),
            Fault::Stop(name) => {
                let (program, _) = self.program(name)?;
                tried(program.signal("STOP").await?, NOT_RUNNING);
                over().await;
                program.signal("CONT").await?;
            }
            Fault::RollingRestart => {
                for name in PROGRAMS {
                    self.restart(name).await?;
                }
            }
            Fault::RedisAway => {
                self.redis.program.want(false);
                over().await;
                self.redis.program.want(true);
            }
            Fault::RedisRestarted => tried(self.redis.program.signal("KILL").await?, NOT_RUNNING),
            Fault::RedisFlushed => tried(self.redis.ask(&["FLUSHALL"]).await.is_ok(), NO_ANSWER),
            Fault::RedisRepeats => {
                // Jobs of e-mails are running for as long as this lasts, and fail when it ends.
                let held = self.while_mail(smtp::Fault::HangAtReceiver, planned.lasts);
                let list = planned.fault.held_queue().map(|queue| format!("jobs:{queue}"));
                let repeating = self.repeat_entries(planned.lasts, list.as_deref());
                let ((), repeated) = tokio::join!(held, repeating);
                tried(
                    repeated? > 0,
                    "No e-mail was being sent, so no entry of such a job was brought back.",
                );
            }
            Fault::RedisFull => {
                let is_full = self.redis.ask(&["CONFIG", "SET", "maxmemory", "1"]).await.is_ok();
                tried(is_full, NO_ANSWER);
                over().await;
                drop(self.redis.ask(&["CONFIG", "SET", "maxmemory", "0"]).await);
            }
            Fault::RedisSlow => self.while_proxy(Manner::Slow(SLOW), planned.lasts).await,
            Fault::RedisHalfOpen => self.while_proxy(Manner::HalfOpen, planned.lasts).await,
            Fault::PostgresRestarted => self.restart_postgres().await?,
            Fault::PostgresSilent => tried(self.silence_postgres(planned.lasts).await?, NOT_STOPPED),
            Fault::BackendsTerminated => tried(self.terminate_backends().await, NO_ANSWER),
            Fault::StoreFull => {
                let hindrance = Hindrance::put(&self.store, self.store_size).await?;
                over().await;
                hindrance.remove().await?;
            }
            Fault::MailStalls => self.while_mail(smtp::Fault::HangAtReceiver, planned.lasts).await,
            Fault::MailUnanswered => self.while_mail(smtp::Fault::Hang, planned.lasts).await,
            Fault::ViberTooMany => {
                let fault = viber::Fault::Status {
                    status: 429,
                    retry_after: Some(1),
                };
                self.while_viber(fault, planned.lasts).await;
            }
            Fault::ViberFails => {
                let fault = viber::Fault::Status {
                    status: 500,
                    retry_after: None,
                };
                self.while_viber(fault, planned.lasts).await;
            }
            Fault::ViberSilent => self.while_viber(viber::Fault::Hang, planned.lasts).await,
            Fault::ViberErrorInside => {
                let fault = viber::Fault::Body { status: VIBER_ERROR };
                self.while_viber(fault, planned.lasts).await;
            }
        }
        Ok(())
    }

    /// Undoes what overlapping faults may have left.
    ///
    /// # Errors
    /// When something cannot be undone.
    pub async fn heal(&self) -> Result<()> {
        for program in self.programs() {
            program.signal("CONT").await?;
        }
        self.proxy.behave(Manner::Passing);
        self.redis.program.want(true);
        self.mail.outage(None);
        self.viber.outage(None);
        while !self.redis.program.runs() || self.redis.ask(&["CONFIG", "SET", "maxmemory", "0"]).await.is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        while self.programs().any(|program| !program.runs()) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }

    async fn while_proxy(&self, manner: Manner, lasts: Duration) {
        self.proxy.behave(manner);
        tokio::time::sleep(lasts).await;
        self.proxy.behave(Manner::Passing);
    }

    /// Delivers each running job again, several times a second; returns how many entries of the list `held` that were:
    /// others are of jobs that end at once. No other fault of the round has stopped Redis or PostgreSQL, so an error
    /// ends the run.
    async fn repeat_entries(&self, lasts: Duration, held: Option<&str>) -> Result<usize> {
        let running = "select 'jobs:' || queue, id, attempt from jobs where state = 'running' limit 100";
        let end = Instant::now() + lasts;
        let mut repeated = 0;
        while Instant::now() < end {
            let entries: Vec<(String, Uuid, i16)> = sqlx::query_as(running).fetch_all(&self.pool).await?;
            for (list, id, attempt) in &entries {
                // As the relay wrote it: workers ignore what is not an entry.
                let entry = Delivery {
                    job_id: JobId(*id),
                    attempt: attempt - 1,
                };
                self.redis.ask(&["RPUSH", list, &entry.to_string()]).await?;
            }
            repeated += count_of(&entries, held);
            tokio::time::sleep(REPEATING).await;
        }
        Ok(repeated)
    }

    async fn while_mail(&self, fault: smtp::Fault, lasts: Duration) {
        self.mail.outage(Some(fault));
        tokio::time::sleep(lasts).await;
        self.mail.outage(None);
    }

    async fn while_viber(&self, fault: viber::Fault, lasts: Duration) {
        self.viber.outage(Some(fault));
        tokio::time::sleep(lasts).await;
        self.viber.outage(None);
    }
}

/// How many of these entries, each after its list, are of this list.
fn count_of(entries: &[(String, Uuid, i16)], list: Option<&str>) -> usize {
    entries.iter().filter(|(of, ..)| Some(of.as_str()) == list).count()
}

/// What keeps the report store from accepting files.
enum Hindrance {
    /// A file that fills the store, which is a small file system.
    Ballast(PathBuf),
    /// A file in the place of the store, which is an ordinary folder and was renamed.
    File { store: PathBuf, away: PathBuf },
}

impl Hindrance {
    /// Puts it into a store that is a file system of `size` bytes, or an ordinary folder if that is 0.
    async fn put(store: &Path, size: usize) -> Result<Self> {
        if size > 0 {
            let ballast = store.join(BALLAST);
            let mut file = tokio::fs::File::create(&ballast).await?;
            let piece = vec![0; PIECE];
            let mut taken = 0;
            // What is written is more than fits at the end.
            while taken <= size {
                let written = file.write_all(&piece).await;
                if written.is_err() || file.flush().await.is_err() {
                    return Ok(Self::Ballast(ballast));
                }
                taken += piece.len();
            }
            tokio::fs::remove_file(&ballast).await?;
        }
        let away = store.with_extension("away");
        tokio::fs::rename(store, &away).await?;
        tokio::fs::write(store, b"").await?;
        Ok(Self::File {
            store: store.to_owned(),
            away,
        })
    }

    async fn remove(self) -> Result<()> {
        match self {
            Self::Ballast(ballast) => tokio::fs::remove_file(ballast).await?,
            Self::File { store, away } => {
                tokio::fs::remove_file(&store).await?;
                tokio::fs::rename(away, store).await?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::count_of;

    #[test]
    fn entries_of_other_queues_do_not_count_as_brought_back() {
        let entries = ["jobs:sweep", "jobs:email", "jobs:email"].map(|list| (list.to_owned(), Uuid::nil(), 1));
        assert_eq!(count_of(&entries, Some("jobs:email")), 2);
        assert_eq!(count_of(&entries[..1], Some("jobs:email")), 0);
    }
}
