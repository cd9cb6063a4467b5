//! Enumerations of the job platform on the wire.

use app::jobs::queue::{self, QueueName};
use ledger::handle::Act;
use ledger::inspect::State;

use crate::wire::value::Words;

impl Words for QueueName {
    const NAME: &'static str = "QueueName";
    const ABOUT: &'static str = "Name of a queue.";

    fn list() -> Vec<Self> {
        queue::ALL.map(Self).to_vec()
    }
}

impl Words for State {
    const NAME: &'static str = "JobState";
    const ABOUT: &'static str = "State of a job: `ready` (waits until it is due, or for capacity in Redis), `sent` (to \
                                 the workers), `running`, `done`, `dead` (not run again until an operator retries \
                                 it), `canceled` (canceled by an operator, or discarded).";

    fn list() -> Vec<Self> {
        Self::ALL.to_vec()
    }
}

impl Words for Act {
    const NAME: &'static str = "JobAct";
    const ABOUT: &'static str = "Action on a job.";

    fn list() -> Vec<Self> {
        Self::ALL.to_vec()
    }
}
