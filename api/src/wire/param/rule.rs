//! Rules of query parameters. Each states its bounds once, for the schema and for the check.

use std::fmt::Display;
use std::str::FromStr;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use schemars::{Schema, json_schema};

use crate::wire::query::Broken;
use crate::wire::value::Words;

/// The rule that an absent required parameter breaks.
fn required<T>() -> Result<T, Broken> {
    Err(("required", "is required".to_owned()))
}

/// A whole number.
pub(super) struct Number {
    min: u32,
    max: u32,
    /// The value of an absent parameter; without it the parameter is required.
    absent: Option<u32>,
    /// The value of an empty parameter; without it an empty parameter is not a number.
    empty: Option<u32>,
    /// An example, if there is no default.
    example: u32,
}

impl Number {
    /// An optional number.
    pub(super) const fn optional(min: u32, max: u32, absent: u32) -> Self {
        Self {
            min,
            max,
            absent: Some(absent),
            empty: None,
            example: absent,
        }
    }

    /// A required number.
    pub(super) const fn required(min: u32, max: u32, example: u32) -> Self {
        Self {
            min,
            max,
            absent: None,
            empty: None,
            example,
        }
    }

    /// The same, with an empty parameter treated as absent.
    pub(super) const fn or_empty(self) -> Self {
        Self {
            empty: self.absent,
            ..self
        }
    }

    pub(super) const fn is_required(&self) -> bool {
        self.absent.is_none()
    }

    pub(super) fn absent(&self) -> Result<u32, Broken> {
        self.absent.map_or_else(required, Ok)
    }

    pub(super) fn schema(&self) -> Schema {
        let Self { min, max, .. } = self;
        let mut schema = json_schema!({ "type": "integer", "format": "int32", "minimum": min, "maximum": max });
        match self.absent {
            Some(absent) => schema.insert("default".to_owned(), absent.into()),
            None => schema.insert("example".to_owned(), self.example.into()),
        };
        if self.empty.is_some() {
            schema.insert("allowEmptyValue".to_owned(), true.into());
        }
        schema
    }

    pub(super) fn parse(&self, text: &str) -> Result<u32, Broken> {
        match self.empty {
            Some(empty) if text.is_empty() => Ok(empty),
            _ => number(text, self.min, self.max),
        }
    }
}

/// A required text.
pub(super) struct Text {
    min: usize,
    max: usize,
    example: fn() -> String,
    trim: bool,
}

impl Text {
    /// A text of `min` to `max` characters.
    pub(super) const fn new(min: usize, max: usize, example: fn() -> String) -> Self {
        Self {
            min,
            max,
            example,
            trim: false,
        }
    }

    /// The same, read without surrounding whitespace; the bounds count it.
    pub(super) const fn trimmed(self) -> Self {
        Self { trim: true, ..self }
    }

    pub(super) const fn is_required(&self) -> bool {
        true
    }

    pub(super) fn absent(&self) -> Result<String, Broken> {
        required()
    }

    pub(super) fn schema(&self) -> Schema {
        let Self { min, max, .. } = self;
        json_schema!({ "type": "string", "minLength": min, "maxLength": max, "example": (self.example)() })
    }

    pub(super) fn parse(&self, text: &str) -> Result<String, Broken> {
        let text = sized(text, self.min, self.max)?;
        Ok(if self.trim { text.trim().to_owned() } else { text })
    }
}

/// A required calendar day.
pub(super) struct Day;

impl Day {
    pub(super) const fn is_required(&self) -> bool {
        true
    }

    pub(super) fn absent(&self) -> Result<NaiveDate, Broken> {
        required()
    }

    pub(super) fn schema(&self) -> Schema {
        json_schema!({ "type": "string", "format": "date", "example": "2026-06-10" })
    }

    pub(super) fn parse(&self, text: &str) -> Result<NaiveDate, Broken> {
        date(text)
    }
}

/// A required instant.
pub(super) struct Instant;

impl Instant {
    pub(super) const fn is_required(&self) -> bool {
        true
    }

