//! Validation of request bodies against the schemas in the document. The rules are read from the schema itself, so
//! document and behaviour cannot diverge. All violations are reported in one response.
//!
//! Only the keywords that our schemas use are supported. Any other keyword is an error: a rule that the document states
//! must be checked. (The general validators for JSON Schema add some thirty crates, and collect every error of a body
//! before they report the first.)

use std::fmt;

use app::error::FieldError;
use domain::email;
use regex::Regex;
use rust_decimal::{Decimal, dec};
use schemars::JsonSchema;
use serde::de::{Deserializer, Error as _, IgnoredAny};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::value::Amount;
use super::{bounds, schema};

/// Maximum number of fields that one response names.
pub const MAX_FINDINGS: usize = 100;

/// Maximum number of characters that a response repeats of the name of an undeclared field.
const MAX_NAME: usize = 100;

/// The rules of a type that is read from requests.
#[derive(Debug)]
pub struct Rules(Rule);

impl Rules {
    /// The rules that the schema of `T` states.
    ///
    /// # Errors
    /// A keyword that this module does not check.
    pub fn of<T: JsonSchema>() -> Result<Self, serde_json::Error> {
        Rule::deserialize(schema::inlined::<T>()).map(Self)
    }

    /// Every field that breaks a rule (the first [`MAX_FINDINGS`]), in the order of the schema, undeclared ones last.
    #[must_use]
    pub fn broken_by(&self, body: &Value) -> Vec<FieldError> {
        let mut findings = Vec::new();
        self.0.check(body, &Path::Body, &mut findings);
        findings
    }
}

/// A schema. The field names are the keywords.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Rule {
    /// Any type if it is absent.
    r#type: Option<Kind>,
    #[serde(default)]
    nullable: bool,
    r#enum: Option<Vec<Value>>,
    min_length: Option<usize>,
    max_length: Option<usize>,
    #[serde(default, deserialize_with = "pattern")]
    pattern: Option<Regex>,
    /// `email` is checked here, all others by the type that serde reads.
    format: Option<String>,
    minimum: Option<Amount>,
    maximum: Option<Amount>,
    multiple_of: Option<Amount>,
    items: Option<Box<Self>>,
    min_items: Option<usize>,
    max_items: Option<usize>,
    #[serde(default, deserialize_with = "members")]
    properties: Vec<(String, Self)>,
    #[serde(default)]
    required: Vec<String>,
    /// Every object is closed, even if its schema does not say so. A test ensures that every schema does.
    #[serde(rename = "additionalProperties")]
    _additional_properties: Option<bool>,
    #[serde(rename = "description")]
    _description: Option<IgnoredAny>,
    #[serde(rename = "example")]
    _example: Option<IgnoredAny>,
    #[serde(rename = "default")]
    _default: Option<IgnoredAny>,
    #[serde(rename = "deprecated")]
    _deprecated: Option<IgnoredAny>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
enum Kind {
    Object,
    Array,
    String,
    Number,
    Integer,
    Boolean,
}

impl Kind {
    fn holds(self, value: &Value) -> bool {
        match value {
            Value::Object(_) => self == Self::Object,
            Value::Array(_) => self == Self::Array,
            Value::String(_) => self == Self::String,
            Value::Bool(_) => self == Self::Boolean,
            Value::Number(number) => {
                self == Self::Number || self == Self::Integer && !number.to_string().contains(['.', 'e', 'E'])
            }
            Value::Null => false,
        }
    }

    const fn message(self) -> &'static str {
        match self {
            Self::Object => "must be an object",
            Self::Array => "must be an array",
            Self::String => "must be a string",
            Self::Number => "must be a number",
            Self::Integer => "must be a whole number",
            Self::Boolean => "must be true or false",
        }
    }
}

fn pattern<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Regex>, D::Error> {
    let text = String::deserialize(deserializer)?;
    Regex::new(&text).map(Some).map_err(D::Error::custom)
}

fn members<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<(String, Rule)>, D::Error> {
    Map::deserialize(deserializer)?
        .into_iter()
        .map(|(name, schema)| Ok((name, Rule::deserialize(schema).map_err(D::Error::custom)?)))
        .collect()
}

/// Where in a body a value is.
enum Path<'a> {
    Body,
    Member(&'a Self, &'a str),
    Item(&'a Self, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Body => f.write_str("body"),
            Self::Member(Self::Body, name) => f.write_str(name),
            Self::Member(parent, name) => write!(f, "{parent}.{name}"),
            Self::Item(parent, at) => write!(f, "{parent}[{at}]"),
        }
    }
}

