//! Query parameters. One response names all that are invalid: extraction only records what it found, and [`valid`]
//! decides.

use std::borrow::Cow;

use app::error::{AppError, AppResult, FieldError};
use poem::{Request, RequestBody};
use poem_openapi::registry::{MetaParamIn, MetaSchemaRef, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions, types};

/// The rule that a value breaks, and a human-readable message.
pub type Broken = (&'static str, String);

/// A value that a query parameter can have.
pub trait QueryValue: Sized + Send + 'static {
    /// Whether the parameter is required.
    const REQUIRED: bool = true;

    /// Schema of the parameter.
    fn schema() -> MetaSchemaRef;

    /// The value of a parameter that is present.
    ///
    /// # Errors
    /// The rule that the text breaks.
    fn parse(text: &str) -> Result<Self, Broken>;

    /// The value of a parameter that is absent.
    ///
    /// # Errors
    /// If there is no default.
    fn absent() -> Result<Self, Broken> {
        Err(("required", "is required".to_owned()))
    }
}

impl<T: QueryValue> QueryValue for Option<T> {
    const REQUIRED: bool = false;

    fn schema() -> MetaSchemaRef {
        T::schema()
    }

    fn parse(text: &str) -> Result<Self, Broken> {
        T::parse(text).map(Some)
    }

    fn absent() -> Result<Self, Broken> {
        Ok(None)
    }
}

/// A query parameter, valid or not.
#[derive(Debug)]
pub struct Query<T>(Result<T, FieldError>);

impl<'a, T: QueryValue> ApiExtractor<'a> for Query<T> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::Parameter];
    const PARAM_IS_REQUIRED: bool = T::REQUIRED;

    // The type that poem-openapi's own validators check; the rules are in `T` instead.
    type ParamType = types::Any<()>;
    type ParamRawType = ();

    fn register(_: &mut Registry) {}

    fn param_in() -> Option<MetaParamIn> {
        Some(MetaParamIn::Query)
    }

    fn param_schema_ref() -> Option<MetaSchemaRef> {
        Some(T::schema())
    }

    async fn from_request(
        request: &'a Request,
        _: &mut RequestBody,
        options: ExtractParamOptions<Self::ParamType>,
    ) -> poem::Result<Self> {
        // Each parameter searches the whole query. Names without percent-encoding, which all declared names are, must
        // cost nothing.
        let mut values = request.uri().query().unwrap_or_default().split('&').filter_map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name).as_deref() == Some(options.name)).then(|| decoded(value))
        });
        let value = match (values.next(), values.next()) {
            (None, _) => T::absent(),
            (Some(None), _) => Err(("encoding", "must be percent-encoded UTF-8".to_owned())),
            (Some(Some(text)), None) => T::parse(&text),
            (Some(_), Some(_)) => Err(("single", "must be given once".to_owned())),
        };
        Ok(Self(value.map_err(|(constraint, message)| {
            FieldError::new(options.name, constraint, message)
        })))
    }
}

/// A percent-encoded text of a query, in which `+` is a space.
fn decoded(text: &str) -> Option<Cow<'_, str>> {
    if !text.bytes().any(|byte| matches!(byte, b'%' | b'+')) {
        return Some(Cow::Borrowed(text));
    }
    let blanks = text.replace('+', " ");
    let bytes: Vec<u8> = percent_encoding::percent_decode_str(&blanks).collect();
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

/// Several parameters at once.
pub trait Parameters {
    /// Their values.
    type Values;

    /// All values, or every parameter that is invalid.
    ///
    /// # Errors
    /// [`AppError::Validation`] with one item per invalid parameter.
    fn valid(self) -> AppResult<Self::Values>;
}

macro_rules! tuples {
    ($($($name:ident)+;)*) => {$(
        impl<$($name),+> Parameters for ($(Query<$name>,)+) {
            type Values = ($($name,)+);

            #[allow(non_snake_case, reason = "the type parameters name the values")]
            fn valid(self) -> AppResult<Self::Values> {
                match self {
                    ($(Query(Ok($name)),)+) => Ok(($($name,)+)),
                    ($($name,)+) => Err(AppError::Validation([$($name.0.err()),+].into_iter().flatten().collect())),
                }
            }
        }
    )*};
}

tuples! {
    A;
    A B;
    A B C;
    A B C D;
    A B C D E;
    A B C D E F;
    A B C D E F G;
    A B C D E F G H;
    A B C D E F G H I;
}

/// The values of several parameters, or every one that is invalid.
///
/// # Errors
/// [`AppError::Validation`] with one item per invalid parameter.
pub fn valid<P: Parameters>(parameters: P) -> AppResult<P::Values> {
    parameters.valid()
}
