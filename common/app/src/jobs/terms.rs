//! Terms that several kinds of job share.

use chrono::TimeDelta;
use ledger::{Priority, Terms};

/// How long a message is worth sending.
pub const MESSAGE_HOLD_LIMIT: TimeDelta = TimeDelta::days(3);

/// How long other jobs may be held up.
pub const HOLD_LIMIT: TimeDelta = TimeDelta::hours(6);

/// The terms of jobs that send requests to a tracking provider: few attempts, since the next job is due soon.
pub const TRACKING: Terms = Terms {
    max_attempts: 3,
    timeout: TimeDelta::seconds(30),
    backoff: TimeDelta::seconds(1),
    hold_limit: HOLD_LIMIT,
    priority: Priority::Normal,
};

/// The terms of jobs that delete old rows; the next job deletes what one leaves.
pub const CLEANUP: Terms = Terms {
    max_attempts: 5,
    timeout: TimeDelta::seconds(60),
    backoff: TimeDelta::seconds(30),
    hold_limit: HOLD_LIMIT,
    priority: Priority::Normal,
};

/// The terms of jobs of uploaded timetables: a user waits for them.
pub const TIMETABLE: Terms = Terms {
    max_attempts: 8,
    timeout: TimeDelta::minutes(20),
    backoff: TimeDelta::seconds(5),
    hold_limit: HOLD_LIMIT,
    priority: Priority::Urgent,
};
