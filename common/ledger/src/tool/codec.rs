//! A job as the ledger stores it.

use std::convert::Infallible;

use apalis_core::backend::codec::Codec;
use serde::{Deserialize, Serialize};

use super::Error;
use crate::Job;

/// A job of any kind, undecoded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredJob {
    /// Its kind.
    pub kind: String,
    /// Its payload: ids.
    pub payload: serde_json::Value,
}

/// Converts between a job and its stored form.
#[derive(Debug, Clone, Copy, Default)]
pub struct JobCodec;

impl Codec<StoredJob> for JobCodec {
    type Error = Infallible;
    type Compact = StoredJob;

    fn encode(&self, job: &StoredJob) -> Result<StoredJob, Infallible> {
        Ok(job.clone())
    }

    fn decode(&self, stored: &StoredJob) -> Result<StoredJob, Infallible> {
        Ok(stored.clone())
    }
}

impl<J: Job> Codec<J> for JobCodec {
    type Error = Error;
    type Compact = StoredJob;

    fn encode(&self, job: &J) -> Result<StoredJob, Error> {
        let payload = serde_json::to_value(job).map_err(|source| crate::Error::Encode { kind: J::KIND, source })?;
        Ok(StoredJob {
            kind: J::KIND.to_owned(),
            payload,
        })
    }

    fn decode(&self, stored: &StoredJob) -> Result<J, Error> {
        if stored.kind != J::KIND {
            return Err(Error::OtherKind(stored.kind.clone()));
        }
        serde_json::from_value(stored.payload.clone()).map_err(|source| Error::Payload {
            kind: stored.kind.clone(),
            source,
        })
    }
}
