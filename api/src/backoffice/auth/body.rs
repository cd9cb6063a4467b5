//! Request bodies of the operations on sessions.

use schemars::JsonSchema;
use secrecy::SecretString;
use serde::Deserialize;

use crate::wire::body::bodies;

/// Credentials of a user.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Credentials {
    /// E-mail address, in any letter case.
    #[schemars(length(max = 320), example = &"admin@prexsell.example")]
    pub email: String,
    /// Password.
    #[schemars(with = "String", length(max = 10_000), example = &"correct horse battery staple")]
    pub password: SecretString,
}

/// Credentials of a user, and the workplace to sign in to.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Login {
    /// E-mail address, in any letter case.
    #[schemars(length(max = 320), example = &"admin@prexsell.example")]
    pub email: String,
    /// Password.
    #[schemars(with = "String", length(max = 10_000), example = &"correct horse battery staple")]
    pub password: SecretString,
    /// `companyId` of the workplace, or its `partnerId` if `companyId` is null. Optional if the user has only one
    /// workplace.
    #[schemars(length(max = 100), example = &"cmp_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a")]
    pub company_id: Option<String>,
}

/// Google credentials of a user.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GoogleCredentials {
    /// ID token (JWT) that Google issued for this back office.
    #[schemars(with = "String", length(max = 8192), example = &"eyJhbGciOiJSUzI1NiIsImtpZCI6Ij...")]
    pub id_token: SecretString,
}

/// Google credentials of a user, and the workplace to sign in to.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GoogleLogin {
    /// ID token (JWT) that Google issued for this back office.
    #[schemars(with = "String", length(max = 8192), example = &"eyJhbGciOiJSUzI1NiIsImtpZCI6Ij...")]
    pub id_token: SecretString,
    /// `companyId` of the workplace, or its `partnerId` if `companyId` is null. Optional if the user has only one
    /// workplace.
    #[schemars(length(max = 100), example = &"cmp_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a")]
    pub company_id: Option<String>,
}

/// Where to go after signing in with Google.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GoogleStart {
    /// Page of the console to open after signing in: its path below `/console`, with its query. Default: the start page.
    #[schemars(length(max = 1000), example = &"/orders?status=Confirmed")]
    pub return_to: Option<String>,
}

/// Parameters of Google's redirect.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GoogleCode {
    /// Authorization code.
    #[schemars(with = "String", length(min = 1, max = 2000), example = &"4/0AVMBsJh2Jm6t")]
    pub code: SecretString,
    /// State of the sign-in.
    #[schemars(length(min = 1, max = 200), example = &"YwGkJ2vC6o1nS8mQ0b3xZt7Lr5Hd9EfUaPiTqVyXsWc")]
    pub state: String,
}

/// The workplace to switch to.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SwitchCompany {
    /// `companyId` of the workplace, or its `partnerId` if `companyId` is null.
    #[schemars(length(max = 100), example = &"cmp_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a")]
    pub company_id: String,
}

/// The current and the new password of a user.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChangePassword {
    /// Current password of the user.
    #[schemars(with = "String", length(max = 10_000), example = &"correct horse battery staple")]
    pub current_password: SecretString,
    /// New password: 8 to 128 characters.
    #[schemars(with = "String", length(min = 8, max = 10_000), example = &"a much longer sentence than before")]
    pub new_password: SecretString,
}

/// An invitation to preview.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PreviewInvitation {
    /// Token of the invitation: the part after `#` in the link of the e-mail.
    #[schemars(length(max = 200), example = &"AZgMal8OfYybOi8eDUxbag")]
    pub token: String,
}

/// An invitation to accept.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AcceptInvitation {
    /// Token of the invitation: the part after `#` in the link of the e-mail.
    #[schemars(length(max = 200), example = &"AZgMal8OfYybOi8eDUxbag")]
    pub token: String,
    /// Given name. Required if there is no user with the e-mail address yet.
    #[schemars(length(max = 100), example = &"Тарас")]
    pub first_name: Option<String>,
    /// Family name. Required if there is no user with the e-mail address yet.
    #[schemars(length(max = 100), example = &"Бондар")]
    pub last_name: Option<String>,
    /// Password: 8 to 128 characters. Required if there is no user with the e-mail address yet.
    #[schemars(with = "Option<String>", length(max = 10_000), example = &"correct horse battery staple")]
    pub password: Option<SecretString>,
}

bodies!(
    Credentials,
    Login,
    GoogleCredentials,
    GoogleLogin,
    GoogleStart,
    GoogleCode,
    SwitchCompany,
    ChangePassword,
    PreviewInvitation,
    AcceptInvitation
);
