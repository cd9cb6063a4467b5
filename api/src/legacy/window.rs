//! Access to `/rest`: a partner is authenticated by its key, as for `/v2`, and the old API must still be open for it.
//! Every admitted call is counted.

use std::marker::PhantomData;

use app::error::AppError;
use app::legacy;
use domain::id::PartnerId;
use domain::legacy::Operation;
use poem::{Request, RequestBody};
use poem_openapi::registry::Registry;
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};

use crate::auth::partner;
use crate::error::ApiError;
use crate::state::State;

/// An operation as a type.
pub trait Called: Send + Sync + 'static {
    /// The operation.
    const OPERATION: Operation;
}

macro_rules! called {
    ($($name:ident),*) => {$(
        #[doc = concat!("Calls [`Operation::", stringify!($name), "`].")]
        #[derive(Debug, Clone, Copy)]
        pub struct $name;

        impl Called for $name {
            const OPERATION: Operation = Operation::$name;
        }
    )*};
}

called!(
    SearchOffers,
    CreateOrders,
    ListOrders,
    GetOrder,
    GetOrderRefundRules,
    UpdateOrders
);

/// A partner that calls the old operation `O`. It comes before all other arguments, so that a call is counted or
/// refused, even if the rest of it is invalid.
#[derive(Debug, Clone, Copy)]
pub struct OldCaller<O> {
    /// Whose key it was.
    pub partner_id: PartnerId,
    operation: PhantomData<O>,
}

impl<'a, O: Called> ApiExtractor<'a> for OldCaller<O> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        partner::register_scheme(registry);
    }

    fn security_schemes() -> Vec<&'static str> {
        vec![partner::SCHEME]
    }

    async fn from_request(
        request: &'a Request,
        _: &mut RequestBody,
        _: ExtractParamOptions<Self::ParamType>,
    ) -> poem::Result<Self> {
        let caller = partner::authenticate(request).await?;
        let partner_id = caller.ok_or_else(|| ApiError::from(AppError::Unauthorized))?.partner_id;
        let State {
            platform,
            deprecation,
            legacy_usage,
            ..
        } = State::of(request)?;
        legacy::enter(platform, deprecation, legacy_usage, partner_id, O::OPERATION)
            .await
            .map_err(ApiError::from)?;
        Ok(Self {
            partner_id,
            operation: PhantomData,
        })
    }
}
