//! Selects the due jobs that are sent next: tenants take turns, and the oldest jobs of each come first.
//!
//! Both statements scan `jobs_turn_idx` (queue, urgency, tenant, `run_at`, id): one row for each tenant that is
//! examined, one for each job that is sent, regardless of how many jobs wait.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use trace::TraceParent;
use uuid::Uuid;

use crate::delivery::Delivery;
use crate::error::Result;
use crate::job::{Priority, Queue};

/// The list of a queue in Redis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct List {
    /// The queue.
    pub queue: Queue,
    /// The priority of the jobs in it.
    pub priority: Priority,
}

impl List {
    /// The lists of these queues, the urgent one of each first.
    pub fn of(queues: &[Queue]) -> impl Iterator<Item = Self> {
        let lists = |queue| Priority::ALL.map(|priority| Self { queue, priority });
        queues.iter().copied().flat_map(lists)
    }

    /// Its key.
    #[must_use]
    pub fn key(self) -> String {
        self.queue.list(self.priority)
    }
}

/// A tenant that waits for its turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// Position of the list among those that were asked for.
    pub place: usize,
    /// The tenant.
    pub tenant: Uuid,
    /// Whether its first job is due.
    pub is_due: bool,
}

/// The tenants with jobs that wait for these lists: of each list the first `limit` tenants from the given one on,
/// wrapping around. If there are fewer, they are all. Lists of paused queues have none. Also returns when the first of
/// the tenants that have no due job has one.
///
/// # Errors
/// Database errors only.
pub async fn waiting(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    lists: &[(List, Uuid)],
    limit: i64,
) -> Result<(Vec<Waiting>, Option<DateTime<Utc>>)> {
    let queues: Vec<String> = lists.iter().map(|(list, _)| list.queue.name().to_owned()).collect();
    let are_urgent: Vec<bool> = lists.iter().map(|(list, _)| list.priority.is_urgent()).collect();
    let firsts: Vec<Uuid> = lists.iter().map(|(_, first)| *first).collect();
    let rows = sqlx::query!(
        r#"select list.place as "place!", turn.tenant as "tenant!", turn.run_at as "run_at!"
           from unnest($1::text[], $2::bool[], $3::uuid[]) with ordinality as list (queue, is_urgent, first, place)
           cross join lateral (
               with recursive ahead (tenant, run_at, number) as (
                   (select tenant, run_at, 1::bigint from jobs
                    where queue = list.queue and is_urgent = list.is_urgent and state = 'ready' and tenant >= list.first
                    order by tenant, run_at limit 1)
                   union all
                   select next.tenant, next.run_at, ahead.number + 1
                   from ahead cross join lateral (
                       select tenant, run_at from jobs
                       where queue = list.queue and is_urgent = list.is_urgent and state = 'ready'
                         and tenant > ahead.tenant
                       order by tenant, run_at limit 1
                   ) as next
                   where ahead.number < $4
               ), behind (tenant, run_at, number) as (
                   (select tenant, run_at, 1::bigint from jobs
                    where queue = list.queue and is_urgent = list.is_urgent and state = 'ready' and tenant < list.first
                    order by tenant, run_at limit 1)
                   union all
                   select next.tenant, next.run_at, behind.number + 1
                   from behind cross join lateral (
                       select tenant, run_at from jobs
                       where queue = list.queue and is_urgent = list.is_urgent and state = 'ready'
                         and tenant > behind.tenant and tenant < list.first
                       order by tenant, run_at limit 1
                   ) as next
                   where behind.number < $4
               )
               select tenant, run_at
               from (select tenant, run_at from ahead union all select tenant, run_at from behind) as around
               limit $4
           ) as turn
           where not exists (select from paused_queues paused where paused.queue = list.queue)"#,
        &queues,
        &are_urgent,
        &firsts,
        limit,
    )
    .fetch_all(conn)
    .await?;
    let later = rows.iter().map(|row| row.run_at).filter(|run_at| *run_at > now).min();
    let waiting = rows.into_iter().map(|row| Waiting {
        place: usize::try_from(row.place - 1).unwrap_or_default(),
        tenant: row.tenant,
        is_due: row.run_at <= now,
    });
    Ok((waiting.collect(), later))
}