    pub(super) fn absent(&self) -> Result<DateTime<Utc>, Broken> {
        required()
    }

    pub(super) fn schema(&self) -> Schema {
        json_schema!({ "type": "string", "format": "date-time", "example": "2026-06-10T03:30:00Z" })
    }

    pub(super) fn parse(&self, text: &str) -> Result<DateTime<Utc>, Broken> {
        moment(text)
    }
}

/// A flag; false by default.
pub(super) struct Flag;

impl Flag {
    pub(super) const fn is_required(&self) -> bool {
        false
    }

    pub(super) fn absent(&self) -> Result<bool, Broken> {
        Ok(false)
    }

    pub(super) fn schema(&self) -> Schema {
        json_schema!({ "type": "boolean", "default": false })
    }

    pub(super) fn parse(&self, text: &str) -> Result<bool, Broken> {
        text.parse()
            .map_err(|_| ("boolean", "must be true or false".to_owned()))
    }
}

/// A word of an enumeration, with a default.
pub(super) struct OneOf<T> {
    pub(super) absent: T,
}

impl<T: Words> OneOf<T> {
    pub(super) fn absent(&self) -> Result<T, Broken> {
        Ok(self.absent)
    }

    pub(super) fn schema(&self) -> Schema {
        let words: Vec<String> = T::list().iter().map(ToString::to_string).collect();
        json_schema!({ "type": "string", "enum": words, "default": self.absent.to_string() })
    }

    pub(super) fn parse(&self, text: &str) -> Result<T, Broken> {
        word(text)
    }
}

impl<T> OneOf<T> {
    pub(super) const fn is_required(&self) -> bool {
        false
    }
}

/// A word of an enumeration.
pub(super) fn word<T: FromStr<Err: Display>>(text: &str) -> Result<T, Broken> {
    text.parse().map_err(|error: T::Err| ("enum", error.to_string()))
}

/// Digits only: no sign, no whitespace, no exponent.
fn number(text: &str, min: u32, max: u32) -> Result<u32, Broken> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        let negative = text
            .strip_prefix('-')
            .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()));
        return if negative {
            Err(("min", format!("must be at least {min}")))
        } else {
            Err(("integer", "must be a whole number".to_owned()))
        };
    }
    match text.parse() {
        Ok(number) if number < min => Err(("min", format!("must be at least {min}"))),
        Ok(number) if number <= max => Ok(number),
        _ => Err(("max", format!("must be at most {max}"))),
    }
}

fn sized(text: &str, min: usize, max: usize) -> Result<String, Broken> {
    let length = text.chars().count();
    if text.contains('\0') {
        Err(("text", "must not contain the NUL character".to_owned()))
    } else if length < min {
        Err(("minLength", format!("must be at least {min} characters")))
    } else if length > max {
        Err(("maxLength", format!("must be at most {max} characters")))
    } else {
        Ok(text.to_owned())
    }
}

/// `YYYY-MM-DD`, each part in full.
fn date(text: &str) -> Result<NaiveDate, Broken> {
    let shaped = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| {
            if at == 4 || at == 7 {
                byte == b'-'
            } else {
                byte.is_ascii_digit()
            }
        });
    shaped
        .then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok())
        .flatten()
        .ok_or_else(|| ("date", "must be a date as YYYY-MM-DD".to_owned()))
}

/// RFC 3339 with `Z` or a numeric offset, and a year from 1 to 9999.
fn moment(text: &str) -> Result<DateTime<Utc>, Broken> {
    let shaped = text.len() <= 40 && text.as_bytes().get(10) == Some(&b'T');
    shaped
        .then(|| DateTime::parse_from_rfc3339(text).ok())
        .flatten()
        .map(|at| at.to_utc())
        .filter(|at| (1..=9999).contains(&at.year()))
        .ok_or_else(|| {
            let message = "must be an instant such as 2026-06-10T03:30:00Z";
            ("date-time", message.to_owned())
        })
}
