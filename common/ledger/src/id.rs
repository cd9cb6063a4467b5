//! Ids of the ledger.

kernel::ids! {
    #![cfg_attr(all(), derive(sqlx::Type), sqlx(transparent))]

    /// A job of the ledger.
    JobId = "job";
    /// A worker process.
    ProcessId = "pcs";
}
