//! Enqueueing through a sink: what is sent between two flushes is written in one transaction of the tool's own.

use std::pin::Pin;
use std::task::{Context, Poll};

use apalis_core::task::Task;
use chrono::DateTime;
use connect::postgres::begin;
use futures::{FutureExt, Sink};
use uuid::Uuid;

use super::{Error, LedgerStorage, StoredJob};
use crate::{Cause, LONGEST_BACKOFF, NewJob, enqueue_each};

/// Jobs that may wait for a flush; with more, the sink writes first.
const BUFFER: usize = 1000;

impl<A> LedgerStorage<A> {
    /// The job that a task asks for, with the terms of its kind.
    fn new_job(&self, task: Task<StoredJob>) -> Result<(NewJob, Cause), Error> {
        let (StoredJob { kind, payload }, ctx) = task.take();
        if ctx.task_id().is_some() {
            return Err(Error::NotTaken("an id"));
        }
        if ctx.priority().is_some() {
            return Err(Error::NotTaken("a priority"));
        }
        if ctx.queue().is_some_and(|queue| queue.to_string() != self.queue.name()) {
            return Err(Error::NotTaken("another queue"));
        }
        let Some(accepted) = self.accepted.iter().find(|accepted| accepted.kind == kind) else {
            let queue = self.queue.name();
            return Err(Error::Kind { kind, queue });
        };
        (accepted.check)(&payload).map_err(|source| Error::Payload { kind, source })?;
        let now = self.clock.now();
        let run_at = match ctx.run_at() {
            None => now,
            Some(at) => i64::try_from(at)
                .ok()
                .and_then(|at| DateTime::from_timestamp(at, 0))
                .filter(|at| *at <= now + LONGEST_BACKOFF)
                .ok_or(Error::TooLate)?,
        };
        let max_attempts = match ctx.max_attempts() {
            None => accepted.max_attempts,
            Some(attempts) => i16::try_from(attempts)
                .ok()
                .filter(|attempts| *attempts > 0)
                .ok_or(Error::NotTaken("such a number of attempts"))?,
        };
        let job = NewJob {
            kind: accepted.kind,
            queue: self.queue,
            payload,
            max_attempts,
            run_at,
            dedupe_key: ctx.idempotency_key().map(str::to_owned),
            is_key_new: false,
            priority: accepted.priority,
            tenant: Uuid::nil(),
        };
        let fact = |name| ctx.metadata().get(name).map(str::to_owned);
        let cause = Cause::stored(fact("request_id"), fact("trace_id"), fact("traceparent").as_deref());
        Ok((job, cause))
    }

    /// Finishes the previous write, and writes what is buffered.
    fn flush(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        loop {
            if let Some(writing) = &mut self.writing {
                let written = std::task::ready!(writing.poll_unpin(cx));
                self.writing = None;
                written?;
            }
            if self.buffer.is_empty() {
                return Poll::Ready(Ok(()));
            }
            let (pool, now) = (self.pool.clone(), self.clock.now());
            let jobs = std::mem::take(&mut self.buffer);
            let write = async move {
                let mut tx = begin(&pool).await.map_err(crate::Error::from)?;
                enqueue_each(&mut tx, now, jobs.iter().map(|(job, cause)| (job, cause))).await?;
                tx.commit().await.map_err(crate::Error::from)?;
                Ok(())
            };
            self.writing = Some(write.boxed().into());
        }
    }
}

impl<A> Sink<Task<StoredJob>> for LedgerStorage<A> {
    type Error = Error;

    fn poll_ready(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let storage = self.get_mut();
        if storage.buffer.len() < BUFFER {
            return Poll::Ready(Ok(()));
        }
        storage.flush(cx)
    }

    fn start_send(self: Pin<&mut Self>, task: Task<StoredJob>) -> Result<(), Error> {
        let storage = self.get_mut();
        let job = storage.new_job(task)?;
        storage.buffer.push(job);
        Ok(())
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.get_mut().flush(cx)
    }

    fn poll_close(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.get_mut().flush(cx)
    }
}
