//! Reports the phase of an import to an observer.

use domain::timetable::upload::UploadPhase;
use tokio::sync::watch;

/// Where an import reports the phase that it enters. Reporting does not block, and the transaction of an import needs
/// no second connection for it.
#[derive(Debug, Clone)]
pub struct ImportProgress(Option<watch::Sender<UploadPhase>>);

impl ImportProgress {
    /// Progress without an observer.
    #[must_use]
    pub const fn unobserved() -> Self {
        Self(None)
    }

    /// Progress with an observer, and the receiver for that observer.
    #[must_use]
    pub fn observed() -> (Self, watch::Receiver<UploadPhase>) {
        let (sender, receiver) = watch::channel(UploadPhase::Reading);
        (Self(Some(sender)), receiver)
    }

    /// Reports that a phase begins.
    pub fn enters(&self, phase: UploadPhase) {
        if let Some(sender) = &self.0 {
            sender.send_replace(phase);
        }
    }
}
