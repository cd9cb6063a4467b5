//! The worker of the queue `viber`.

use std::process::ExitCode;
use std::sync::Arc;

use app::jobs::queue;
use app::notification::ViberMessages;
use clients::Timeouts;
use clients::viber::HttpViber;
use config::Needs;
use worker::handlers::RegisterHandlers;

fn main() -> ExitCode {
    worker::main(queue::VIBER, Needs::Viber, |process, worker| {
        let settings = &process.settings;
        let viber = HttpViber::new(&settings.viber_url, &settings.viber_token, Timeouts::default())?;
        let messages = ViberMessages {
            pool: process.pool.clone(),
            clock: process.clock.clone(),
            viber: Arc::new(viber.with_slots(settings.worker_concurrency)),
        };
        Ok(messages.register(worker))
    })
}
