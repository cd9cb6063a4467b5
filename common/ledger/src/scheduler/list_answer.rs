//! Answers of Redis about the lists of queues, each judged alone: what is wrong with the key of one must not keep the
//! jobs of the others.

use redis::{FromRedisValue, RedisError, Value};

/// The answer to a command about one list, in a pipeline that ignores errors. `None` if its key holds something else.
/// Entries are read as bytes, since another program may have written them.
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

#[cfg(test)]
mod tests {
    use redis::Value;

    use super::list_answer;

    #[test]
    fn an_entry_that_is_no_text_keeps_no_other_list_from_being_looked_at() {
        let head = |answer| list_answer::<Option<Vec<u8>>>(answer).unwrap();
        assert_eq!(head(Value::Nil), Some(None));
        assert_eq!(head(Value::BulkString(vec![0xff])), Some(Some(vec![0xff])));
    }
}
