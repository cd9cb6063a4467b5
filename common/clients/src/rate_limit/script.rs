//! The script that counts requests in Redis, and how it is called.

use std::fmt::Write as _;
use std::sync::LazyLock;

use aws_lc_rs::digest;
use connect::redis::Redis;
use domain::rate_limit::Limit;
use redis::{ErrorKind, RedisError, ServerErrorKind};

/// Applies [`domain::rate_limit::decide`] to what is stored, for one request or for several: if more than one is
/// wanted, at most an eighth of the remaining ones are granted, so that the end of a quota is granted one by one.
/// Returns how many are granted, how much is free after that, and 1 if the stored value is no number (then there is no
/// debt). Numbers are microseconds below 2^53, which Lua represents exactly. A debt that is paid off expires, but only
/// on the clock of Redis: a given clock may stand still while that of Redis runs.
const SCRIPT: &str = "
local interval, burst, now, wanted = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local is_given = now ~= nil
if not is_given then
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end
local debt = tonumber(redis.call('GET', KEYS[1]) or now)
local is_unreadable = not debt or debt ~= debt
if is_unreadable then
  debt = now
end
debt = math.min(math.max(debt, now), now + burst)
local free, granted = burst - (debt - now), 0
if free >= interval then
  granted = math.min(wanted, math.max(1, math.floor(free / interval / 8)))
  free, debt = free - granted * interval, debt + granted * interval
  local stored = string.format('%.0f', debt)
  if is_given then
    redis.call('SET', KEYS[1], stored)
  else
    redis.call('SET', KEYS[1], stored, 'PX', math.ceil((debt - now) / 1000))
  end
end
return { granted, free, is_unreadable and 1 or 0 }";

/// The hash by which Redis finds the script once it is loaded.
static SCRIPT_NAME: LazyLock<String> = LazyLock::new(|| {
    let digest = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, SCRIPT.as_bytes());
    digest.as_ref().iter().fold(String::new(), |mut name, byte| {
        let _ = write!(name, "{byte:02x}");
        name
    })
});

/// The arguments of the script.
#[derive(Debug, Clone, Copy)]
pub(super) struct Request<'a> {
    /// Name of the caller: the key in Redis.
    pub(super) name: &'a str,
    /// Limit of the caller.
    pub(super) limit: Limit,
    /// Number of requests wanted.
    pub(super) wanted: u64,
    /// Unix time in microseconds; `None`: that of Redis.
    pub(super) now: Option<i64>,
}

/// Runs the script by its hash; the text is sent only when Redis has not loaded it since its start. Returns how many
/// requests are granted, how much is left in microseconds, and whether the stored value was no number.
pub(super) async fn run(redis: &Redis, request: Request<'_>) -> Result<(u64, u64, bool), RedisError> {
    match evaluate(redis, "EVALSHA", &SCRIPT_NAME, request).await {
        Err(error) if error.kind() == ErrorKind::Server(ServerErrorKind::NoScript) => {
            evaluate(redis, "EVAL", SCRIPT, request).await
        }
        answer => answer,
    }
}

async fn evaluate(
    redis: &Redis,
    name: &str,
    script: &str,
    request: Request<'_>,
) -> Result<(u64, u64, bool), RedisError> {
    let mut command = redis::cmd(name);
    command
        .arg(script)
        .arg(1)
        .arg(request.name)
        .arg(request.limit.interval())
        .arg(request.limit.burst());
    match request.now {
        Some(now) => command.arg(now),
        None => command.arg(""),
    };
    command.arg(request.wanted).query_async(&mut redis.clone()).await
}
