//! Errors of rules about fields.

/// One field that a request got wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Path of the field in the request, such as `passengers[0].email`.
    pub field: String,
    /// The rule that it breaks, such as `email`.
    pub constraint: String,
    /// Human-readable message.
    pub message: String,
}

impl FieldError {
    /// A field that breaks a rule.
    pub fn new(field: impl Into<String>, constraint: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            constraint: constraint.into(),
            message: message.into(),
        }
    }
}
