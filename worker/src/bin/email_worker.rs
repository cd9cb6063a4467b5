//! The worker of the queue `email`.

use std::process::ExitCode;
use std::sync::Arc;

use app::jobs;
use app::notification::Mails;
use clients::Timeouts;
use config::Needs;
use smtp::SmtpMailer;

fn main() -> ExitCode {
    worker::main(jobs::queue::EMAIL, Needs::Mail, |process, worker| {
        let settings = &process.settings;
        let mailer = SmtpMailer::new(&settings.smtp_url, &settings.mail_from, Timeouts::default())?;
        let mails = Mails {
            pool: process.pool.clone(),
            clock: process.clock.clone(),
            mailer: Arc::new(mailer.with_slots(settings.worker_concurrency)),
            draw_pdf: documents::draw,
        };
        Ok(worker
            .handle::<jobs::email_notification::EmailNotification, _>(&mails, jobs::email_notification::run)
            .handle::<jobs::invitation_mail::InvitationMail, _>(&mails, jobs::invitation_mail::run)
            .handle::<jobs::report_mail::ReportMail, _>(&mails, jobs::report_mail::run))
    })
}
