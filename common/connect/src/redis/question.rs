//! Commands in flight, and the consequences of their responses for the connection.

use std::sync::Arc;
use std::time::Instant;

use futures::FutureExt;
use redis::aio::ConnectionLike;
use redis::{Cmd, Pipeline, RedisError, RedisFuture, Value};

use super::fault::{speaks_against_server, value_speaks_against_server};
use super::servers::Link;
use super::{Inner, Redis, SILENCE};

/// One command in flight. If it is dropped without a response, its caller has canceled it.
struct Question<'a> {
    inner: &'a Arc<Inner>,
    generation: u64,
    link: Link,
    is_answered: bool,
}

impl<'a> Question<'a> {
    async fn begin(redis: &'a Redis) -> Result<Self, RedisError> {
        let (generation, link) = redis.link().await?;
        redis.0.slot().silent_since.get_or_insert_with(Instant::now);
        Ok(Self {
            inner: &redis.0,
            generation,
            link,
            is_answered: false,
        })
    }

    fn answered(mut self, is_spoiled: bool) {
        self.is_answered = true;
        if is_spoiled {
            self.inner.give_up(self.generation, &self.link);
        } else {
            self.inner.slot().silent_since = None;
        }
    }
}

impl Drop for Question<'_> {
    fn drop(&mut self) {
        if self.is_answered {
            return;
        }
        let since = self.inner.slot().silent_since;
        if since.is_some_and(|since| since.elapsed() >= SILENCE) {
            self.inner.give_up(self.generation, &self.link);
        }
    }
}

impl ConnectionLike for Redis {
    fn req_packed_command<'a>(&'a mut self, command: &'a Cmd) -> RedisFuture<'a, Value> {
        async move {
            let mut question = Question::begin(self).await?;
            let answer = question.link.command(command).await;
            let is_spoiled = match &answer {
                Ok(value) => value_speaks_against_server(value),
                Err(error) => speaks_against_server(error),
            };
            question.answered(is_spoiled);
            answer
        }
        .boxed()
    }

    fn req_packed_commands<'a>(
        &'a mut self,
        pipeline: &'a Pipeline,
        offset: usize,
        count: usize,
    ) -> RedisFuture<'a, Vec<Value>> {
        async move {
            let mut question = Question::begin(self).await?;
            let answers = question.link.commands(pipeline, offset, count).await;
            let is_spoiled = match &answers {
                Ok(values) => values.iter().any(value_speaks_against_server),
                Err(error) => speaks_against_server(error),
            };
            question.answered(is_spoiled);
            answers
        }
        .boxed()
    }

    fn get_db(&self) -> i64 {
        0
    }
}
