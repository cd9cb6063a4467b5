//! What operations on sessions are asked with.

use schemars::JsonSchema;
use secrecy::SecretString;
use serde::Deserialize;

use crate::wire::body::bodies;

/// Who somebody claims to be.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Credentials {
    /// E-mail address, in any case.
    #[schemars(length(max = 320), example = &"admin@prexsell.example")]
    pub email: String,
    /// Password.
    #[schemars(with = "String", length(max = 10_000), example = &"correct horse battery staple")]
    pub password: SecretString,
}

/// Who somebody claims to be, and where they want to work.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Login {
    /// E-mail address, in any case.
    #[schemars(length(max = 320), example = &"admin@prexsell.example")]
    pub email: String,
    /// Password.
    #[schemars(with = "String", length(max = 10_000), example = &"correct horse battery staple")]
    pub password: SecretString,
    /// `companyId` of an access, or `partnerId` where that is null; may be left out when there is one access only.
    #[schemars(length(max = 100), example = &"cmp_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a")]
    pub company_id: Option<String>,
}

/// Who Google says somebody is.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GoogleCredentials {
    /// Id token (a JWT) that Google issued for this backoffice.
    #[schemars(with = "String", length(max = 8192), example = &"eyJhbGciOiJSUzI1NiIsImtpZCI6Ij...")]
    pub id_token: SecretString,
}

/// Who Google says somebody is, and where they want to work.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GoogleLogin {
    /// Id token (a JWT) that Google issued for this backoffice.
    #[schemars(with = "String", length(max = 8192), example = &"eyJhbGciOiJSUzI1NiIsImtpZCI6Ij...")]
    pub id_token: SecretString,
    /// `companyId` of an access, or `partnerId` where that is null; may be left out when there is one access only.
    #[schemars(length(max = 100), example = &"cmp_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a")]
    pub company_id: Option<String>,
}

/// Where somebody wants to work.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SwitchCompany {
    /// `companyId` of an access, or `partnerId` where that is null.
    #[schemars(length(max = 100), example = &"cmp_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a")]
    pub company_id: String,
}

bodies!(Credentials, Login, GoogleCredentials, GoogleLogin, SwitchCompany);