/// What a tenant may send into a list at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// The list.
    pub list: List,
    /// The tenant.
    pub tenant: Uuid,
    /// How many at most.
    pub jobs: i64,
}

/// A job that was marked as sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// The list that carries it.
    pub list: List,
    /// What is pushed.
    pub delivery: Delivery,
    /// The span that wrote it, if its trace is sampled.
    pub sampled: Option<TraceParent>,
}

/// Marks due jobs as sent, of each tenant the oldest first, and returns what to push, in order: the first of each
/// tenant, then the second of each, and so on.
///
/// Rows that another relay is just marking are skipped. `sent_at` is unique within a batch and follows the order of the
/// push, so that the head of a list shows exactly what has left it.
///
/// # Errors
/// Database errors only.
pub async fn send_due(conn: &mut PgConnection, now: DateTime<Utc>, epoch: Uuid, shares: &[Share]) -> Result<Vec<Due>> {
    let queues: Vec<String> = shares.iter().map(|share| share.list.queue.name().to_owned()).collect();
    let are_urgent: Vec<bool> = shares.iter().map(|share| share.list.priority.is_urgent()).collect();
    let tenants: Vec<Uuid> = shares.iter().map(|share| share.tenant).collect();
    let limits: Vec<i64> = shares.iter().map(|share| share.jobs.max(0)).collect();
    // For `id = any(..)` see the module `delivery`. `unnest` is used because the planner estimates it at ten rows. It
    // may estimate `due` at one row, if few jobs waited when the statistics were gathered, and then reads all ids again
    // for each job.
    let mut rows = sqlx::query!(
        r#"with picked as materialized (
               select picked.id, picked.run_at, share.place
               from unnest($1::text[], $2::bool[], $3::uuid[], $4::bigint[]) with ordinality
                    as share (queue, is_urgent, tenant, jobs, place)
               cross join lateral (
                   select id, run_at from jobs
                   where jobs.queue = share.queue and jobs.is_urgent = share.is_urgent and jobs.tenant = share.tenant
                     and state = 'ready' and run_at <= $5
                   order by run_at, id limit share.jobs
                   for update skip locked
               ) as picked
           ), due as materialized (
               select id, row_number() over (order by round, place) as place
               from (select id, place, row_number() over (partition by place order by run_at, id) as round
                     from picked) as ranked
           )
           update jobs set state = 'sent', epoch = $6, sent_at = now() + sent.place * interval '1 microsecond'
           from unnest(array(select due.id from due), array(select due.place from due)) as sent (id, place)
           where jobs.id = any(array(select due.id from due)) and jobs.id = sent.id
           returning jobs.queue, jobs.is_urgent, jobs.id as "id: crate::id::JobId", jobs.attempt, sent.place as "place!",
                     case when jobs.traceparent like '%-01' then jobs.traceparent end as sampled"#,
        &queues,
        &are_urgent,
        &tenants,
        &limits,
        now,
        epoch,
    )
    .fetch_all(conn)
    .await?;
    rows.sort_unstable_by_key(|row| row.place);
    let due = rows.into_iter().filter_map(|row| {
        let mut queues = shares.iter().map(|share| share.list.queue);
        let list = List {
            queue: queues.find(|queue| queue.name() == row.queue)?,
            priority: Priority::of(row.is_urgent),
        };
        Some(Due {
            list,
            delivery: Delivery {
                job_id: row.id,
                attempt: row.attempt,
            },
            sampled: row.sampled.and_then(|text| text.parse().ok()),
        })
    });
    Ok(due.collect())
}
