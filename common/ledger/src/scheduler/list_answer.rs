//! Answers of Redis about the lists of queues, each judged alone: what is wrong with the key of one must not keep the
//! jobs of the others.

use redis::{FromRedisValue, RedisError, Value};

/// The answer to a command about one list, in a pipeline that ignores errors. `None` if its key holds something else, or
/// its entry is no text.
///
/// # Errors
/// Every other error: it is about the server.
pub fn list_answer<T: FromRedisValue>(answer: Value) -> Result<Option<T>, RedisError> {
    match answer.extract_error() {
        Ok(value) => Ok(redis::from_redis_value(value).ok()),
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
        let head = |answer| list_answer::<Option<String>>(answer).unwrap();
        assert_eq!(head(Value::BulkString(b"x".to_vec())), Some(Some("x".to_owned())));
        assert_eq!(head(Value::Nil), Some(None));
        assert_eq!(head(Value::BulkString(vec![0xff])), None);
    }
}
