//! Fetches a feed over HTTP.
//!
//! At most [`MOST_REDIRECTS`] redirects are followed, to any host, but never from https to http. Requests carry a
//! `User-Agent` and the version that is already known (`If-None-Match`, `If-Modified-Since`). At most [`MOST_DOWNLOAD`]
//! bytes are read, also after the decompression of a response with a `Content-Encoding`.

use std::io::Read as _;
use std::time::Duration;

use connect::SettingError;
use domain::gtfs::Validators;
use reqwest::header::{
    ACCEPT_ENCODING, CONTENT_ENCODING, ETAG, HeaderMap, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED,
    LOCATION, RETRY_AFTER,
};
use reqwest::{Response, StatusCode};

use super::super::Timeouts;
use super::{Address, AddressError};

/// Most redirects that are followed.
pub const MOST_REDIRECTS: usize = 5;
/// Largest archive in bytes.
pub const MOST_DOWNLOAD: usize = 256 * 1024 * 1024;
/// Time-outs for servers of timetables, which may be slow to respond and to send.
pub const TIMEOUTS: Timeouts = Timeouts {
    step: Duration::from_secs(30),
    total: Duration::from_secs(600),
};
/// The `User-Agent` of requests.
const USER_AGENT: &str = concat!("PREXSELL/", env!("CARGO_PKG_VERSION"), " (GTFS import)");
/// Longest validator that is kept.
const LONGEST_VALIDATOR: usize = 1_000;

/// The outcome of a request.
#[derive(Debug, PartialEq, Eq)]
pub enum Fetched {
    /// The known version is still current.
    Unchanged,
    /// A new archive.
    Archive {
        /// Its bytes.
        bytes: Vec<u8>,
        /// How the server identifies it.
        validators: Validators,
    },
}

/// Why a feed was not fetched. No text here contains a key or a password of an address.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The address, or one that a redirect leads to, is refused.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// The server did not respond.
    #[error("{address} {reason}")]
    Away {
        /// The requested address.
        address: Address,
        /// The failure.
        reason: &'static str,
        /// The underlying error.
        #[source]
        source: reqwest::Error,
    },
    /// The server responded with an error.
    #[error("{address} responded with HTTP {}{}", status.as_u16(), after.as_ref().map(|after| format!(" (Retry-After: {after})")).unwrap_or_default())]
    Status {
        /// The requested address.
        address: Address,
        /// The status.
        status: StatusCode,
        /// Its `Retry-After`.
        after: Option<String>,
    },
    /// Too many redirects.
    #[error("more than {MOST_REDIRECTS} redirects")]
    TooManyRedirects,
    /// The archive is too large.
    #[error("the response is larger than {0} bytes")]
    TooLarge(usize),
    /// The `Content-Encoding` is unsupported or wrong.
    #[error("the response cannot be decoded as {0:?}")]
    Encoding(String),
    /// Not an archive.
    #[error("{address} responded with something other than a zip archive{}", kind.as_ref().map(|kind| format!(": {kind}")).unwrap_or_default())]
    NoArchive {
        /// The requested address.
        address: Address,
        /// Its `Content-Type`.
        kind: Option<String>,
    },
}

/// Fetches feeds.
#[derive(Debug)]
pub struct Fetcher {
    client: reqwest::Client,
    most_bytes: usize,
}

