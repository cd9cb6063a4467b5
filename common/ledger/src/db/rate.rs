//! Number of jobs done in the last minutes.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::error::Result;
use crate::job::Queue;

/// Minutes that are counted.
pub const MINUTES: usize = 30;

/// Number of jobs done in each of the last [`MINUTES`] minutes, for each of these queues, in their order. A row has the
/// oldest minute first; the last one ends now. Only the latest 300,000 jobs of all queues together are counted; with
/// more, the counts of the oldest minutes are too low.
///
/// # Errors
/// Database errors only.
pub async fn done_per_minute(conn: &mut PgConnection, queues: &[Queue], now: DateTime<Utc>) -> Result<Vec<Vec<i64>>> {
    let names: Vec<String> = queues.iter().map(|queue| queue.name().to_owned()).collect();
    Ok(sqlx::query_scalar!(
        r#"with done as (
               select queue, floor(extract(epoch from $2::timestamptz - finished_at) / 60)::int as ago, count(*) as jobs
               from (
                   select queue, finished_at from all_jobs
                   where state = 'done' and finished_at > $2::timestamptz - interval '30 minutes' and finished_at <= $2
                   order by finished_at desc limit 300000
               ) as latest
               group by queue, ago
           )
           select array(
                      select coalesce(done.jobs, 0)
                      from generate_series(29, 0, -1) as minute (ago)
                           left join done on done.queue = known.name and done.ago = minute.ago
                      order by minute.ago desc
                  ) as "minutes!"
           from unnest($1::text[]) with ordinality as known (name, place)
           order by known.place"#,
        &names,
        now,
    )
    .fetch_all(conn)
    .await?)
}
