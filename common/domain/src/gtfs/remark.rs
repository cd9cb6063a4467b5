//! Sentences about a timetable, and the clauses that they are made of.

use std::fmt;
use std::ops::Deref;

use serde::{Serialize, Serializer};

use super::clause::Clause;

/// A sentence: its English text, and its clauses for programs and for other languages. Without clauses, there is only
/// the text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remark {
    text: String,
    clauses: Vec<Clause>,
}

impl Remark {
    /// A sentence whose text is not that of its clauses one after the other.
    #[must_use]
    pub fn new(text: impl Into<String>, clauses: Vec<Clause>) -> Self {
        let text = text.into();
        Self { text, clauses }
    }

    /// The sentence with another clause at the end.
    #[must_use]
    pub fn and(mut self, clause: Clause) -> Self {
        self.text = format!("{}; {clause}", self.text);
        self.clauses.push(clause);
        self
    }

    /// What it is made of.
    #[must_use]
    pub fn clauses(&self) -> &[Clause] {
        &self.clauses
    }
}

impl From<Clause> for Remark {
    fn from(clause: Clause) -> Self {
        let text = clause.to_string();
        Self::new(text, vec![clause])
    }
}

impl From<String> for Remark {
    fn from(text: String) -> Self {
        Self::new(text, Vec::new())
    }
}

impl From<&str> for Remark {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl Deref for Remark {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl PartialEq<&str> for Remark {
    fn eq(&self, other: &&str) -> bool {
        self.text == *other
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Serialised as its text.
impl Serialize for Remark {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}
