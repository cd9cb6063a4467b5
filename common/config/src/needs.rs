//! Which settings each process needs.

/// Which settings a process cannot do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// The database only: the admin command line.
    Database,
    /// The HTTP API.
    Api,
    /// Database and Redis: the scheduler and the sweep worker.
    Queue,
    /// The queue, and an SMTP server.
    Mail,
    /// The queue, and a Viber provider.
    Viber,
    /// The queue, and a store of report files.
    Report,
    /// The queue, and the key that decrypts tokens of tracking providers.
    Tracking,
}
