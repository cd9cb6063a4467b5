//! Limits of failed sign-ins. Attempts are counted when they begin and taken back unless they fail, so that failures
//! are counted, and parallel attempts cannot exceed the limit together.

use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

/// What failures are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Counted {
    /// A device from which the account was signed in to before: its owner mistypes, or another person uses it. No other
    /// counter applies to such an attempt, so that failures of others do not lock the owner out.
    Device,
    /// One account from one address: guessing of a password.
    AccountFromAddress,
    /// One account from all places together from which it was never signed in to: many who guess one password. Wider
    /// than the former, since an owner who comes from a new place is locked out together with them.
    AccountFromUnknown,
    /// One address, for all accounts: detects an attacker who tries a list of stolen passwords. Wider still, since a
    /// whole office may be behind it.
    Address,
}

/// Failures after which the next attempt is refused, within a window that the first of them opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Of one known device.
    pub device: u32,
    /// Of one account from one address.
    pub account_from_address: u32,
    /// Of one account from all unknown places together.
    pub account_from_unknown: u32,
    /// Of one address.
    pub address: u32,
    /// Length of the window; it does not grow with attempts that are refused.
    pub window: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            device: 10,
            account_from_address: 10,
            account_from_unknown: 30,
            address: 100,
            window: Duration::from_mins(15),
        }
    }
}

impl Limits {
    /// The limit of one kind.
    #[must_use]
    pub const fn of(&self, counted: Counted) -> u32 {
        match counted {
            Counted::Device => self.device,
            Counted::AccountFromAddress => self.account_from_address,
            Counted::AccountFromUnknown => self.account_from_unknown,
            Counted::Address => self.address,
        }
    }
}

/// How long an address is known for an account after it was last signed in to from there.
pub const KNOWN: Duration = Duration::from_hours(30 * 24);

/// What an address is counted as: the /64 of an IPv6 address (one customer has at least that many), and the IPv4
/// address inside a mapped one.
#[must_use]
pub fn place(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64))),
    }
}

/// What an account is counted as: the mail address in the form in which people are looked for, known or not.
#[must_use]
pub fn account(email: &str) -> String {
    super::email::account(email)
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use rstest::rstest;

    use super::{account, place};

    #[rstest]
    #[case("192.0.2.7", "192.0.2.7")]
    #[case("::ffff:192.0.2.7", "192.0.2.7")]
    #[case("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    #[case("::1", "::")]
    fn an_address_is_counted_as_its_customer(#[case] address: IpAddr, #[case] counted: IpAddr) {
        assert_eq!(place(address), counted);
    }

    #[test]
    fn an_account_is_the_same_in_any_spelling() {
        assert_eq!(account(" Olena@Karpaty.Example\n"), "olena@karpaty.example");
    }
}
