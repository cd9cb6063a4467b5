//! Sending the mail of an invitation.

use clients::mailer::Mail;
use domain::id::InvitationId;
use domain::invitation::Invitation;
use domain::notification::LocalTime;
use domain::zone::Zone;
use ledger::effect;

use crate::notification::send::{Mails, SendError, Sent};

/// Sends the mail of an invitation, unless it has been sent, or the invitation has ended.
///
/// # Errors
/// See [`SendError`].
pub async fn send(mails: &Mails, id: InvitationId) -> Result<Sent, SendError> {
    let now = mails.clock.now();
    let found = db::invitation::contents(&mut *mails.pool.acquire().await?, id, now).await?;
    let found = found.ok_or(SendError::NotFound)?;
    let Some(link) = found.link else {
        return Ok(Sent::Before);
    };
    let zone = Zone::named(&found.time_zone)?;
    let invitation = Invitation {
        language: found.language,
        place: found.place,
        inviter: found.inviter,
        link,
        until: LocalTime::new(found.expires_at, &zone),
    };
    let letter = invitation
        .letter()
        .map_err(|error| SendError::Permanent { source: error.into() })?;
    let mail = Mail {
        id: id.to_string(),
        date: found.created_at,
        to_name: String::new(),
        to_address: found.email,
        reply_to: None,
        subject: letter.subject,
        plain: letter.plain,
        html: letter.html,
        picture: None,
        attachment: None,
    };
    let sent = mails.mailer.send(mail).await;
    sent.map_err(|error| SendError::heard(error, mails.clock.now()))?;
    let now = mails.clock.now();
    effect::record("an invitation that was sent", async || {
        db::invitation::mark_sent(&mut *mails.pool.acquire().await?, id, now).await
    })
    .await;
    Ok(Sent::Now)
}
