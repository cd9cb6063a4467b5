//! The address of the client of a request: that of its connection or, behind trusted proxies, the one that they report.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use config::TrustedProxies;
use poem::http::{HeaderMap, HeaderName};
use poem::{FromRequest, Request, RequestBody};

use crate::state::State;

/// Header to which a proxy appends the address that it received the request from.
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The address of the client that sent a request, as far as it can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// The address of a client. The entries of the header are read from the nearest proxy on, as long as they name trusted
/// proxies. The first other address is the client. Earlier entries may be forged.
#[must_use]
pub fn client(peer: IpAddr, headers: &HeaderMap, proxies: &TrustedProxies) -> IpAddr {
    let mut address = peer.to_canonical();
    let lines = headers.get_all(FORWARDED_FOR).iter().collect::<Vec<_>>();
    let mut entries = lines
        .into_iter()
        .rev()
        .flat_map(|line| line.to_str().unwrap_or_default().rsplit(','));
    while proxies.trusts(address) {
        match entries.next().and_then(read) {
            Some(before) => address = before,
            // The entry is missing or unreadable, so the last known address is used.
            None => break,
        }
    }
    address
}

/// An address as proxies write it; some add the port.
fn read(entry: &str) -> Option<IpAddr> {
    let entry = entry.trim();
    let bare = entry.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let address = bare.unwrap_or(entry).parse::<IpAddr>();
    let address = address.or_else(|_| entry.parse::<SocketAddr>().map(|with_port| with_port.ip()));
    address.ok().map(|address| address.to_canonical())
}

/// The address of the client that sent this request.
#[must_use]
pub fn of(request: &Request, proxies: &TrustedProxies) -> IpAddr {
    let peer = request.remote_addr().as_socket_addr().map(SocketAddr::ip);
    // Only sockets that are not IP have no address; their callers are counted together.
    let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    client(peer, request.headers(), proxies)
}

impl<'a> FromRequest<'a> for ClientAddress {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        Ok(Self(of(request, &State::of(request)?.trusted_proxies)))
    }
}

#[cfg(test)]
mod tests {
    use config::TrustedProxies;
    use poem::http::HeaderMap;
    use rstest::rstest;

    use super::client;

    #[rstest]
    #[case::nobody_in_between("198.51.100.1", &[], "198.51.100.1")]
    #[case::a_stranger_makes_something_up("198.51.100.1", &["192.0.2.1"], "198.51.100.1")]
    #[case::one_proxy("10.0.0.1", &["192.0.2.1"], "192.0.2.1")]
    #[case::a_client_makes_something_up("10.0.0.1", &["127.0.0.1, 10.0.0.9, 192.0.2.1"], "192.0.2.1")]
    #[case::two_proxies("10.0.0.1", &["8.8.8.8, 192.0.2.1, 10.0.0.2"], "192.0.2.1")]
    #[case::several_lines("10.0.0.1", &["8.8.8.8", "192.0.2.1,10.0.0.3", "10.0.0.2"], "192.0.2.1")]
    #[case::our_own_request("10.0.0.1", &["10.0.0.2, 10.0.0.3"], "10.0.0.2")]
    #[case::with_ports("10.0.0.1", &["192.0.2.1:4711, 10.0.0.2:80"], "192.0.2.1")]
    #[case::v6("2001:db8::1", &["2001:470::7, [2001:db8::2]:443"], "2001:470::7")]
    #[case::v6_in_brackets("10.0.0.1", &["[2001:470::7]"], "2001:470::7")]
    #[case::mapped("::ffff:10.0.0.1", &["::ffff:192.0.2.1"], "192.0.2.1")]
    #[case::unreadable("10.0.0.1", &["192.0.2.1, unknown"], "10.0.0.1")]
    #[case::unreadable_behind_another("10.0.0.1", &["_hidden, 10.0.0.2"], "10.0.0.2")]
    #[case::empty("10.0.0.1", &[""], "10.0.0.1")]
    fn the_client_is_the_last_that_is_no_trusted_proxy(
        #[case] peer: &str,
        #[case] forwarded_for: &[&str],
        #[case] expected: &str,
    ) {
        let proxies: TrustedProxies = "10.0.0.0/8, 2001:db8::/32".parse().unwrap();
        let mut headers = HeaderMap::new();
        for line in forwarded_for {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        let found = client(peer.parse().unwrap(), &headers, &proxies);
        assert_eq!(found.to_string(), expected);
    }

    #[test]
    fn without_proxies_no_header_is_believed() {
        let headers = HeaderMap::from_iter([("x-forwarded-for".parse().unwrap(), "192.0.2.1".parse().unwrap())]);
        let found = client([127, 0, 0, 1].into(), &headers, &TrustedProxies::default());
        assert_eq!(found.to_string(), "127.0.0.1");
    }

    #[test]
    fn headers_that_are_not_utf8_are_ignored() {
        let value = poem::http::HeaderValue::from_bytes(b"192.0.2.1, \xff").unwrap();
        let headers = HeaderMap::from_iter([("x-forwarded-for".parse().unwrap(), value)]);
        let found = client([10, 0, 0, 1].into(), &headers, &"10.0.0.0/8".parse().unwrap());
        assert_eq!(found.to_string(), "10.0.0.1");
    }
}
