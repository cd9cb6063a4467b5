//! Answers of Redis about the lists of queues, each judged alone: what is wrong with the key of one must not keep the
//! jobs of the others.

use redis::{FromRedisValue, RedisError, Value};

/// The answer to a command about one list, in a pipeline that ignores errors. `None` if its key holds something else.
///
/// # Errors
/// Every other error: it is about the server.
pub fn list_answer<T: FromRedisValue>(answer: Value) -> Result<Option<T>, RedisError> {
    match answer.extract_error() {
        Ok(value) => Ok(Some(redis::from_redis_value(value)?)),
        Err(error) if error.code() == Some("WRONGTYPE") => Ok(None),
        Err(error) => Err(error),
    }
}
