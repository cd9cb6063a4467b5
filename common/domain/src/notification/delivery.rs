//! The delivery status of a message about an event of a ticket, in words for people who do not run a mail server.

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
    /// The delivery status of a message.
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

words! {
    /// Why a message has not been sent, for programs.
    DeliveryReason, "Refused ProviderUnavailable SenderRejected Unknown NoEmail NoViber Unreachable" {
        /// The mail server or the messenger refused the message or its recipient.
        Refused = "Refused",
        /// The mail server or the messenger was unreachable or busy.
        ProviderUnavailable = "ProviderUnavailable",
        /// The mail server or the messenger does not accept messages from the platform.
        SenderRejected = "SenderRejected",
        /// The cause was not recorded.
        Unknown = "Unknown",
        /// The passenger has no e-mail address.
        NoEmail = "NoEmail",
        /// No phone number of the passenger lists Viber.
        NoViber = "NoViber",
        /// The passenger could not be reached on this channel at that time.
        Unreachable = "Unreachable",
    }
}

/// Why a message has not been sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// For programs.
    pub code: DeliveryReason,
    /// For people, in English.
    pub text: String,
}

impl Reason {
    fn new(code: DeliveryReason, text: impl Into<String>) -> Self {
        Self {
            code,
            text: text.into(),
        }
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
    /// The delivery status of the message.
    pub state: DeliveryState,
    /// When it was accepted by the mail server or the messenger.
    pub at: Option<DateTime<Utc>>,
    /// Why it has not been sent, as far as there is a reason.
    pub reason: Option<Reason>,
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
) -> (DeliveryState, Option<DateTime<Utc>>, Option<Reason>) {
    let Some(recorded) = recorded else {
        return (DeliveryState::NotSent, None, Some(absence(channel, reach)));
    };
    if let Some(at) = recorded.sent_at {
        return (DeliveryState::Sent, Some(at), None);
    }
    let fault = recorded.fault.filter(|_| recorded.has_failed);
    let reason = failure(channel, fault);
    if recorded.is_tried_again {
        let again = |reason: Reason| Reason::new(reason.code, format!("{} Another attempt follows.", reason.text));
        (
            DeliveryState::Pending,
            None,
            recorded.has_failed.then_some(reason).map(again),
        )
    } else {
        (DeliveryState::Failed, None, Some(reason))
    }
}

fn failure(channel: Channel, fault: Option<Fault>) -> Reason {
    let server = match channel {
        Channel::Email => "mail server",
        Channel::Viber => "Viber service",
    };
    match fault {
        Some(Fault::Request) => Reason::new(
            DeliveryReason::Refused,
            format!("The {server} refused the message or its recipient."),
        ),
        Some(Fault::Provider) => Reason::new(
            DeliveryReason::ProviderUnavailable,
            format!("The {server} was unreachable or busy."),
        ),
        Some(Fault::Setup) => Reason::new(
            DeliveryReason::SenderRejected,
            format!("The {server} does not accept messages from us at the moment."),
        ),
        None => Reason::new(DeliveryReason::Unknown, "The message could not be sent."),
    }
}

fn absence(channel: Channel, reach: &Reach) -> Reason {
    let is_reachable = match channel {
        Channel::Email => reach.has_email,
        Channel::Viber => reach.messengers.contains(&Messenger::Viber),
    };
    match channel {
        _ if is_reachable => Reason::new(
            DeliveryReason::Unreachable,
            "The passenger could not be reached this way at that time.",
        ),
        Channel::Email => Reason::new(DeliveryReason::NoEmail, "The passenger has no e-mail address."),
        Channel::Viber if reach.messengers.is_empty() => {
            Reason::new(DeliveryReason::NoViber, "No phone number of the passenger lists Viber.")
        }
        Channel::Viber => {
            let listed: Vec<&str> = reach.messengers.iter().map(|messenger| messenger.word()).collect();
            let text = format!(
                "The phone numbers of the passenger list {} only. We send messages through Viber.",
                listed.join(" and ")
            );
            Reason::new(DeliveryReason::NoViber, text)
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::{Channel, DeliveryReason, DeliveryState, Fault, Messenger, Reach, Reason, Recorded, judge};

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
        Some((DeliveryReason::Refused, REFUSED))
    )]
    #[case::busy(
        Channel::Viber,
        recorded(true, Some(Fault::Provider), true),
        DeliveryState::Pending,
        Some((DeliveryReason::ProviderUnavailable, BUSY))
    )]
    #[case::ours(
        Channel::Email,
        recorded(true, Some(Fault::Setup), true),
        DeliveryState::Pending,
        Some((DeliveryReason::SenderRejected, SETUP))
    )]
    #[case::crashed(
        Channel::Email,
        recorded(false, None, false),
        DeliveryState::Failed,
        Some((DeliveryReason::Unknown, "The message could not be sent."))
    )]
    #[case::old_row(
        Channel::Viber,
        recorded(true, None, false),
        DeliveryState::Failed,
        Some((DeliveryReason::Unknown, "The message could not be sent."))
    )]
    fn a_message_is_explained(
        #[case] channel: Channel,
        #[case] recorded: Option<Recorded>,
        #[case] state: DeliveryState,
        #[case] reason: Option<(DeliveryReason, &str)>,
    ) {
        let reach = Reach {
            has_email: true,
            messengers: vec![Messenger::Viber],
        };
        let told = judge(channel, recorded, &reach);
        let reason = reason.map(|(code, text)| Reason::new(code, text));
        assert_eq!((told.0, told.2), (state, reason));
    }

    #[rstest]
    #[case::no_address(Channel::Email, &[], DeliveryReason::NoEmail, "The passenger has no e-mail address.")]
    #[case::no_messenger(Channel::Viber, &[], DeliveryReason::NoViber, "No phone number of the passenger lists Viber.")]
    #[case::not_served(
        Channel::Viber,
        &[Messenger::Telegram, Messenger::WhatsApp],
        DeliveryReason::NoViber,
        "The phone numbers of the passenger list Telegram and WhatsApp only. We send messages through Viber."
    )]
    #[case::later(Channel::Viber, &[Messenger::Viber], DeliveryReason::Unreachable, "The passenger could not be reached this way at that time.")]
    fn that_there_is_none_is_explained(
        #[case] channel: Channel,
        #[case] messengers: &[Messenger],
        #[case] code: DeliveryReason,
        #[case] reason: &str,
    ) {
        let reach = Reach {
            has_email: false,
            messengers: messengers.to_vec(),
        };
        let told = judge(channel, None, &reach);
        assert_eq!(told, (DeliveryState::NotSent, None, Some(Reason::new(code, reason))));
    }
}
