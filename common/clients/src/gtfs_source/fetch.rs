//! A feed behind an address.
//!
//! What is followed: at most [`MOST_REDIRECTS`] redirects, to any host, but never from https to http. What is said: who
//! asks (`User-Agent`), and which version is known already (`If-None-Match`, `If-Modified-Since`). What is read: at most
//! [`MOST_DOWNLOAD`] bytes, also of an answer that is compressed once more.

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
use super::Address;

/// Most redirects between an address and its feed.
pub const MOST_REDIRECTS: usize = 5;
/// What an archive may come to, in bytes.
pub const MOST_DOWNLOAD: usize = 256 * 1024 * 1024;
/// Time-outs for servers of timetables, which may take their time to begin and send slowly.
pub const TIMEOUTS: Timeouts = Timeouts {
    step: Duration::from_secs(30),
    total: Duration::from_secs(600),
};
/// Who asks.
const USER_AGENT: &str = concat!("PREXSELL/", env!("CARGO_PKG_VERSION"), " (GTFS import)");
/// Longest validator that is kept.
const LONGEST_VALIDATOR: usize = 1_000;

/// What a server answers.
#[derive(Debug, PartialEq, Eq)]
pub enum Fetched {
    /// The version that is known.
    Unchanged,
    /// This archive.
    Archive {
        /// Its bytes.
        bytes: Vec<u8>,
        /// What the server calls it.
        validators: Validators,
    },
}

/// Why a feed was not fetched. No text here holds what an address may hold of keys.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// Not an address of a feed.
    #[error("the address {0}")]
    Address(String),
    /// The server cannot be talked to.
    #[error("{address} {reason}")]
    Away {
        /// Whom was asked.
        address: Address,
        /// What went wrong.
        reason: &'static str,
        /// The underlying error.
        #[source]
        source: reqwest::Error,
    },
    /// The server does not answer with a feed.
    #[error("{address} answers HTTP {}{}", status.as_u16(), after.as_ref().map(|after| format!(" (Retry-After: {after})")).unwrap_or_default())]
    Status {
        /// Whom was asked.
        address: Address,
        /// What it answers.
        status: StatusCode,
        /// When to ask again, as it says.
        after: Option<String>,
    },
    /// More redirects than an address needs.
    #[error("more than {MOST_REDIRECTS} redirects")]
    TooManyRedirects,
    /// A redirect from https to http: anybody on the way could have made the feed.
    #[error("it is redirected from https to http, which is not followed")]
    Downgrade,
    /// A redirect that leads nowhere.
    #[error("it is redirected to what is neither an http nor an https address")]
    BadRedirect,
    /// More than an archive may come to.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
    /// Compressed in a way that was not asked for, or not really.
    #[error("the answer is encoded as {0:?} and cannot be read so")]
    Encoding(String),
    /// Not an archive.
    #[error("{address} answers with no zip archive{}", kind.as_ref().map(|kind| format!(" but {kind}")).unwrap_or_default())]
    NoArchive {
        /// Whom was asked.
        address: Address,
        /// What it says that it is.
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
    /// A client that waits so long and takes so many bytes. `step` bounds a connection and the time between two pieces of
    /// an answer.
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
                problem: format!("has no client: {e}"),
            })?;
        Ok(Self { client, most_bytes })
    }

    /// Fetches the archive behind an address, unless it is the version that is known.
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
        let room = u64::try_from(self.most_bytes).unwrap_or(u64::MAX).saturating_add(1);
        let mut inflated = Vec::new();
        flate2::read::MultiGzDecoder::new(bytes)
            .take(room)
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
        "breaks the answer off"
    };
    FetchError::Away {
        address: address.clone(),
        reason,
        source: error.without_url(),
    }
}
