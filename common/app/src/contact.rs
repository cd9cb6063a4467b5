//! Validation and normalisation of names and addresses of people, for all use cases.

use domain::{email, name};

use crate::error::FieldError;

/// Names and e-mail address of a person; once [checked](Contact::checked), in the form in which they are stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// E-mail address.
    pub email: Option<String>,
}

impl Contact {
    /// The contact in the form in which it is stored. `path` is the prefix of its fields in the request, such as
    /// `passengers[0].`.
    ///
    /// # Errors
    /// Every field that breaks a rule.
    pub fn checked(&self, path: &str) -> Result<Self, Vec<FieldError>> {
        let mut wrong = Vec::new();
        let mut text = |field: &str, typed: &str| match name::normal(typed) {
            Ok(name) => name,
            Err(error) => {
                let field = format!("{path}{field}");
                wrong.push(FieldError::new(field, error.constraint(), error.to_string()));
                String::new()
            }
        };
        let (first_name, last_name) = (text("firstName", &self.first_name), text("lastName", &self.last_name));
        let email = self
            .email
            .as_deref()
            .map(|typed| address(&format!("{path}email"), typed));
        let email = email.transpose().unwrap_or_else(|error| {
            wrong.push(error);
            None
        });
        if wrong.is_empty() {
            Ok(Self {
                first_name,
                last_name,
                email,
            })
        } else {
            Err(wrong)
        }
    }
}

/// An e-mail address in the form in which it is stored.
///
/// # Errors
/// Names the field when mail cannot be sent there.
pub fn address(field: &str, typed: &str) -> Result<String, FieldError> {
    email::normal(typed).map_err(|error| FieldError::new(field, "email", error.to_string()))
}
