//! The address of a feed.

use std::fmt;

use reqwest::Url;

/// Why an address is refused. No text here contains a key or a password of an address.
#[derive(Debug, thiserror::Error)]
pub enum AddressError {
    /// Not an address of a feed.
    #[error("the address {0}")]
    Unusable(String),
    /// A redirect from https to http, after which anyone on the network could forge the feed.
    #[error("refused a redirect from https to http")]
    Downgrade,
    /// A redirect to an unusable address.
    #[error("refused a redirect to an address that is neither http nor https")]
    BadRedirect,
}

/// An http or https address of a feed. It may contain a key or a password, which are never displayed.
#[derive(Clone, PartialEq, Eq)]
pub struct Address(Url);

impl Address {
    /// Whether a text is an address rather than a path.
    #[must_use]
    pub fn is_meant_by(text: &str) -> bool {
        text.split_once("://").is_some_and(|(scheme, _)| {
            !scheme.is_empty() && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
        })
    }

    /// Reads an address.
    ///
    /// # Errors
    /// When it is not an address, or neither http nor https.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let url = Url::parse(text).map_err(|e| AddressError::Unusable(format!("cannot be parsed: {e}")))?;
        if !matches!(url.scheme(), "http" | "https") {
            let scheme = url.scheme();
            return Err(AddressError::Unusable(format!(
                "has the scheme {scheme}, which is neither http nor https"
            )));
        }
        Ok(Self(url))
    }

    /// The whole address, keys and passwords included.
    #[must_use]
    pub fn secret(&self) -> &str {
        self.0.as_str()
    }

    /// The name of the feed: the last part of the path without extension, or the host.
    #[must_use]
    pub fn stem(&self) -> String {
        let last = self
            .0
            .path_segments()
            .and_then(|mut parts| parts.next_back())
            .unwrap_or_default();
        let last = percent_encoding::percent_decode_str(last).decode_utf8_lossy();
        let stem = last.rsplit_once('.').map_or(&*last, |(stem, _)| stem);
        match stem {
            "" => self.0.host_str().unwrap_or_default().to_owned(),
            stem => stem.to_owned(),
        }
    }

    /// The address itself, for a request.
    pub(super) fn url(&self) -> Url {
        self.0.clone()
    }

    /// The target of a redirect.
    ///
    /// # Errors
    /// When it must not be followed.
    pub(super) fn redirected(&self, location: &str) -> Result<Self, AddressError> {
        let url = self.0.join(location).map_err(|_| AddressError::BadRedirect)?;
        match (self.0.scheme(), url.scheme()) {
            ("https", "http") => Err(AddressError::Downgrade),
            (_, "http" | "https") => Ok(Self(url)),
            _ => Err(AddressError::BadRedirect),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.0.host_str().unwrap_or_default();
        write!(f, "{}://{host}", self.0.scheme())?;
        if let Some(port) = self.0.port() {
            write!(f, ":{port}")?;
        }
        f.write_str(self.0.path())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self})")
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::{Address, AddressError};

    #[rstest]
    #[case("https://x.example/a/gtfs.zip", Some("https://x.example/a/gtfs.zip"), "gtfs")]
    #[case(
        "http://user:word@x.example:8080/f%20eed.zip?key=k#part",
        Some("http://x.example:8080/f%20eed.zip"),
        "f eed"
    )]
    #[case("https://x.example/", Some("https://x.example/"), "x.example")]
    #[case("ftp://x.example/gtfs.zip", None, "")]
    #[case("file:///etc/passwd", None, "")]
    fn what_is_shown_of_an_address_has_no_key(#[case] text: &str, #[case] shown: Option<&str>, #[case] stem: &str) {
        assert!(Address::is_meant_by(text));
        let address = Address::parse(text).ok();
        assert_eq!(address.as_ref().map(ToString::to_string).as_deref(), shown);
        assert_eq!(address.map(|address| address.stem()).unwrap_or_default(), stem);
    }

    #[rstest]
    #[case("https://a.example/x", "/y", "https://a.example/y")]
    #[case("https://a.example/x", "https://b.example/y", "https://b.example/y")]
    #[case("http://a.example/x", "https://a.example/x", "https://a.example/x")]
    #[case("http://a.example/x", "//b.example/x", "http://b.example/x")]
    fn redirects_lead_anywhere(#[case] from: &str, #[case] location: &str, #[case] to: &str) {
        let address = Address::parse(from).unwrap();
        assert_eq!(address.redirected(location).unwrap().secret(), to);
    }

    #[test]
    fn redirects_never_lead_from_https_to_http_nor_off_the_web() {
        let address = Address::parse("https://a.example/x").unwrap();
        let refused = |location| address.redirected(location).unwrap_err();
        assert!(matches!(refused("http://a.example/x"), AddressError::Downgrade));
        assert!(matches!(refused("file:///etc/passwd"), AddressError::BadRedirect));
        assert!(matches!(refused("http://"), AddressError::BadRedirect));
        for path in ["feed.zip", "data/demo/x", "C:\\feeds\\x.zip", "://x", "a b://x"] {
            assert!(!Address::is_meant_by(path), "{path}");
        }
    }
}
