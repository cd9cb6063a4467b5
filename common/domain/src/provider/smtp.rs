//! What replies of a mail server mean (RFC 5321; enhanced codes of RFC 3463, 4954, 5248 and 7372).

use super::Fault;

/// What the server was replying to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Greeting, `EHLO`, `STARTTLS`, `AUTH`: before any mail.
    Session,
    /// `MAIL FROM`: the sender, which is a setting.
    Sender,
    /// `RCPT TO`: the receiver.
    Receiver,
    /// `DATA` and the text.
    Text,
}

/// An enhanced status code such as `5.7.1`.
pub type Enhanced = (u16, u16, u16);

/// The enhanced code that a reply's text begins with, if it begins with one.
#[must_use]
pub fn enhanced(text: &str) -> Option<Enhanced> {
    let mut parts = text.split_whitespace().next()?.splitn(3, '.');
    let mut number = || {
        let part = parts.next()?;
        let is_number = (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        is_number.then(|| part.parse().ok()).flatten()
    };
    let code = (number()?, number()?, number()?);
    matches!(code.0, 2 | 4 | 5).then_some(code)
}

/// Whose fault a negative reply is.
///
/// - 4yz is temporary, with any text. A reply to anything before the mail is about us, never about the mail.
/// - 530, 534, 535, 538 and the like: our credentials or encryption. 502, 503, 504, 555: the server does not support
///   our commands. 521 and 523 to 525: it does not accept mail from us.
/// - x.7.z, a policy: relaying, a blocked address of ours, SPF, DKIM; only a restriction of the receiver (x.7.2, x.7.17
///   to x.7.19) is about the receiver.
/// - x.3.z: the mail system is full or broken; only x.3.4 means that the mail is too large.
/// - x.2.2: the mailbox is full, which its owner can resolve; x.4.z: the network beyond the server.
/// - x.1.7 and x.1.8: our sender address is invalid; the rest of x.1.z: no such address.
/// - Everything else is the mail's fault, or the sender setting's if the sender was refused.
#[must_use]
pub const fn reply(stage: Stage, code: u16, enhanced: Option<Enhanced>) -> Fault {
    if code < 500 {
        return Fault::Provider;
    }
    if matches!(stage, Stage::Session) {
        return Fault::Setup;
    }
    match code {
        421 => return Fault::Provider,
        500 | 502..=504 | 521 | 523..=525 | 530 | 534 | 535 | 538 | 555 => return Fault::Setup,
        _ => {}
    }
    match enhanced {
        Some((_, 7, 2 | 17..=19)) if matches!(stage, Stage::Receiver | Stage::Text) => Fault::Request,
        Some((_, 7, 28)) => Fault::Provider,
        Some((_, 7, _) | (_, 1, 7 | 8)) => Fault::Setup,
        Some((_, 3, 4) | (_, 2, 3)) => Fault::Request,
        Some((_, 3, _) | (_, 4, _) | (_, 2, 2)) => Fault::Provider,
        Some((_, 6, _)) => Fault::Request,
        _ if matches!(stage, Stage::Sender) && code != 552 => Fault::Setup,
        _ => Fault::Request,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::{Stage, enhanced, reply};
    use crate::provider::Fault;

    #[rstest]
    #[case::greylisted(451, "4.7.1 come back later", Fault::Provider)]
    #[case::busy(421, "4.3.2 closing", Fault::Provider)]
    #[case::too_many(452, "", Fault::Provider)]
    #[case::full_for_now(452, "4.2.2 mailbox full", Fault::Provider)]
    #[case::tls_for_now(454, "4.7.0 TLS not available", Fault::Provider)]
    #[case::no_such_mailbox(550, "5.1.1 user unknown", Fault::Request)]
    #[case::bare(550, "no", Fault::Request)]
    #[case::no_such_domain(550, "5.1.2 bad destination system", Fault::Request)]
    #[case::takes_no_mail(556, "5.1.10 null MX", Fault::Request)]
    #[case::disabled(550, "5.2.1 mailbox disabled", Fault::Request)]
    #[case::malformed(501, "5.1.3 bad syntax", Fault::Request)]
    #[case::not_allowed(553, "5.1.3 mailbox name", Fault::Request)]
    #[case::not_believed(553, "5.1.8 bad sender's system address", Fault::Setup)]
    #[case::full(552, "5.2.2 mailbox full", Fault::Provider)]
    #[case::full_disk(552, "5.3.1 mail system full", Fault::Provider)]
    #[case::too_large(552, "5.3.4 message too big", Fault::Request)]
    #[case::too_large_for_it(552, "5.2.3 length exceeds", Fault::Request)]
    #[case::too_large_or_full(552, "exceeded", Fault::Request)]
    #[case::misconfigured(550, "5.3.5 system incorrectly configured", Fault::Provider)]
    #[case::loop_detected(554, "5.4.6 routing loop", Fault::Provider)]
    #[case::relaying(550, "5.7.1 relaying denied", Fault::Setup)]
    #[case::blocked(554, "5.7.1 blocked using a list", Fault::Setup)]
    #[case::spf(550, "5.7.23 SPF validation failed", Fault::Setup)]
    #[case::dkim(550, "5.7.26 multiple authentication checks failed", Fault::Setup)]
    #[case::flood(550, "5.7.28 mail flood detected", Fault::Provider)]
    #[case::closed_list(550, "5.7.2 list expansion prohibited", Fault::Request)]
    #[case::rejected_text(554, "transaction failed", Fault::Request)]
    #[case::authentication_required(530, "5.7.0 authentication required", Fault::Setup)]
    #[case::bad_credentials(535, "5.7.8", Fault::Setup)]
    #[case::bare_credentials(535, "", Fault::Setup)]
    #[case::disabled_account(525, "5.7.13 user account disabled", Fault::Setup)]
    #[case::bad_sequence(503, "5.5.1 bad sequence", Fault::Setup)]
    #[case::unknown_command(502, "5.5.1 not implemented", Fault::Setup)]
    fn a_refusal_of_a_receiver_says_whose_fault_it_is(#[case] code: u16, #[case] text: &str, #[case] fault: Fault) {
        assert_eq!(reply(Stage::Receiver, code, enhanced(text)), fault);
    }

    #[rstest]
    #[case(Stage::Session, 554, "no SMTP service here", Fault::Setup)]
    #[case(Stage::Session, 550, "5.1.1 whatever", Fault::Setup)]
    #[case(Stage::Session, 421, "too many connections", Fault::Provider)]
    #[case(Stage::Sender, 553, "sender address rejected", Fault::Setup)]
    #[case(Stage::Sender, 550, "5.1.0 sender unknown", Fault::Setup)]
    #[case(Stage::Sender, 552, "larger than announced", Fault::Request)]
    #[case(Stage::Text, 552, "larger than announced", Fault::Request)]
    #[case(Stage::Text, 554, "5.6.0 media not supported", Fault::Request)]
    #[case(Stage::Text, 550, "5.7.1 looks like spam", Fault::Setup)]
    #[case(Stage::Text, 451, "local error", Fault::Provider)]
    fn the_refused_stage_decides(#[case] stage: Stage, #[case] code: u16, #[case] text: &str, #[case] fault: Fault) {
        assert_eq!(reply(stage, code, enhanced(text)), fault);
    }

    #[rstest]
    #[case("5.1.1 no such user", Some((5, 1, 1)))]
    #[case("4.7.28", Some((4, 7, 28)))]
    #[case("<a@b.c> 5.1.1", None)]
    #[case("5.1", None)]
    #[case("127.0.0.1 is listed", None)]
    #[case("5.1.1.1 x", None)]
    #[case("3.1.1 x", None)]
    #[case("", None)]
    fn an_enhanced_code_begins_the_text(#[case] text: &str, #[case] code: Option<(u16, u16, u16)>) {
        assert_eq!(enhanced(text), code);
    }
}
