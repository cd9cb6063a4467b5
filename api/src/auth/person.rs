//! People, by the session in their cookie. The type of an operation's argument names the right that it requires. A
//! table says who has which right (`domain::role`).

use std::sync::Arc;

use app::error::AppError;
use app::session::{self, SignedIn, Workplace};
use domain::id::{CompanyId, PartnerId};
use domain::idempotency::Caller;
use poem::{Request, RequestBody};
use poem_openapi::registry::{MetaSecurityScheme, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};

use super::{cookie, csrf, enter};
use crate::context::RequestContext;
use crate::error::ApiError;
use crate::route;
use crate::route::policy::Caller as Allowed;
use crate::state::State;

/// Name of the scheme in the document.
pub(super) const SCHEME: &str = "session";

/// Message to a user whose role does not have the right.
pub const NO_RIGHT: &str = "Your role does not allow this";

/// A person who is signed in, in any workplace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person(pub SignedIn);

/// A person who has the right of the operation in a company.
#[derive(Debug, Clone, Copy)]
pub struct AtCompany {
    /// The company.
    pub company_id: CompanyId,
    /// Who it is.
    pub person: SignedIn,
}

/// A person who has the right of the operation with a partner.
#[derive(Debug, Clone, Copy)]
pub struct AtPartner {
    /// The partner.
    pub partner_id: PartnerId,
    /// Who it is.
    pub person: SignedIn,
}

/// A person who has the right of the operation in their workplace, a company or a partner.
#[derive(Debug, Clone, Copy)]
pub struct AtPlace(pub SignedIn);

/// A person who has the right of the operation on the platform itself.
#[derive(Debug, Clone, Copy)]
pub struct AtPlatform {
    /// Who it is.
    pub person: SignedIn,
}

/// The signed-in person of a request that comes from a page of this origin.
pub(super) async fn authenticate(request: &Request) -> Result<SignedIn, ApiError> {
    let state = State::of(request)?;
    let token = cookie::read(request, cookie::ACCESS).ok_or(AppError::NoSession)?;
    csrf::require_own_origin(request, state)?;
    let now = state.platform.clock.now();
    let signed_in = session::authenticate(&state.platform.pool, &state.session_key, token, now).await?;
    if let Some(context) = request.data::<Arc<RequestContext>>() {
        context.note_user(signed_in.user_id);
    }
    Ok(signed_in)
}

/// A user who is signed in, for an operation that requires no right.
async fn without_right(request: &Request) -> Result<Person, ApiError> {
    match route::of(request).policy.caller {
        Allowed::Person => Ok(Person(authenticate(request).await?)),
        _ => Err(ApiError::fault(
            "the table of routes does not open this operation to every signed-in user",
        )),
    }
}

pub(super) async fn with_right(request: &Request) -> Result<SignedIn, ApiError> {
    let (Allowed::Staff(right) | Allowed::PartnerOrStaff(right)) = route::of(request).policy.caller else {
        return Err(ApiError::fault("the table of routes names no right for this operation"));
    };
    let signed_in = authenticate(request).await?;
    if !right.is_held(signed_in.workplace.context(), signed_in.role) {
        return Err(AppError::Forbidden(NO_RIGHT).into());
    }
    let SignedIn { user_id, workplace, .. } = signed_in;
    enter(request, |state| Caller::person(&state.environment, user_id, workplace))?;
    Ok(signed_in)
}

pub(super) fn register_scheme(registry: &mut Registry) {
    registry.create_security_scheme(
        SCHEME,
        MetaSecurityScheme {
            ty: "apiKey",
            description: Some(
                "Session of a user, started by login. Requests that change something must come from a page of this \
                 origin (`Origin` or `Sec-Fetch-Site`).",
            ),
            name: Some(cookie::ACCESS),
            key_in: Some("cookie"),
            scheme: None,
            bearer_format: None,
            flows: None,
            openid_connect_url: None,
        },
    );
}

macro_rules! extractor {
    ($name:ident, $request:ident => $extract:expr) => {
        impl<'a> ApiExtractor<'a> for $name {
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
                $request: &'a Request,
                _: &mut RequestBody,
                _: ExtractParamOptions<Self::ParamType>,
            ) -> poem::Result<Self> {
                $extract
            }
        }
    };
}

extractor!(Person, request => Ok(without_right(request).await?));

extractor!(AtCompany, request => {
    let person = with_right(request).await?;
    match person.workplace {
        Workplace::Company(company_id) => Ok(Self { company_id, person }),
        Workplace::Partner(_) | Workplace::Platform => {
            Err(ApiError::fault("a company right was checked outside a company").into())
        }
    }
});

extractor!(AtPartner, request => {
    let person = with_right(request).await?;
    match person.workplace {
        Workplace::Partner(partner_id) => Ok(Self { partner_id, person }),
        Workplace::Company(_) | Workplace::Platform => {
            Err(ApiError::fault("a partner right was checked outside a partner").into())
        }
    }
});

extractor!(AtPlace, request => Ok(Self(with_right(request).await?)));

extractor!(AtPlatform, request => {
    let person = with_right(request).await?;
    match person.workplace {
        Workplace::Platform => Ok(Self { person }),
        Workplace::Company(_) | Workplace::Partner(_) => {
            Err(ApiError::fault("a platform right was checked outside the platform").into())
        }
    }
});