/// Records a finding unless the list is full.
fn note(findings: &mut Vec<FieldError>, path: &Path<'_>, constraint: &str, message: impl Into<String>) {
    if findings.len() < MAX_FINDINGS {
        findings.push(FieldError::new(path.to_string(), constraint, message));
    }
}

impl Rule {
    fn check(&self, value: &Value, path: &Path<'_>, findings: &mut Vec<FieldError>) {
        if findings.len() == MAX_FINDINGS || self.nullable && value.is_null() {
            return;
        }
        if let Some(kind) = self.r#type.filter(|kind| !kind.holds(value)) {
            return note(findings, path, "type", kind.message());
        }
        if let Some(words) = &self.r#enum
            && !words.contains(value)
        {
            let words: Vec<_> = words.iter().filter_map(Value::as_str).collect();
            return note(findings, path, "enum", format!("must be one of {}", words.join(", ")));
        }
        match value {
            Value::String(text) => self.check_text(text, path, findings),
            Value::Number(number) => self.check_number(&number.to_string(), path, findings),
            Value::Array(items) => self.check_items(items, path, findings),
            // An object whose schema allows any type may have any members.
            Value::Object(members) if self.r#type.is_some() => self.check_members(members, path, findings),
            Value::Object(_) | Value::Bool(_) | Value::Null => {}
        }
    }

    fn check_text(&self, text: &str, path: &Path<'_>, findings: &mut Vec<FieldError>) {
        let length = text.chars().count();
        let broken = self.pattern.as_ref().filter(|pattern| !pattern.is_match(text));
        // A pattern of the field itself is more informative than a length limit that follows from it.
        if let Some(pattern) = broken.filter(|pattern| pattern.as_str() != bounds::FREE_TEXT) {
            note(findings, path, "pattern", format!("must match {pattern}"));
        } else if let Some(min) = self.min_length.filter(|min| length < *min) {
            note(
                findings,
                path,
                "minLength",
                format!("must be at least {min} characters"),
            );
        } else if let Some(max) = self.max_length.filter(|max| length > *max) {
            note(findings, path, "maxLength", format!("must be at most {max} characters"));
        } else if broken.is_some() {
            note(findings, path, "text", "must not contain the NUL character");
        } else if self.format.as_deref() == Some("email")
            && let Err(error) = email::normal(text)
        {
            note(findings, path, "email", error.to_string());
        }
    }

    fn check_number(&self, text: &str, path: &Path<'_>, findings: &mut Vec<FieldError>) {
        let Ok(Amount(number)) = text.parse() else {
            return note(findings, path, "type", "is out of range or has too many digits");
        };
        if let Some(Amount(min)) = self.minimum.filter(|min| number < min.0) {
            note(findings, path, "min", format!("must be at least {min}"));
        } else if let Some(Amount(max)) = self.maximum.filter(|max| number > max.0) {
            note(findings, path, "max", format!("must be at most {max}"));
        } else if let Some(Amount(step)) = self.multiple_of.filter(|step| !is_multiple(number, step.0)) {
            note(findings, path, "multipleOf", format!("must be a multiple of {step}"));
        }
    }

    fn check_items(&self, items: &[Value], path: &Path<'_>, findings: &mut Vec<FieldError>) {
        if let Some(min) = self.min_items.filter(|min| items.len() < *min) {
            return note(findings, path, "minLength", format!("must have at least {min} items"));
        }
        if let Some(max) = self.max_items.filter(|max| items.len() > *max) {
            return note(findings, path, "maxLength", format!("must have at most {max} items"));
        }
        if let Some(rule) = &self.items {
            for (at, item) in items.iter().enumerate() {
                rule.check(item, &Path::Item(path, at), findings);
            }
        }
    }

    fn check_members(&self, members: &Map<String, Value>, path: &Path<'_>, findings: &mut Vec<FieldError>) {
        for (name, rule) in &self.properties {
            let path = Path::Member(path, name);
            match members.get(name) {
                Some(value) => rule.check(value, &path, findings),
                None if self.required.contains(name) => note(findings, &path, "required", "is required"),
                None => {}
            }
        }
        let undeclared = |name: &&String| !self.properties.iter().any(|(declared, _)| declared == *name);
        for name in members.keys().filter(undeclared).take(MAX_FINDINGS) {
            let name: String = name.chars().take(MAX_NAME).collect();
            note(
                findings,
                &Path::Member(path, &name),
                "unknown",
                "is not a field of this request",
            );
        }
    }
}

/// Whether a number is a multiple of a step. A floating-point error of the client (0.1 + 0.2) is tolerated.
fn is_multiple(number: Decimal, step: Decimal) -> bool {
    const FLOAT_ERROR: Decimal = dec!(0.000000000000001);
    let nearest = (number / step).round() * step;
    (number - nearest).abs() <= number.abs() * FLOAT_ERROR
}
