//! E-mail addresses: which ones are accepted, and their normalised form. Every address is validated here, so that the
//! mailer can send to every accepted address.
//!
//! An address has a dot-atom of ASCII before the `@` and a public domain name after it. International domains are
//! stored in the form that the DNS and mail servers use (`xn--…`), in lower case. Not accepted, because servers
//! commonly refuse them: letters beyond ASCII before the `@` (every server on the way would need SMTPUTF8), quoted
//! local parts, IP addresses, and names without a dot.

use email_address::EmailAddress;
use idna::AsciiDenyList;
use idna::uts46::{DnsLength, Hyphens, Uts46};

/// Longest address that SMTP can carry (RFC 5321, section 4.5.3.1.3, less the angle brackets).
pub const MAX_LENGTH: usize = 254;

/// Why a text is not an address that mail can be sent to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// It does not have the form of one.
    #[error("must be an e-mail address")]
    Shape,
    /// A server may need SMTPUTF8 for it.
    #[error("must be an e-mail address with ASCII characters only before the @")]
    LocalPart,
    /// There is no such domain name.
    #[error("must be an e-mail address with a domain name after the @")]
    Domain,
    /// It cannot be sent over SMTP.
    #[error("must be an e-mail address of at most 254 characters, the domain in its ASCII form")]
    Length,
}

/// The address as it is kept and sent to: without blanks around it, the domain in lower-case ASCII.
///
/// # Errors
/// See [`EmailError`].
pub fn normal(text: &str) -> Result<String, EmailError> {
    let (local, domain) = text.trim().rsplit_once('@').ok_or(EmailError::Shape)?;
    if !local.is_ascii() {
        return Err(EmailError::LocalPart);
    }
    if local.starts_with('"') || !EmailAddress::is_valid_local_part(local) {
        return Err(EmailError::Shape);
    }
    let domain = Uts46::new()
        .to_ascii(
            domain.as_bytes(),
            AsciiDenyList::STD3,
            Hyphens::CheckFirstLast,
            DnsLength::Verify,
        )
        .map_err(|_| EmailError::Domain)?;
    let top = domain.rsplit_once('.').map(|(_, top)| top).ok_or(EmailError::Domain)?;
    if top.bytes().all(|b| b.is_ascii_digit()) || !EmailAddress::is_valid_domain(&domain) {
        return Err(EmailError::Domain);
    }
    let address = format!("{local}@{domain}");
    if address.len() > MAX_LENGTH {
        return Err(EmailError::Length);
    }
    Ok(address)
}

/// The form in which people are stored, looked for and counted by their address: normal, all in lower case. A text that
/// is not an address has such a form, too.
#[must_use]
pub fn account(text: &str) -> String {
    normal(text).unwrap_or_else(|_| text.trim().to_owned()).to_lowercase()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::{EmailError, account, normal};

    #[rstest]
    #[case("olena@example.com", "olena@example.com")]
    #[case("  Olena.K+bus@Example.COM ", "Olena.K+bus@example.com")]
    #[case("o'neil_{x}@mail.co.uk", "o'neil_{x}@mail.co.uk")]
    #[case("info@автобус.укр", "info@xn--80acc2cqdj.xn--j1amh")]
    #[case("info@BÜCHER.example", "info@xn--bcher-kva.example")]
    // The same domain as a Mac types it, and with an ideographic full stop.
    #[case("info@bu\u{308}cher.example", "info@xn--bcher-kva.example")]
    #[case("info@例え。テスト", "info@xn--r8jz45g.xn--zckzah")]
    #[case("info@xn--bcher-kva.example", "info@xn--bcher-kva.example")]
    fn an_address_has_one_form(#[case] text: &str, #[case] address: &str) {
        assert_eq!(normal(text).as_deref(), Ok(address));
        assert_eq!(normal(address).as_deref(), Ok(address), "it stays the same");
    }

    #[rstest]
    #[case("", EmailError::Shape)]
    #[case("nobody", EmailError::Shape)]
    #[case("@example.com", EmailError::Shape)]
    #[case("a b@example.com", EmailError::Shape)]
    #[case("a\r\nBcc:x@example.com", EmailError::Shape)]
    #[case(".a@example.com", EmailError::Shape)]
    #[case("a..b@example.com", EmailError::Shape)]
    #[case("Olena <olena@example.com>", EmailError::Shape)]
    #[case("\"a b\"@example.com", EmailError::Shape)]
    #[case("\"ab\"@example.com", EmailError::Shape)]
    #[case("a@b@example.com", EmailError::Shape)]
    #[case("олена@example.com", EmailError::LocalPart)]
    #[case("o\u{200b}lena@example.com", EmailError::LocalPart)]
    #[case("olena@", EmailError::Domain)]
    #[case("olena@localhost", EmailError::Domain)]
    #[case("olena@example.com.", EmailError::Domain)]
    #[case("olena@-example.com", EmailError::Domain)]
    #[case("olena@exa_mple.com", EmailError::Domain)]
    #[case("olena@exa mple.com", EmailError::Domain)]
    #[case("olena@[192.0.2.1]", EmailError::Domain)]
    #[case("olena@192.0.2.1", EmailError::Domain)]
    #[case("olena@xn--.com", EmailError::Domain)]
    #[case("olena@example..com", EmailError::Domain)]
    #[case("olena@exam\u{202e}ple.com", EmailError::Domain)]
    fn what_mail_cannot_be_sent_to_is_refused(#[case] text: &str, #[case] error: EmailError) {
        assert_eq!(normal(text), Err(error));
    }

    #[test]
    fn lengths_are_those_of_the_ascii_form() {
        let local = "x".repeat(64);
        assert!(normal(&format!("{local}@example.com")).is_ok());
        assert_eq!(normal(&format!("{local}x@example.com")), Err(EmailError::Shape));
        let label = "ї".repeat(60);
        assert_eq!(
            normal(&format!("a@{label}.com")),
            Err(EmailError::Domain),
            "a label has 63"
        );
        let domain = ["y".repeat(60), "y".repeat(60), "y".repeat(60), "com".to_owned()].join(".");
        assert!(normal(&format!("abc@{domain}")).is_ok());
        assert_eq!(
            normal(&format!("{local}{}@{domain}", "")),
            Ok(format!("{local}@{domain}"))
        );
        assert_eq!(normal(&format!("{local}@yyyyyy.{domain}")), Err(EmailError::Length));
    }

    #[test]
    fn an_account_is_the_same_in_any_spelling() {
        assert_eq!(account(" Olena@Karpaty.Example\n"), "olena@karpaty.example");
        assert_eq!(account("Olena@BÜCHER.example"), account("olena@xn--bcher-kva.example"));
        assert_eq!(account(" Not an address"), "not an address");
    }
}
