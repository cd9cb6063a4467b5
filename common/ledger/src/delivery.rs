//! Contents of a delivery in Redis: the id of a job and the attempt it was sent for, nothing else.
//!
//! Two lists per queue, one for each [`Priority`](crate::Priority). Both are in one slot, and no command touches keys
//! of two queues: a Redis Cluster works as well as one server.

use std::fmt;
use std::str::FromStr;

use crate::id::JobId;

/// Key of the epoch, which exists as long as the contents of Redis: a new value means that everything sent earlier was
/// lost.
pub const EPOCH_KEY: &str = "jobs:epoch";

/// Key of the list of nudges: jobs were committed, and the relay need not wait for its next check.
pub const NUDGES_KEY: &str = "jobs:nudges";

/// One entry of a queue's list, written `job_id:attempt`.
///
/// The attempt is the number of claims the job had when it was sent. A claim names both, so an entry that was sent
/// twice, or that an old snapshot of Redis brought back, claims nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Delivery {
    /// The job.
    pub job_id: JobId,
    /// Claims so far.
    pub attempt: i16,
}

/// An entry that is not `job_id:attempt`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a delivery of the form job_id:attempt")]
pub struct ParseDeliveryError;

impl fmt::Display for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.job_id, self.attempt)
    }
}

impl Delivery {
    /// Reads an entry of a list, which another program may have written.
    ///
    /// # Errors
    /// When it is not a delivery.
    pub fn read(entry: &[u8]) -> Result<Self, ParseDeliveryError> {
        std::str::from_utf8(entry).map_err(|_| ParseDeliveryError)?.parse()
    }
}

impl FromStr for Delivery {
    type Err = ParseDeliveryError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (job_id, attempt) = text.split_once(':').ok_or(ParseDeliveryError)?;
        Ok(Self {
            job_id: job_id.parse().map_err(|_| ParseDeliveryError)?,
            attempt: attempt.parse().map_err(|_| ParseDeliveryError)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Delivery;
    use crate::id::JobId;

    #[test]
    fn reads_what_it_writes_and_nothing_else() {
        let delivery = Delivery {
            job_id: JobId::new(),
            attempt: 3,
        };
        assert_eq!(delivery.to_string().parse(), Ok(delivery));
        for text in [
            "",
            "job",
            "job_1:2",
            &format!("{}", delivery.job_id),
            &format!("{}:x", delivery.job_id),
        ] {
            assert!(text.parse::<Delivery>().is_err(), "{text}");
        }
        assert_eq!(Delivery::read(delivery.to_string().as_bytes()), Ok(delivery));
        assert!(Delivery::read(&[0xff]).is_err(), "no text");
    }
}
