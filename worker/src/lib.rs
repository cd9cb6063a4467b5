//! The queue door: takes jobs from the ledger, runs their handlers, records how they ended.
//!
//! | file | what belongs there |
//! |---|---|
//! | [`handlers`] | one file a job: call a verb, turn its answer into an outcome |
//! | [`run`] | what every worker binary does |
//! | `adapter` | the only file that names apalis types |
//! | `intake` | from Redis and the ledger into this process |
//! | `starter` | starts of handlers into the ledger, in batches |
//! | `execution` | one attempt, guarded against panics and overrunning |
//! | `isolation` | jobs that may have killed a process, in processes of their own |
//! | `settler` | outcomes back into the ledger, in batches |
//! | `heartbeat` | telling the others that this process lives |

mod adapter;
mod execution;
pub mod handlers;
mod heartbeat;
mod intake;
mod isolation;
pub mod run;
mod settler;
mod starter;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
