//! The refresh token in its cookie. It is a separate credential, for one operation.

use app::error::AppError;
use poem::{Request, RequestBody};
use poem_openapi::registry::{MetaSecurityScheme, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use secrecy::SecretString;

use super::{cookie, csrf};
use crate::error::ApiError;
use crate::state::State;

/// Name of the scheme in the document.
const SCHEME: &str = "refresh";

/// The value of the cookie, sent by a page of this origin. The use case checks whether it is a valid token.
#[derive(Debug, Clone)]
pub struct RefreshToken(pub SecretString);

impl RefreshToken {
    fn read(request: &Request) -> Result<Self, ApiError> {
        let token = cookie::read(request, cookie::REFRESH).ok_or(AppError::NoSession)?;
        csrf::require_own_origin(request, State::of(request)?)?;
        Ok(Self(token.into()))
    }
}

impl<'a> ApiExtractor<'a> for RefreshToken {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        registry.create_security_scheme(
            SCHEME,
            MetaSecurityScheme {
                ty: "apiKey",
                description: Some(
                    "Refresh token of a session, issued by login. It can be used once: the response sets the next \
                     one. Requests must come from a page of this origin (`Origin` or `Sec-Fetch-Site`).",
                ),
                name: Some(cookie::REFRESH),
                key_in: Some("cookie"),
                scheme: None,
                bearer_format: None,
                flows: None,
                openid_connect_url: None,
            },
        );
    }

    fn security_schemes() -> Vec<&'static str> {
        vec![SCHEME]
    }

    async fn from_request(
        request: &'a Request,
        _: &mut RequestBody,
        _: ExtractParamOptions<Self::ParamType>,
    ) -> poem::Result<Self> {
        Ok(Self::read(request)?)
    }
}
