//! What became of a message about an event of a ticket, in words for people who run no mail server.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Channel;
use crate::id::TicketId;
use crate::language::{Messenger, UnknownWord, words};
use crate::provider::Fault;
use crate::ticket::Event;

words! {
    /// What became of a message.
    DeliveryState, "Pending Sent Failed NotSent" {
        /// It waits, is being sent, or will be tried again.
        Pending = "Pending",
        /// The mail server or the messenger accepted it.
        Sent = "Sent",
        /// It was given up.
        Failed = "Failed",
        /// There is none on this channel.
        NotSent = "NotSent",
    }
}

/// A message about an event of a ticket on one channel, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The ticket.
    pub ticket_id: TicketId,
    /// The event.
    pub event: Event,
    /// The channel.
    pub channel: Channel,
    /// What became of the message.
    pub state: DeliveryState,
    /// When it was accepted by the mail server or the messenger.
    pub at: Option<DateTime<Utc>>,
    /// Why it has not been sent, as far as there is a reason.
    pub reason: Option<String>,
}

/// What is recorded of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorded {
    /// When it was accepted.
    pub sent_at: Option<DateTime<Utc>>,
    /// Whether an attempt failed and none has begun since.
    pub has_failed: bool,
    /// Whose fault that was, where it is known.
    pub fault: Option<Fault>,
    /// Whether its job will run again.
    pub is_tried_again: bool,
}

/// How the passenger can be reached, as known at present.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// Whether there is an e-mail address.
    pub has_email: bool,
    /// The messengers that the phone numbers list.
    pub messengers: Vec<Messenger>,
}

/// State, time and reason of what is recorded, or of nothing.
#[must_use]
pub fn judge(
    channel: Channel,
    recorded: Option<Recorded>,
    reach: &Reach,
) -> (DeliveryState, Option<DateTime<Utc>>, Option<String>) {
    let Some(recorded) = recorded else {
        return (DeliveryState::NotSent, None, Some(absence(channel, reach)));
    };
    if let Some(at) = recorded.sent_at {
        return (DeliveryState::Sent, Some(at), None);
    }
    let reason = recorded.has_failed.then(|| failure(channel, recorded.fault));
    if recorded.is_tried_again {
        let reason = reason.map(|reason| format!("{reason}. Another attempt follows."));
        (DeliveryState::Pending, None, reason)
    } else {
        let reason = reason.unwrap_or_else(|| "The message could not be sent".to_owned());
        (DeliveryState::Failed, None, Some(format!("{reason}.")))
    }
}

fn failure(channel: Channel, fault: Option<Fault>) -> String {
    let server = match channel {
        Channel::Email => "mail server",
        Channel::Viber => "Viber service",
    };
    match fault {
        Some(Fault::Request) => format!("The {server} refused the message or its recipient"),
        Some(Fault::Provider) => format!("The {server} was unreachable or busy"),
        Some(Fault::Setup) => format!("The {server} does not accept messages from us at the moment"),
        None => "The message could not be sent".to_owned(),
    }
}

fn absence(channel: Channel, reach: &Reach) -> String {
    let is_reachable = match channel {
        Channel::Email => reach.has_email,
        Channel::Viber => reach.messengers.contains(&Messenger::Viber),
    };
    match channel {
        _ if is_reachable => "The passenger could not be reached this way at that time.".to_owned(),
        Channel::Email => "The passenger has no e-mail address.".to_owned(),
        Channel::Viber if reach.messengers.is_empty() => "No phone number of the passenger lists Viber.".to_owned(),
        Channel::Viber => {
            let listed: Vec<&str> = reach.messengers.iter().map(|messenger| messenger.word()).collect();
            format!(
                "The phone numbers of the passenger list {} only. We send messages through Viber.",
                listed.join(" and ")
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::{Channel, DeliveryState, Fault, Messenger, Reach, Recorded, judge};

    fn recorded(has_failed: bool, fault: Option<Fault>, is_tried_again: bool) -> Option<Recorded> {
        Some(Recorded {
            sent_at: None,
            has_failed,
            fault,
            is_tried_again,
        })
    }

    const REFUSED: &str = "The mail server refused the message or its recipient.";
    const BUSY: &str = "The Viber service was unreachable or busy. Another attempt follows.";
    const SETUP: &str = "The mail server does not accept messages from us at the moment. Another attempt follows.";

    #[rstest]
    #[case::waits(Channel::Email, recorded(false, None, true), DeliveryState::Pending, None)]
    #[case::refused(
        Channel::Email,
        recorded(true, Some(Fault::Request), false),
        DeliveryState::Failed,
        Some(REFUSED)
    )]
    #[case::busy(
        Channel::Viber,
        recorded(true, Some(Fault::Provider), true),
        DeliveryState::Pending,
        Some(BUSY)
    )]
    #[case::ours(
        Channel::Email,
        recorded(true, Some(Fault::Setup), true),
        DeliveryState::Pending,
        Some(SETUP)
    )]
    #[case::crashed(
        Channel::Email,
        recorded(false, None, false),
        DeliveryState::Failed,
        Some("The message could not be sent.")
    )]
    #[case::old_row(
        Channel::Viber,
        recorded(true, None, false),
        DeliveryState::Failed,
        Some("The message could not be sent.")
    )]
    fn a_message_is_explained(
        #[case] channel: Channel,
        #[case] recorded: Option<Recorded>,
        #[case] state: DeliveryState,
        #[case] reason: Option<&str>,
    ) {
        let reach = Reach {
            has_email: true,
            messengers: vec![Messenger::Viber],
        };
        let told = judge(channel, recorded, &reach);
        assert_eq!((told.0, told.2.as_deref()), (state, reason));
    }

    #[rstest]
    #[case::no_address(Channel::Email, &[], "The passenger has no e-mail address.")]
    #[case::no_messenger(Channel::Viber, &[], "No phone number of the passenger lists Viber.")]
    #[case::not_served(
        Channel::Viber,
        &[Messenger::Telegram, Messenger::WhatsApp],
        "The phone numbers of the passenger list Telegram and WhatsApp only. We send messages through Viber."
    )]
    #[case::later(Channel::Viber, &[Messenger::Viber], "The passenger could not be reached this way at that time.")]
    fn that_there_is_none_is_explained(
        #[case] channel: Channel,
        #[case] messengers: &[Messenger],
        #[case] reason: &str,
    ) {
        let reach = Reach {
            has_email: false,
            messengers: messengers.to_vec(),
        };
        let told = judge(channel, None, &reach);
        assert_eq!(told, (DeliveryState::NotSent, None, Some(reason.to_owned())));
    }
}
