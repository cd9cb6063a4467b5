//! Request bodies of the operations on people.

use domain::language::StaffLanguage;
use domain::role::StaffRole;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::wire::body::bodies;
use crate::wire::value::Word;

/// A person to invite.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Invite {
    /// E-mail address to which the invitation is sent.
    #[schemars(email, length(max = 254), example = &"taras@example.com")]
    pub email: String,
    /// Role that the person gets.
    pub role: Word<StaffRole>,
    /// Language of the e-mail.
    pub language: Word<StaffLanguage>,
}

/// A role to assign.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SetRole {
    /// The new role.
    pub role: Word<StaffRole>,
}

bodies!(Invite, SetRole);
