//! The console (`console/`): its files are part of the program (`api/build.rs`), compressed when it was built. The
//! names of assets contain a hash of their content, so browsers keep them; the page that names them is revalidated each
//! time.

use app::error::{AppError, Noun};
use bytes::Bytes;
use poem::endpoint::make_sync;
use poem::http::{HeaderMap, HeaderValue, header};
use poem::{Endpoint, Response};

use super::markdown;
use crate::error::ApiError;
use crate::fixed::{HTML, Policy};
use crate::wire::coding::accepts;

/// The path of the console. Every path below it without a file shows the same page, whose script reads the path.
pub const CONSOLE: &str = "/console";

const INDEX: &str = "index.html";
const ASSETS: &str = "assets/";

/// A year, in effect permanently: the content under a name never changes.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// A file of the built console.
#[derive(Debug, Clone, Copy)]
struct File {
    /// Its path below [`CONSOLE`].
    name: &'static str,
    plain: &'static [u8],
    brotli: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

/// All files; empty if the console was not built.
const FILES: &[File] = include!(concat!(env!("OUT_DIR"), "/console.rs"));

/// The page that is shown if the console was not built.
const MISSING: &str = "\
# The console is not in this build

The API was built without the console, its pages for operators and partners. Everything else works, and \
[the same operations are in the API](/docs).

To get it: `./dev up` builds the console if it can get Node.js. By hand, in the folder `console` of the repository, with \
Node.js 20.19 or later:

```sh
npm ci --ignore-scripts
npm run build
```

Then build and start the API again.
";

/// Whether the console is in this build.
#[must_use]
pub const fn is_built() -> bool {
    !FILES.is_empty()
}

/// Serves the console. `streets` is the origin of the streets that its maps show, if there are any.
///
/// # Errors
/// When the page that is shown without the console cannot be rendered.
pub fn console(streets: Option<&str>) -> Result<impl Endpoint + 'static, askama::Error> {
    let missing: Bytes = super::page(CONSOLE, &markdown::render(MISSING, |_| None))?.into();
    let policy = policy(streets);
    Ok(make_sync(move |request| {
        if !is_built() {
            return Ok(Response::builder()
                .content_type(HTML)
                .header(header::CONTENT_SECURITY_POLICY, Policy::Text.header())
                .header(header::CACHE_CONTROL, "no-cache")
                .body(missing.clone()));
        }
        let path = request.uri().path();
        let path = path.strip_prefix(CONSOLE).unwrap_or(path).trim_start_matches('/');
        serve(FILES, path, request.headers(), &policy)
            .ok_or_else(|| poem::Error::from(ApiError::from(AppError::NotFound(Noun::Resource))))
    }))
}

/// The policy of the console, which allows maps to load their streets from this origin.
fn policy(streets: Option<&str>) -> HeaderValue {
    let policy = Policy::Console.header();
    let wider = streets.map(|origin| policy.replace("connect-src 'self'", &format!("connect-src 'self' {origin}")));
    wider
        .and_then(|wider| HeaderValue::from_str(&wider).ok())
        .unwrap_or(HeaderValue::from_static(policy))
}

/// The file at a path, or the page; `None` for an asset that does not exist (any more).
fn serve(files: &'static [File], path: &str, headers: &HeaderMap, policy: &HeaderValue) -> Option<Response> {
    let is_asset = path.starts_with(ASSETS);
    let name = if is_asset { path } else { INDEX };
    let file = files.iter().find(|file| file.name == name)?;
    let (coding, body) = [("br", file.brotli), ("gzip", file.gzip)]
        .into_iter()
        .find_map(|(coding, body)| Some((Some(coding), body.filter(|_| accepts(headers, coding))?)))
        .unwrap_or((None, file.plain));
    let mut response = Response::builder()
        .content_type(content_type(file.name))
        .header(header::CONTENT_SECURITY_POLICY, policy.clone())
        .header(header::CACHE_CONTROL, if is_asset { IMMUTABLE } else { "no-cache" })
        .body(Bytes::from_static(body));
    let headers = response.headers_mut();
    if let Some(coding) = coding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    if file.brotli.is_some() {
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    Some(response)
}

/// The type of a file, from the end of its name.
fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => HTML,
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("geojson") => "application/geo+json",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use poem::http::{HeaderMap, HeaderValue, header};
    use rstest::rstest;

    use super::{File, policy, serve};
    use crate::fixed::Policy;

    const fn file(name: &'static str, plain: &'static [u8]) -> File {
        File {
            name,
            plain,
            brotli: None,
            gzip: None,
        }
    }

    const FILES: &[File] = &[
        File {
            brotli: Some(b"br"),
            gzip: Some(b"gz"),
            ..file("assets/a-1.js", b"plain")
        },
        file("assets/icon-2.svg", b"<svg/>"),
        file("index.html", b"<!doctype html>"),
    ];

    #[rstest]
    #[case("gzip, br", "br", b"br")]
    #[case("gzip", "gzip", b"gz")]
    #[case("br;q=0, gzip", "gzip", b"gz")]
    #[case("", "", b"plain")]
    #[tokio::test]
    async fn an_asset_is_sent_in_an_encoding_that_the_client_accepts(
        #[case] accepted: &'static str,
        #[case] coding: &str,
        #[case] body: &'static [u8],
    ) {
        let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(accepted))]);
        let mut response = serve(FILES, "assets/a-1.js", &headers, &policy(None)).unwrap();
        let sent = response.headers().get(header::CONTENT_ENCODING);
        assert_eq!(sent.map_or("", |value| value.to_str().unwrap()), coding);
        assert_eq!(response.headers()["vary"], "accept-encoding");
        assert_eq!(response.take_body().into_bytes().await.unwrap(), body);
    }

    #[test]
    fn assets_are_cached_and_the_page_is_revalidated() {
        let kept = |path| {
            let answer = serve(FILES, path, &HeaderMap::new(), &policy(None))?;
            Some(answer.headers()["cache-control"].clone())
        };
        assert_eq!(
            kept("assets/icon-2.svg").unwrap(),
            "public, max-age=31536000, immutable"
        );
        for page in ["", "orders", "orders/ord_1", "index.html", "nothing/there"] {
            assert_eq!(kept(page).unwrap(), "no-cache", "{page}");
        }
        assert_eq!(kept("assets/a-0.js"), None);
        assert_eq!(kept("assets/"), None);
    }

    #[test]
    fn maps_reach_the_origin_of_their_streets_and_no_other() {
        assert_eq!(policy(None), Policy::Console.header());
        let wider = policy(Some("https://tiles.example:8443"));
        let expected = Policy::Console
            .header()
            .replace("connect-src 'self'", "connect-src 'self' https://tiles.example:8443");
        assert_eq!(wider, expected);
        assert!(expected.contains("connect-src 'self' https://tiles.example:8443;"));
    }
}
