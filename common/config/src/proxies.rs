//! `TRUSTED_PROXIES`: the proxies that are trusted to report the addresses of clients.

use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;

/// Addresses and ranges of our own proxies.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

/// What is wrong with the list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProxiesError {
    /// Neither an address nor a range.
    #[error("{0:?} is neither an address nor a range such as 10.0.0.0/8")]
    Malformed(String),
    /// A range of every address: any client could then forge its own.
    #[error("{0} would trust every address")]
    EveryAddress(IpNet),
}

impl FromStr for TrustedProxies {
    type Err = ProxiesError;

    /// Reads addresses and ranges separated by commas; an empty text trusts no proxy.
    fn from_str(text: &str) -> Result<Self, ProxiesError> {
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        let ranges = text.split(',').map(|entry| {
            let entry = entry.trim();
            let range = match entry.parse::<IpAddr>() {
                Ok(address) => Some(IpNet::from(address.to_canonical())),
                Err(_) => entry.parse::<IpNet>().ok(),
            };
            match range {
                Some(range) if range.prefix_len() == 0 => Err(ProxiesError::EveryAddress(range)),
                Some(range) => Ok(range),
                None => Err(ProxiesError::Malformed(entry.to_owned())),
            }
        });
        ranges.collect::<Result<_, _>>().map(Self)
    }
}

impl TrustedProxies {
    /// Whether this is the address of one of our proxies.
    #[must_use]
    pub fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|range| range.contains(&address))
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::TrustedProxies;

    #[rstest]
    #[case("", "127.0.0.1", false)]
    #[case("  ", "127.0.0.1", false)]
    #[case("127.0.0.1", "127.0.0.1", true)]
    #[case("127.0.0.1", "127.0.0.2", false)]
    #[case("127.0.0.1", "::ffff:127.0.0.1", true)]
    #[case("::ffff:127.0.0.1", "127.0.0.1", true)]
    #[case("10.0.0.0/8 , 2001:db8::/32", "10.200.3.4", true)]
    #[case("10.0.0.0/8 , 2001:db8::/32", "2001:db8:9::1", true)]
    #[case("10.0.0.0/8 , 2001:db8::/32", "11.0.0.1", false)]
    #[case("10.1.2.3/8", "10.9.9.9", true)]
    fn a_proxy_is_trusted_by_address_or_range(#[case] list: &str, #[case] address: &str, #[case] trusted: bool) {
        let proxies: TrustedProxies = list.parse().unwrap();
        assert_eq!(proxies.trusts(address.parse().unwrap()), trusted);
    }

    #[rstest]
    #[case("proxy.example")]
    #[case("10.0.0.0/33")]
    #[case("10.0.0.1,,10.0.0.2")]
    #[case("10.0.0.1;10.0.0.2")]
    #[case("0.0.0.0/0")]
    #[case("::/0")]
    fn a_malformed_or_too_wide_list_is_refused(#[case] list: &str) {
        assert!(list.parse::<TrustedProxies>().is_err());
    }
}
