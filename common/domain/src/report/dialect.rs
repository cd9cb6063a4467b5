//! What may differ between the files of two reports: spreadsheets of some countries expect other separators.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::language::{UnknownWord, words};

words! {
    /// Separates two cells.
    Delimiter, ", ; tab" {
        /// As RFC 4180 has it.
        Comma = ",",
        /// What spreadsheets expect where the decimal mark is a comma.
        Semicolon = ";",
        /// U+0009.
        Tab = "tab",
    }
}

words! {
    /// Separates the integer part and the fraction of an amount.
    DecimalMark, ". ," {
        /// As programs write numbers.
        Point = ".",
        /// As most of Europe writes them.
        Comma = ",",
    }
}

impl Delimiter {
    /// The character, which is ASCII.
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
        }
    }
}

impl DecimalMark {
    /// The character, which is ASCII.
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Self::Point => b'.',
            Self::Comma => b',',
        }
    }
}

/// The dialect of a CSV file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dialect {
    /// Between cells.
    pub delimiter: Delimiter,
    /// In amounts.
    pub decimal: DecimalMark,
}

impl Dialect {
    /// RFC 4180 with a decimal point: the default of reports.
    pub const STANDARD: Self = Self {
        delimiter: Delimiter::Comma,
        decimal: DecimalMark::Point,
    };
}
