//! Reports the phase of an import to an observer.

use domain::timetable_upload::UploadPhase;
use tokio::sync::watch;

/// Where an import reports the phase that it enters. Reporting it does not block: the transaction of an import does not
/// ask for a second connection.
#[derive(Debug, Clone)]
pub struct Course(Option<watch::Sender<UploadPhase>>);

impl Course {
    /// An import without an observer.
    #[must_use]
    pub const fn untold() -> Self {
        Self(None)
    }

    /// An import that is watched, and who watches it.
    #[must_use]
    pub fn told() -> (Self, watch::Receiver<UploadPhase>) {
        let (sender, receiver) = watch::channel(UploadPhase::Reading);
        (Self(Some(sender)), receiver)
    }

    /// A phase begins.
    pub fn enters(&self, phase: UploadPhase) {
        if let Some(sender) = &self.0 {
            sender.send_replace(phase);
        }
    }
}
