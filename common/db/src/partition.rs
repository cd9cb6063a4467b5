//! Tables with a partition for each UTC day, which is dropped as a whole: creating, listing and dropping their
//! partitions.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{AssertSqlSafe, PgConnection};

use crate::error::AppResult;

/// A table that is partitioned by UTC day. The role that creates or drops a partition must own the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DailyTable {
    name: &'static str,
    /// Whether a default partition, `<name>_default`, takes rows of days without a partition of their own.
    has_default: bool,
}

/// Positions of buses, by the tracker's time.
pub const POSITIONS: DailyTable = DailyTable {
    name: "positions",
    has_default: false,
};

/// Jobs of the queue `geo` that are done, by when they ended.
pub const FINISHED_GEO_JOBS: DailyTable = DailyTable {
    name: "finished_jobs_geo",
    has_default: true,
};

/// Jobs of the other queues that are done, by when they ended.
pub const FINISHED_JOBS: DailyTable = DailyTable {
    name: "finished_jobs_other",
    has_default: true,
};

impl DailyTable {
    /// Name of a day's partition.
    fn partition(self, day: NaiveDate) -> String {
        format!("{}_{}", self.name, day.format("%Y%m%d"))
    }

    /// Those of these days that have no partition.
    ///
    /// # Errors
    /// Database errors only.
    pub async fn missing_days(self, conn: &mut PgConnection, days: &[NaiveDate]) -> AppResult<Vec<NaiveDate>> {
        let names: Vec<String> = days.iter().map(|day| self.partition(*day)).collect();
        // Not `to_regclass`: in the middle of a transaction it uses a cache that misses tables created by others.
        let missing = sqlx::query_scalar!(
            r#"select name as "name!" from unnest($2::text[]) as n (name)
               where not exists (
                   select from pg_inherits i join pg_class c on c.oid = i.inhrelid
                   where i.inhparent = $1::text::regclass and c.relname = n.name
               )"#,
            self.name,
            &names,
        )
        .fetch_all(conn)
        .await?;
        Ok(days
            .iter()
            .copied()
            .filter(|day| missing.contains(&self.partition(*day)))
            .collect())
    }

    /// Creates the partitions of days, unless they exist by now; returns how many. It must be the first statement of
    /// its transaction, so that no other lock is held while it waits. Days of which the default partition has rows are
    /// left to it.
    ///
    /// The table is created separately and then attached, which does not block reads and writes of other days. Like
    /// [`Self::drop_day`], it gives up after two seconds.
    ///
    /// # Errors
    /// Database errors; no partition was made then.
    pub async fn make_days(self, conn: &mut PgConnection, days: &[NaiveDate]) -> AppResult<usize> {
        sqlx::query!(
            "select pg_advisory_xact_lock(hashtextextended('partitions of ' || $1::text, 0))",
            self.name
        )
        .execute(&mut *conn)
        .await?;
        let mut missing = self.missing_days(conn, days).await?;
        if self.has_default && !missing.is_empty() {
            let taken = self.default_days(conn, &missing).await?;
            missing.retain(|day| !taken.contains(day));
        }
        let statements: Vec<String> = missing
            .iter()
            .filter_map(|day| Some((day, day.succ_opt()?)))
            .map(|(day, next)| {
                let (parent, name) = (self.name, self.partition(*day));
                format!(
                    "create table {name} (like {parent} including all);
                     alter table {parent} attach partition {name}
                         for values from ('{day} 00:00:00+00') to ('{next} 00:00:00+00');"
                )
            })
            .collect();
        // Names and bounds are made of constants and dates alone.
        let statements = format!("set local lock_timeout = '2s'; {}", statements.concat());
        sqlx::raw_sql(AssertSqlSafe(statements)).execute(conn).await?;
        Ok(missing.len())
    }

    /// Those of these days of which the default partition has rows.
    async fn default_days(self, conn: &mut PgConnection, days: &[NaiveDate]) -> AppResult<Vec<NaiveDate>> {
        let statement = format!(
            "select day from unnest($1::date[]) as d (day)
             where exists (select from {}_default
                           where finished_at >= day::timestamp at time zone 'UTC'
                             and finished_at < (day + 1)::timestamp at time zone 'UTC')",
            self.name
        );
        Ok(sqlx::query_scalar(AssertSqlSafe(statement))
            .bind(days)
            .fetch_all(conn)
            .await?)
    }

    /// Deletes at most `limit` rows of jobs that ended before an instant from the default partition, the oldest first;
    /// returns how many.
    ///
    /// # Errors
    /// Database errors; the table must have a default partition.
    pub async fn delete_strays(self, conn: &mut PgConnection, before: DateTime<Utc>, limit: i64) -> AppResult<u64> {
        let statement = format!(
            "delete from {0}_default where ctid = any(array(
                 select ctid from {0}_default where finished_at < $1
                 order by finished_at limit $2 for update skip locked
             ))",
            self.name
        );
        let deleted = sqlx::query(AssertSqlSafe(statement)).bind(before).bind(limit);
        Ok(deleted.execute(conn).await?.rows_affected())
    }

    /// Every day that has a partition.
    ///
    /// # Errors
    /// Database errors only.
    pub async fn days(self, conn: &mut PgConnection) -> AppResult<Vec<NaiveDate>> {
        let names = sqlx::query_scalar!(
            r#"select c.relname as "name!" from pg_inherits i join pg_class c on c.oid = i.inhrelid
               where i.inhparent = $1::text::regclass order by c.relname"#,
            self.name,
        )
        .fetch_all(conn)
        .await?;
        let day = |name: &String| {
            let day = name.strip_prefix(self.name)?.strip_prefix('_')?;
            NaiveDate::parse_from_str(day, "%Y%m%d").ok()
        };
        Ok(names.iter().filter_map(day).collect())
    }

    /// Drops the partition of a day with all that is in it. Gives up after two seconds rather than make others wait
    /// behind a long read.
    ///
    /// # Errors
    /// Database errors; the partition is still there then.
    pub async fn drop_day(self, conn: &mut PgConnection, day: NaiveDate) -> AppResult<()> {
        let statement = format!(
            "set local lock_timeout = '2s'; drop table if exists {};",
            self.partition(day)
        );
        sqlx::raw_sql(AssertSqlSafe(statement)).execute(conn).await?;
        Ok(())
    }
}
