//! A worker process in the ledger, from its start to its end.

use std::time::Instant;

use connect::postgres::{Limits, answered, begin};
use kernel::clock::Sample;
use sqlx::{Connection, PgConnection, PgPool};

use crate::db;
use crate::db::process::Quiet;
use crate::db::reclaim::{Look, Reclaimed};
use crate::error::Result;
use crate::id::ProcessId;
use crate::job::Queue;

/// Separates the queue of a worker process from its number in the name of the process.
const WORKER: &str = "_worker ";

/// Name of a worker process, for people: its queue, its process id on its machine, and the machine if its name is known.
/// In containers, every process may have the same id.
#[must_use]
pub fn worker_name(queue: Queue, number: u32, host: &str) -> String {
    let name = format!("{}{number}", worker_prefix(queue));
    if host.is_empty() {
        return name;
    }
    format!("{name}@{host}")
}

/// How the names of a queue's worker processes begin.
#[must_use]
pub fn worker_prefix(queue: Queue) -> String {
    format!("{}{WORKER}", queue.name())
}

/// The queue in the name of a worker process.
#[must_use]
pub fn queue_of(worker: &str) -> Option<&str> {
    Some(worker.rsplit_once(WORKER)?.0)
}

/// Adds a process under a name for people; its id is new at every start.
///
/// # Errors
/// Database errors only.
pub async fn enter(pool: &PgPool, name: &str) -> Result<ProcessId> {
    enter_on(&mut *pool.acquire().await?, name).await
}

/// As [`enter`], on a connection of the process's own.
///
/// # Errors
/// Database errors only.
pub async fn enter_on(conn: &mut PgConnection, name: &str) -> Result<ProcessId> {
    let id = ProcessId::new();
    db::process::insert(conn, id, name).await?;
    Ok(id)
}

/// Takes the lock that shows that the process exists; it is held as long as the connection. False when it must be tried
/// again.
///
/// # Errors
/// Database errors only.
pub async fn hold(conn: &mut PgConnection, id: ProcessId) -> Result<bool> {
    db::process::hold(conn, id).await
}

/// Makes the next heartbeats on this connection not wait for the disk.
///
/// # Errors
/// Database errors only.
pub async fn beat_lightly(conn: &mut PgConnection) -> Result<()> {
    db::process::do_not_wait(conn).await
}

/// One heartbeat; returns a reading of the database's clock. `None` when the process was given up.
///
/// # Errors
/// Database errors only.
pub async fn beat(conn: &mut PgConnection, id: ProcessId) -> Result<Option<Sample>> {
    let before = Instant::now();
    let said = db::process::beat(conn, id).await?;
    let after = Instant::now();
    Ok(said.map(|said| Sample { before, said, after }))
}

/// Ends a process in an orderly way: hands back its unfinished jobs, so that other processes run them at once, and
/// returns how many.
///
/// # Errors
/// Database errors only.
pub async fn leave(pool: &PgPool, id: ProcessId) -> Result<u64> {
    answered(Limits::JOBS, async {
        let mut tx = begin(pool).await?;
        let handed = db::delivery::hand_back(&mut tx, id).await?;
        db::process::delete(&mut tx, id).await?;
        tx.commit().await?;
        Ok(handed)
    })
    .await
}

/// Whether the process has not been given up.
///
/// # Errors
/// Database errors only.
pub async fn exists(pool: &PgPool, id: ProcessId) -> Result<bool> {
    answered(Limits::JOBS, async {
        db::process::exists(&mut *pool.acquire().await?, id).await
    })
    .await
}

/// Records that a process that was given up is alive: the jobs taken from it did not crash. Returns their number.
///
/// # Errors
/// Database errors only.
pub async fn revoke_crashes(pool: &PgPool, id: ProcessId) -> Result<u64> {
    answered(Limits::JOBS, async {
        db::process::revoke_crashes(&mut *pool.acquire().await?, id).await
    })
    .await
}

/// Gives up processes that have been silent for too long, and takes back the jobs that they held and those that are
/// past their deadlines, in one transaction, because only this look knows whether a process was merely slow. Returns
/// the processes it gave up, and the jobs it took back.
///
/// # Errors
/// Database errors only.
pub async fn give_up(
    conn: &mut PgConnection,
    given_up: &[&Quiet],
    look: Look<'_>,
) -> Result<(Vec<ProcessId>, Vec<Reclaimed>)> {
    let mut tx = conn.begin().await?;
    let buried = match given_up {
        [] => Vec::new(),
        given_up => db::process::bury(&mut tx, given_up).await?,
    };
    let slow: Vec<ProcessId> = given_up
        .iter()
        .filter(|process| !process.is_gone && buried.contains(&process.id))
        .map(|process| process.id)
        .collect();
    let reclaimed = db::reclaim::reclaim(
        &mut tx,
        Look {
            slow: &slow,
            given_up,
            ..look
        },
    )
    .await?;
    if !buried.is_empty() {
        db::reclaim::forget_losses(&mut tx).await?;
    }
    tx.commit().await?;
    Ok((buried, reclaimed))
}

#[cfg(test)]
mod tests {
    use super::{queue_of, worker_name, worker_prefix};
    use crate::Queue;

    #[test]
    fn the_name_of_a_process_tells_queue_number_and_machine() {
        let email = Queue::new("email");
        for (host, expected) in [("mail-1", "email_worker 1@mail-1"), ("", "email_worker 1")] {
            let name = worker_name(email, 1, host);
            assert_eq!(name, expected);
            assert!(name.starts_with(&worker_prefix(email)));
            assert_eq!(queue_of(&name), Some("email"));
        }
    }
}
