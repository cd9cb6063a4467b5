//! Sends mails about scheduled reports.

use clients::mailer::Mail;
use db::report::mail::MailContents;
use domain::id::ReportMailId;
use domain::notification::LocalTime;
use domain::report::Range;
use domain::report::letter::{ReportFile, ReportNews};
use domain::zone::Zone;
use ledger::effect;

use crate::notification::send::{Mails, SendError, Sent};

/// Sends a mail about a scheduled report, unless it has been sent, or its schedule was deleted or the recipient removed
/// meanwhile. A mail that is sent again after a crash carries the same Message-ID.
///
/// # Errors
/// See [`SendError`]; permanent, when the link in it has expired.
pub async fn send(mails: &Mails, id: ReportMailId) -> Result<Sent, SendError> {
    let contents = db::report::mail::find(&mut *mails.pool.acquire().await?, id).await?;
    let Some(contents) = contents.filter(|contents| contents.sent_at.is_none()) else {
        return Ok(Sent::Before);
    };
    if contents.link_ends_at.is_some_and(|end| end <= mails.clock.now()) {
        let source = "the link in the mail has expired".into();
        return Err(SendError::Permanent { source });
    }
    let news = news(&contents)?;
    let written = news.letter();
    let written = written.map_err(|error| SendError::Permanent { source: error.into() })?;
    let reply_to = contents.company_email.map(|address| (news.company, address));
    let mail = Mail {
        id: id.to_string(),
        date: contents.created_at,
        to_name: String::new(),
        to_address: contents.recipient,
        reply_to,
        subject: written.subject,
        plain: written.plain,
        html: written.html,
        picture: None,
        attachment: None,
    };
    let sent = mails.mailer.send(mail).await;
    let reply = sent.map_err(|error| SendError::heard(error, mails.clock.now()))?;
    let (now, reply) = (mails.clock.now(), reply.as_str());
    effect::record("a mail about a report that was sent", async || {
        db::report::mail::mark_sent(&mut *mails.pool.acquire().await?, id, now, reply).await
    })
    .await;
    Ok(Sent::Now)
}

fn news(contents: &MailContents) -> Result<ReportNews, SendError> {
    let zone = Zone::named(&contents.time_zone)?;
    let range = Range::new(contents.date_from, contents.date_to);
    let file = contents
        .link
        .clone()
        .zip(contents.link_ends_at)
        .map(|(link, ends_at)| ReportFile {
            tickets: contents.tickets.unwrap_or_default(),
            link,
            until: LocalTime::new(ends_at, &zone),
        });
    Ok(ReportNews {
        language: contents.language,
        company: contents.company.clone(),
        range: range.map_err(|error| SendError::Permanent { source: error.into() })?,
        date_field: contents.date_field,
        file,
    })
}