impl Fetcher {
    /// A client with these limits. `step` bounds connecting and the time between two chunks of a response.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(timeouts: Timeouts, most_bytes: usize) -> Result<Self, SettingError> {
        let client = reqwest::Client::builder()
            .connect_timeout(timeouts.step)
            .read_timeout(timeouts.step)
            .timeout(timeouts.total)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(USER_AGENT)
            .build()
            .map_err(|e| SettingError {
                setting: "the import of feeds",
                problem: format!("cannot set up an HTTP client: {e}"),
            })?;
        Ok(Self { client, most_bytes })
    }

    /// Fetches the archive at an address, unless the known version is still current.
    ///
    /// # Errors
    /// [`FetchError`].
    pub async fn fetch(&self, address: &Address, known: &Validators) -> Result<Fetched, FetchError> {
        let mut address = address.clone();
        for _ in 0..=MOST_REDIRECTS {
            let response = self.ask(&address, known).await?;
            let status = response.status();
            if status == StatusCode::NOT_MODIFIED && !known.is_empty() {
                return Ok(Fetched::Unchanged);
            }
            if status == StatusCode::OK {
                return self.archive(address, response).await;
            }
            let header = |name: HeaderName| response.headers().get(name).and_then(|value| value.to_str().ok());
            match header(LOCATION) {
                Some(location) if matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) => {
                    address = address.redirected(location)?;
                }
                _ => {
                    return Err(FetchError::Status {
                        after: header(RETRY_AFTER).map(|after| after.chars().take(40).collect()),
                        address,
                        status,
                    });
                }
            }
        }
        Err(FetchError::TooManyRedirects)
    }

    async fn ask(&self, address: &Address, known: &Validators) -> Result<Response, FetchError> {
        let mut request = self.client.get(address.url()).header(ACCEPT_ENCODING, "gzip, identity");
        if let Some(etag) = &known.etag {
            request = request.header(IF_NONE_MATCH, etag);
        }
        if let Some(modified) = &known.modified {
            request = request.header(IF_MODIFIED_SINCE, modified);
        }
        request.send().await.map_err(|e| away(address, e))
    }

    async fn archive(&self, address: Address, mut response: Response) -> Result<Fetched, FetchError> {
        let too_large = || FetchError::TooLarge(self.most_bytes);
        let declared = response.content_length().unwrap_or(0);
        if usize::try_from(declared).map_or(true, |declared| declared > self.most_bytes) {
            return Err(too_large());
        }
        let headers = response.headers().clone();
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|e| away(&address, e))? {
            if bytes.len() + chunk.len() > self.most_bytes {
                return Err(too_large());
            }
            bytes.extend_from_slice(&chunk);
        }
        let text = |name: &str| {
            headers
                .get(name)
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned)
        };
        let bytes = match text(CONTENT_ENCODING.as_str()).as_deref().map(str::trim) {
            None | Some("" | "identity") => bytes,
            Some(encoding @ ("gzip" | "x-gzip")) => self.inflate(&bytes, encoding)?,
            Some(other) => return Err(FetchError::Encoding(other.chars().take(40).collect())),
        };
        if !bytes.starts_with(b"PK") {
            let kind = text("content-type").map(|kind| kind.chars().take(80).collect());
            return Err(FetchError::NoArchive { address, kind });
        }
        Ok(Fetched::Archive {
            bytes,
            validators: validators(&headers),
        })
    }

    fn inflate(&self, bytes: &[u8], encoding: &str) -> Result<Vec<u8>, FetchError> {
        let most = u64::try_from(self.most_bytes).unwrap_or(u64::MAX).saturating_add(1);
        let mut inflated = Vec::new();
        flate2::read::MultiGzDecoder::new(bytes)
            .take(most)
            .read_to_end(&mut inflated)
            .map_err(|_| FetchError::Encoding(encoding.to_owned()))?;
        if inflated.len() > self.most_bytes {
            return Err(FetchError::TooLarge(self.most_bytes));
        }
        Ok(inflated)
    }
}

fn validators(headers: &HeaderMap) -> Validators {
    let text = |name: HeaderName| {
        let value = headers.get(name)?.to_str().ok()?;
        Some(value.to_owned()).filter(|value| value.len() <= LONGEST_VALIDATOR)
    };
    Validators {
        etag: text(ETAG),
        modified: text(LAST_MODIFIED),
    }
}

fn away(address: &Address, error: reqwest::Error) -> FetchError {
    let reason = if error.is_timeout() {
        "takes too long"
    } else if error.is_connect() {
        "cannot be reached"
    } else {
        "ended the response early"
    };
    FetchError::Away {
        address: address.clone(),
        reason,
        source: error.without_url(),
    }
}
