//! The time of a process: that of the database, independent of the machine's clock. It is measured at the start and
//! every five seconds from then on; in between, and while the database is away, the machine's monotonic clock counts
//! on. The heartbeats of a worker bring the time along, so that it rarely has to ask.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use connect::postgres::{Limits, answered};
use kernel::clock::{Clock, Sample};
use sqlx::{PgConnection, PgPool};

/// Time between two readings of the database's clock.
const PERIOD: Duration = Duration::from_secs(5);

/// Readings at the start: the first takes longer than others, and each one makes the result more exact.
const FIRST_LOOKS: usize = 4;

/// The smallest difference that is logged.
const NOTABLE: TimeDelta = TimeDelta::seconds(1);

/// A clock that follows the database's, measured now.
///
/// # Errors
/// Database errors only.
pub async fn of_database(pool: &PgPool) -> Result<Clock, sqlx::Error> {
    let mut conn = pool.acquire().await?;
    let clock = Clock::measured(look(&mut conn).await?);
    for _ in 1..FIRST_LOOKS {
        clock.correct(look(&mut conn).await?);
    }
    Ok(clock)
}

/// Keeps a clock in step with that of the database until shutdown. While the database does not answer, the clock
/// advances by itself.
pub async fn keep(pool: PgPool, clock: Clock) {
    let mut machine = Machine::default();
    loop {
        machine.compare(&clock);
        tokio::time::sleep(PERIOD).await;
        if !clock.was_read_within(PERIOD / 2) {
            read(&pool, &clock).await;
        }
        let moved = clock.take_moved();
        if moved.abs() > NOTABLE {
            let seconds = moved.as_seconds_f64();
            tracing::warn!(
                seconds,
                "the database clock jumped, or this process was suspended; following the database clock"
            );
        }
    }
}

/// Corrects the clock, if the database answers. A lack of connections is reported elsewhere.
async fn read(pool: &PgPool, clock: &Clock) {
    let reading = async { look(&mut *pool.acquire().await?).await };
    if let Ok(sample) = answered(Limits::JOBS, reading).await {
        clock.correct(sample);
    }
}

async fn look(conn: &mut PgConnection) -> Result<Sample, sqlx::Error> {
    let before = Instant::now();
    let said = connect::postgres::database_time(conn).await?;
    Ok(Sample {
        before,
        said,
        after: Instant::now(),
    })
}

/// The clock of the machine, used only for log lines, certificates and signatures of requests to stores.
#[derive(Default)]
struct Machine {
    differs: bool,
}

impl Machine {
    /// Logs once that it differs, and once that it agrees again.
    fn compare(&mut self, clock: &Clock) {
        let ahead = Clock::system().now() - clock.now();
        let differs = ahead.abs() > NOTABLE;
        if differs && !self.differs {
            let seconds_ahead = ahead.as_seconds_f64();
            tracing::error!(
                seconds_ahead,
                "machine clock differs from the database clock; using the database clock, set the machine clock"
            );
        } else if !differs && self.differs {
            tracing::info!("machine clock agrees with the database clock again");
        }
        self.differs = differs;
    }
}
