//! Why a document or a page cannot be finished.

/// A document, or a page, that cannot be finished.
#[derive(Debug, thiserror::Error)]
pub enum Unfinished {
    /// poem-openapi did not write JSON.
    #[error("the generated document is not JSON")]
    Malformed(#[from] serde_json::Error),
    /// The template of a page fails.
    #[error("a page cannot be rendered")]
    Page(#[from] askama::Error),
    /// Document and table of routes do not hold the same operations.
    #[error("the table of routes does not match the handlers: {0}")]
    Routes(String),
    /// A chapter without a place in the order of chapters.
    #[error("chapter {0} has no place in the order of chapters")]
    Chapter(String),
    /// A refusal without an example: its code and the operation.
    #[error("there is no example of this refusal: {0}")]
    Refusal(String),
    /// Two types of one name.
    #[error("two schemas are called {0}")]
    Ambiguous(String),
}
