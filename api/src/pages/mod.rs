//! Pages for people (contract section 11): the guides in `docs/guides`, rendered when the process starts, with the
//! header and style that they share with `/docs`. The text of a guide belongs in its Markdown file.

pub mod console;
mod markdown;

use askama::Template;

use markdown::{Rendered, Section};

/// The path of the guide from `/rest` to `/v2`.
pub const MIGRATION: &str = "/guides/rest-to-v2-migration";

/// The path of the introduction.
pub const INTRODUCTION: &str = "/introduction";

/// The path of the page of the API reference.
pub const REFERENCE: &str = "/docs";

/// The path of the style of all pages.
pub const STYLE: &str = "/pages.css";

/// The style itself.
pub const STYLE_TEXT: &str = include_str!("../../assets/pages.css");

/// A guide.
#[derive(Debug, Clone, Copy)]
pub struct Guide {
    /// Its path.
    pub path: &'static str,
    /// Its name in the header of all pages; the start page has none, since the name of the API links to it.
    name: Option<&'static str>,
    /// Its file in `docs/guides`, by which guides link to each other.
    file: &'static str,
    markdown: &'static str,
}

macro_rules! guide {
    ($path:expr, $name:expr, $file:literal) => {
        Guide {
            path: $path,
            name: $name,
            file: $file,
            markdown: include_str!(concat!("../../../docs/guides/", $file)),
        }
    };
}

/// All guides, in the order of the header.
pub const GUIDES: [Guide; 4] = [
    guide!("/", None, "index.md"),
    guide!(INTRODUCTION, Some("Introduction"), "introduction.md"),
    guide!(
        "/guides/distribution-getting-started",
        Some("Getting started"),
        "distribution-getting-started.md"
    ),
    guide!(MIGRATION, Some("Migration"), "rest-to-v2-migration.md"),
];

/// Whether a path is that of a page or of their style.
#[must_use]
pub fn is_page(path: &str) -> bool {
    path == REFERENCE || path == STYLE || GUIDES.iter().any(|guide| guide.path == path)
}

/// The URL of the API in the requests of the guides; a page shows the URL of the process that serves it instead.
const EXAMPLE_URL: &str = "API_URL=https://api.prexsell.example";

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    title: &'a str,
    style: &'static str,
    links: Vec<Link>,
    sections: &'a [Section],
    body: &'a str,
}

#[derive(Template)]
#[template(path = "header.html")]
struct Header {
    links: Vec<Link>,
}

/// A link in the header.
struct Link {
    path: &'static str,
    text: &'static str,
    is_current: bool,
}

fn links(current: &str) -> Vec<Link> {
    let guides = GUIDES.iter().filter_map(|guide| Some((guide.path, guide.name?)));
    guides
        .chain([(REFERENCE, "API reference"), (console::CONSOLE, "Console")])
        .map(|(path, text)| Link {
            path,
            text,
            is_current: path == current,
        })
        .collect()
}

/// The page of a guide, as HTML; `public_url` is the URL of the API.
///
/// # Errors
/// When the template fails.
pub fn render(guide: &Guide, public_url: &str) -> Result<String, askama::Error> {
    let markdown = guide
        .markdown
        .replace(EXAMPLE_URL, &format!("API_URL={}", public_url.trim_end_matches('/')));
    let rendered = markdown::render(&markdown, |file| {
        GUIDES.iter().find(|guide| guide.file == file).map(|guide| guide.path)
    });
    page(guide.path, &rendered)
}

/// The page at `path` with these contents.
fn page(path: &str, contents: &Rendered) -> Result<String, askama::Error> {
    Page {
        title: &contents.title,
        style: STYLE,
        links: links(path),
        sections: &contents.sections,
        body: &contents.body,
    }
    .render()
}

/// The header of the pages, as HTML, for the page at `current`.
///
/// # Errors
/// When the template fails.
pub fn header(current: &str) -> Result<String, askama::Error> {
    Header { links: links(current) }.render()
}
