//! Origins whose pages may call the API from a browser (CORS).

use reqwest::Url;

/// The value of `CORS_ORIGINS`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origins {
    listed: Vec<String>,
    anyone: bool,
}

impl Origins {
    /// Reads origins separated by commas, or `*`; an empty text means no origins.
    ///
    /// # Errors
    /// Names the first entry that no browser would ever send as `Origin`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut origins = Self::default();
        for entry in text.split(',').map(str::trim).filter(|entry| !entry.is_empty()) {
            if entry == "*" {
                origins.anyone = true;
                continue;
            }
            // The text must be the origin itself: no path, no capitals, no default port, no `null`. A URL may have a
            // star in its host; here it would look like a pattern, and match nothing.
            let url = Url::parse(entry).ok().filter(|_| !entry.contains('*'));
            let web = url.filter(|url| matches!(url.scheme(), "http" | "https"));
            if web.is_none_or(|url| url.origin().ascii_serialization() != entry) {
                return Err(format!(
                    "CORS_ORIGINS: `{entry}` is not an origin such as https://shop.example.com"
                ));
            }
            origins.listed.push(entry.to_owned());
        }
        Ok(origins)
    }

    /// Whether this origin is named; `*` names none.
    #[must_use]
    pub fn lists(&self, origin: &str) -> bool {
        self.listed.iter().any(|listed| listed == origin)
    }

    /// Whether every page may read public resources.
    #[must_use]
    pub const fn anyone(&self) -> bool {
        self.anyone
    }

    /// Whether no page of another origin may read anything.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.listed.is_empty() && !self.anyone
    }
}

/// The origin of a URL, as browsers write it.
pub(super) fn of(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    Some(url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::Origins;

    #[test]
    fn reads_a_list() {
        let origins = Origins::parse(" https://shop.example.com, http://localhost:5173 ,").unwrap();
        assert!(origins.lists("https://shop.example.com") && origins.lists("http://localhost:5173"));
        assert!(!origins.lists("http://shop.example.com") && !origins.lists("null") && !origins.anyone());
        assert!(Origins::parse("").unwrap().is_empty());
        let both = Origins::parse("*,https://shop.example.com").unwrap();
        assert!(both.anyone() && both.lists("https://shop.example.com") && !both.lists("*"));
    }

    #[rstest]
    #[case("shop.example.com")]
    #[case("https://shop.example.com/")]
    #[case("https://Shop.example.com")]
    #[case("https://shop.example.com:443")]
    #[case("https://*.example.com")]
    #[case("https://user@shop.example.com")]
    #[case("null")]
    #[case("file:///tmp")]
    fn refuses_what_no_browser_sends(#[case] entry: &str) {
        assert!(Origins::parse(entry).unwrap_err().contains("CORS_ORIGINS"));
    }
}
