//! Lists and counts. A queue of apalis is a queue of the ledger, a worker of apalis is a process.

use apalis_core::backend::{
    Filter, ListAllTasks, ListQueues, ListTasks, ListWorkers, Metrics, QueueInfo, RunningWorker, StatType, Statistic,
};
use apalis_core::task::Task;
use chrono::TimeDelta;

use super::task::{seconds, state, task};
use super::{Error, LedgerStorage, StoredJob};
use crate::db::tool::{self, REACH, Standing, WorkerProcess};
use crate::{Queue, process};

/// Maximum number of jobs on a page.
const LARGEST_PAGE: u32 = 100;

/// How far back finished jobs are counted. They are deleted in time, so a count over a longer span would not mean more.
const DONE_WITHIN: TimeDelta = TimeDelta::hours(1);

/// Offset and size of the requested page. The filter's own computation fails for page 0.
fn page(filter: &Filter) -> (i64, i64) {
    let size = i64::from(filter.page_size.unwrap_or(10).clamp(1, LARGEST_PAGE));
    (i64::from(filter.page.max(1) - 1) * size, size)
}

/// A count for people: `10000+` when there may be more.
fn count(value: i64, is_cut: bool) -> String {
    format!("{value}{}", if is_cut { "+" } else { "" })
}

fn statistics(standings: &[Standing]) -> Vec<Statistic> {
    let sum = |of: fn(&Standing) -> i64| standings.iter().map(of).sum::<i64>();
    let any = |of: fn(&Standing) -> bool| standings.iter().any(of);
    let values = [
        ("Ready", count(sum(|s| s.ready), any(|s| s.ready >= REACH))),
        ("Sent", count(sum(|s| s.sent), any(|s| s.sent >= REACH))),
        ("Running", count(sum(|s| s.running), false)),
        ("Dead", count(sum(|s| s.dead), any(|s| s.is_dead_cut))),
        ("Done within an hour", count(sum(|s| s.done), any(|s| s.is_done_cut))),
    ];
    (1..)
        .zip(values)
        .map(|(priority, (title, value))| Statistic {
            title: title.to_owned(),
            stat_type: StatType::Number,
            value,
            priority: Some(priority),
        })
        .collect()
}

fn worker(process: &WorkerProcess) -> RunningWorker {
    RunningWorker {
        id: process.id.to_string(),
        queue: process::queue_of(&process.name).unwrap_or_default().to_owned(),
        backend: "ledger".to_owned(),
        started_at: seconds(process.started_at),
        last_heartbeat: seconds(process.beat_at),
        layers: "trace, attempt, time_limit, catch_panic".to_owned(),
    }
}

impl<A> LedgerStorage<A> {
    async fn list(&self, queues: &[Queue], filter: &Filter) -> Result<Vec<Task<StoredJob>>, Error> {
        let state = match &filter.status {
            None => None,
            Some(status) => match state(status) {
                None => return Ok(Vec::new()),
                state => state,
            },
        };
        let (offset, limit) = page(filter);
        let mut conn = self.pool.acquire().await.map_err(crate::Error::from)?;
        let rows = tool::list(&mut conn, queues, state, offset, limit).await?;
        Ok(rows.into_iter().map(task).collect())
    }

    async fn standings(&self, queues: &[Queue]) -> Result<Vec<Standing>, Error> {
        let mut conn = self.pool.acquire().await.map_err(crate::Error::from)?;
        Ok(tool::standings(&mut conn, queues, self.clock.now() - DONE_WITHIN).await?)
    }

    async fn workers(&self, prefix: &str) -> Result<Vec<RunningWorker>, Error> {
        let mut conn = self.pool.acquire().await.map_err(crate::Error::from)?;
        let processes = tool::workers(&mut conn, prefix).await?;
        Ok(processes.iter().map(worker).collect())
    }
}

impl<A> ListTasks for LedgerStorage<A> {
    async fn list_tasks(&self, filter: &Filter) -> Result<Vec<Task<StoredJob>>, Error> {
        self.list(&[self.queue], filter).await
    }
}

impl<A> ListAllTasks for LedgerStorage<A> {
    async fn list_all_tasks(&self, filter: &Filter) -> Result<Vec<Task<StoredJob>>, Error> {
        self.list(self.queues, filter).await
    }
}

impl<A> ListWorkers for LedgerStorage<A> {
    async fn list_workers(&self) -> Result<Vec<RunningWorker>, Error> {
        self.workers(&process::worker_prefix(self.queue)).await
    }

    async fn list_all_workers(&self) -> Result<Vec<RunningWorker>, Error> {
        self.workers("").await
    }
}

impl<A> ListQueues for LedgerStorage<A> {
    /// Without activity: the ledger keeps no counts by day, and jobs that are done are deleted.
    async fn list_queues(&self) -> Result<Vec<QueueInfo>, Error> {
        let standings = self.standings(self.queues).await?;
        let workers = self.list_all_workers().await?;
        let queue = |standing: &Standing| QueueInfo {
            name: standing.queue.clone(),
            stats: statistics(std::slice::from_ref(standing)),
            workers: workers
                .iter()
                .filter(|worker| worker.queue == standing.queue)
                .map(|worker| worker.id.clone())
                .collect(),
            activity: Vec::new(),
        };
        Ok(standings.iter().map(queue).collect())
    }
}

impl<A> Metrics for LedgerStorage<A> {
    async fn global(&self) -> Result<Vec<Statistic>, Error> {
        Ok(statistics(&self.standings(self.queues).await?))
    }

    async fn fetch_by_queue(&self) -> Result<Vec<Statistic>, Error> {
        Ok(statistics(&self.standings(&[self.queue]).await?))
    }
}
