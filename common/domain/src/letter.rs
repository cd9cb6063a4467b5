//! Mails to people who work in PREXSELL, about a scheduled report or an invitation: the frame that they share. The
//! content of each is with its subject.

use askama::Template;

/// A mail, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Subject line, in one line.
    pub subject: String,
    /// The text for mail programs without HTML.
    pub plain: String,
    /// The same as HTML.
    pub html: String,
}

/// The HTML of a letter.
#[derive(Template)]
#[template(path = "letter.html")]
pub(crate) struct Html<'a> {
    /// Its language, as HTML names it.
    pub tag: &'a str,
    /// Subject line, and heading.
    pub subject: &'a str,
    /// The first sentence.
    pub lead: &'a str,
    /// Lines below it.
    pub details: &'a [String],
    /// Where the button leads; without it, there is none.
    pub link: Option<&'a str>,
    /// What the button says.
    pub button: &'a str,
    /// Paragraphs in small print.
    pub notes: &'a [&'a str],
}
