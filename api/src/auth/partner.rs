//! Partners, by the key in `x-api-key`. The extractors authenticate; the security scheme that they register is the
//! description in the document.

use std::sync::Arc;

use app::api_key;
use app::error::AppError;
use domain::id::PartnerId;
use domain::idempotency;
use poem::{Request, RequestBody};
use poem_openapi::registry::{MetaSecurityScheme, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};

use super::header::API_KEY;
use super::{cookie, enter, person};
use crate::context::RequestContext;
use crate::error::ApiError;
use crate::state::State;

/// Name of the scheme in the document.
pub(crate) const SCHEME: &str = "apiKey";

/// An authenticated partner. An operation with this argument requires a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    /// Whose key it was.
    pub partner_id: PartnerId,
}

/// A partner, if a key was sent. An operation with this argument requires no key, but a key that is sent is checked.
/// With `CATALOGUE_REQUIRES_KEY` it requires a key or the session of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visitor(pub Option<Caller>);

/// The partner of the key. Without a key: the partner for which the signed-in user works, with the right of the
/// operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnPartner {
    /// The partner.
    pub partner_id: PartnerId,
}

/// The key that a request was sent with, if any.
///
/// # Errors
/// Unauthorized if there are several keys, or if the key is not text.
pub fn presented(request: &Request) -> Result<Option<&str>, AppError> {
    let mut keys = request.headers().get_all(API_KEY).iter();
    let Some(key) = keys.next() else { return Ok(None) };
    match (key.to_str(), keys.next()) {
        (Ok(key), None) => Ok(Some(key)),
        _ => Err(AppError::Unauthorized),
    }
}

/// The partner whose key a request carries, if it carries one.
pub(crate) async fn authenticate(request: &Request) -> Result<Option<Caller>, ApiError> {
    let Some(key) = presented(request)? else {
        return Ok(None);
    };
    let state = State::of(request)?;
    let partner_id = api_key::authenticate(&state.platform, key).await?;
    let partner_id = partner_id.ok_or(AppError::Unauthorized)?;
    if let Some(context) = request.data::<Arc<RequestContext>>() {
        context.note_partner(partner_id);
    }
    Ok(Some(Caller { partner_id }))
}

/// Describes the key in the document.
pub(crate) fn register_scheme(registry: &mut Registry) {
    registry.create_security_scheme(
        SCHEME,
        MetaSecurityScheme {
            ty: "apiKey",
            description: Some("API key of a partner. It is shown once, works in one environment, and can be revoked."),
            name: Some(API_KEY),
            key_in: Some("header"),
            scheme: None,
            bearer_format: None,
            flows: None,
            openid_connect_url: None,
        },
    );
}

impl<'a> ApiExtractor<'a> for Caller {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        register_scheme(registry);
    }

    fn security_schemes() -> Vec<&'static str> {
        vec![SCHEME]
    }

    async fn from_request(
        request: &'a Request,
        _: &mut RequestBody,
        _: ExtractParamOptions<Self::ParamType>,
    ) -> poem::Result<Self> {
        let caller = authenticate(request).await?;
        let caller = caller.ok_or_else(|| ApiError::from(AppError::Unauthorized))?;
        enter(request, |state| {
            idempotency::Caller::partner(&state.environment, caller.partner_id)
        })?;
        Ok(caller)
    }
}

impl<'a> ApiExtractor<'a> for Visitor {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        register_scheme(registry);
        person::register_scheme(registry);
    }

    fn security_schemes() -> Vec<&'static str> {
        vec![SCHEME, person::SCHEME]
    }

    fn has_security_fallback() -> bool {
        true
    }

    async fn from_request(
        request: &'a Request,
        _: &mut RequestBody,
        _: ExtractParamOptions<Self::ParamType>,
    ) -> poem::Result<Self> {
        let caller = authenticate(request).await?;
        if caller.is_none() && State::of(request)?.catalogue_requires_key {
            if cookie::read(request, cookie::ACCESS).is_none() {
                return Err(ApiError::from(AppError::Unauthorized).into());
            }
            Box::pin(person::authenticate(request)).await?;
        }
        Ok(Self(caller))
    }
}

impl<'a> ApiExtractor<'a> for OwnPartner {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        register_scheme(registry);
        person::register_scheme(registry);
    }

    fn security_schemes() -> Vec<&'static str> {
        vec![SCHEME, person::SCHEME]
    }

    async fn from_request(
        request: &'a Request,
        _: &mut RequestBody,
        _: ExtractParamOptions<Self::ParamType>,
    ) -> poem::Result<Self> {
        if let Some(Caller { partner_id }) = authenticate(request).await? {
            return Ok(Self { partner_id });
        }
        if cookie::read(request, cookie::ACCESS).is_none() {
            return Err(ApiError::from(AppError::Unauthorized).into());
        }
        let person = Box::pin(person::with_right(request)).await?;
        let partner_id = person.workplace.partner_id();
        let elsewhere = || ApiError::fault("a partner right was checked outside a partner");
        Ok(Self {
            partner_id: partner_id.ok_or_else(elsewhere)?,
        })
    }
}
