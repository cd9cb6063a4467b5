//! The worker of the queue `email`.

use std::process::ExitCode;
use std::sync::Arc;

use app::jobs::queue;
use app::notification::Mails;
use clients::Timeouts;
use config::Needs;
use smtp::SmtpMailer;
use worker::handlers::RegisterHandlers;

fn main() -> ExitCode {
    worker::main(queue::EMAIL, Needs::Mail, |process, worker| {
        let settings = &process.settings;
        let mailer = SmtpMailer::new(&settings.smtp_url, &settings.mail_from, Timeouts::default())?;
        let mails = Mails {
            pool: process.pool.clone(),
            clock: process.clock.clone(),
            mailer: Arc::new(mailer.with_slots(settings.worker_concurrency)),
            draw_pdf: documents::draw,
        };
        Ok(mails.register(worker))
    })
}
