//! The OpenAPI document: generated from the handlers, then finished (`finish`): what poem-openapi leaves out or writes
//! differently, and the responses that all operations share. The page at `/docs` shows it without fetching anything
//! from elsewhere.

mod example;
mod finish;
mod header;
mod idempotency;
mod links;
mod refusal;
mod shared;
mod table;
mod unfinished;

pub use unfinished::Unfinished;

use std::sync::{LazyLock, OnceLock};

use bytes::Bytes;
use poem_openapi::{ContactObject, LicenseObject, OpenApiService};
use serde_json::Value;

use crate::backoffice::api_key::ApiKeyApi;
use crate::backoffice::auth::google::GoogleApi;
use crate::backoffice::auth::invitation::InvitationApi;
use crate::backoffice::auth::login::LoginApi;
use crate::backoffice::auth::logout::LogoutApi;
use crate::backoffice::auth::me::MeApi;
use crate::backoffice::auth::own_session::OwnSessionApi;
use crate::backoffice::auth::password::PasswordApi;
use crate::backoffice::auth::refresh::RefreshApi;
use crate::backoffice::auth::switch_company::SwitchCompanyApi;
use crate::backoffice::company::CompanyApi;
use crate::backoffice::configuration::ConfigurationApi;
use crate::backoffice::departure::DepartureApi;
use crate::backoffice::discount::CompanyDiscountApi;
use crate::backoffice::order::OrderApi;
use crate::backoffice::order::cancellation::CancellationApi;
use crate::backoffice::order::decision::DecisionApi;
use crate::backoffice::order::ticket_move::TicketMoveApi;
use crate::backoffice::people::PeopleApi;
use crate::backoffice::permission::PermissionApi;
use crate::backoffice::refund_rule::RefundRuleApi;
use crate::backoffice::report::ReportApi;
use crate::backoffice::report::schedule::ReportScheduleApi;
use crate::backoffice::timetable::TimetableApi;
use crate::backoffice::today::TodayApi;
use crate::backoffice::tracking::TrackingApi;
use crate::distribution::booking::BookingApi;
use crate::distribution::booking::payment::PaymentApi;
use crate::distribution::city::CityApi;
use crate::distribution::discount::DiscountApi;
use crate::distribution::offer::OfferApi;
use crate::distribution::offer::schedule::DayScheduleApi;
use crate::distribution::stop::StopApi;
use crate::distribution::usage::UsageApi;
use crate::legacy::migration::MigrationApi;
use crate::legacy::offer::OldOfferApi;
use crate::legacy::order::OldOrderApi;
use crate::ops::audit::AuditApi;
use crate::ops::invariant::InvariantApi;
use crate::ops::job::JobApi;
use crate::ops::party::PartyApi;
use crate::ops::process::ProcessApi;
use crate::ops::queue::QueueApi;
use crate::ops::schedule::ScheduleApi;
use crate::ops::story::StoryApi;
use crate::pages;
use crate::route::Operation;

macro_rules! operations {
    ($(#[$doc:meta])* $type:ident, $value:ident: $(($($api:ident),* $(,)?)),* $(,)?) => {
        $(#[$doc])*
        pub type $type = ($(($($api,)*),)*);

        const $value: $type = ($(($($api,)*),)*);
    };
}

// In groups, since poem-openapi takes at most sixteen in a tuple.
operations!(
    /// The operations for partners and for users of the back office. A tuple holds at most 16 of them.
    Operations, OPERATIONS:
    (CityApi, StopApi, OfferApi, DayScheduleApi, BookingApi, PaymentApi, DiscountApi, UsageApi),
    (LoginApi, RefreshApi, SwitchCompanyApi, MeApi, LogoutApi, GoogleApi, OwnSessionApi, PasswordApi),
    (InvitationApi, ConfigurationApi),
    (OrderApi, CancellationApi, TicketMoveApi, DecisionApi, DepartureApi, TodayApi),
    (ReportApi, ReportScheduleApi, TrackingApi, TimetableApi),
    (RefundRuleApi, CompanyDiscountApi, CompanyApi, PermissionApi, ApiKeyApi, PeopleApi),
    (OldOfferApi, OldOrderApi, MigrationApi),
);

operations!(
    /// The operations for platform operators.
    OpsOperations, OPS_OPERATIONS:
    (QueueApi, ProcessApi, ScheduleApi, JobApi, StoryApi, InvariantApi),
    (PartyApi, AuditApi),
);

const DESCRIPTION: &str = "\
Partners search for departures, book seats and pay for them with an API key. Users of bus companies and of partners \
sign in to the back office, which keeps their session in cookies. Every success is `{ \"data\": ... }`. Every error \
is `{ \"errors\": [ ... ] }` with a stable `errorCode`. Every response carries `x-request-id`. Amounts of money are \
exact decimals, instants are ISO 8601 in UTC, and ids are opaque. Request bodies are strict: a field that is not \
declared is refused. Query parameters that an operation does not know are ignored. A query parameter that it knows \
can be given only once. A POST request with an `Idempotency-Key` can be retried safely.\n\n\
Guides: [Introduction](/introduction), [Getting started](/guides/distribution-getting-started), \
[Migrate from /rest to /v2](/guides/rest-to-v2-migration).\n\n\
Timetables of the demo companies are SYNTHETIC. Cities: GeoNames (CC BY 4.0).";

/// The operations, ready to be routed.
#[must_use]
pub fn service() -> OpenApiService<Operations, ()> {
    OpenApiService::new(OPERATIONS, "PREXSELL API", "2.0.0")
        .description(DESCRIPTION)
        .contact(contact())
        .license(license())
}

fn contact() -> ContactObject {
    ContactObject::new()
        .name("PREXSELL API team")
        .url("https://prexsell.example/api")
        .email("api@prexsell.example")
}

fn license() -> LicenseObject {
    LicenseObject::new("MIT OR Apache-2.0").url("https://spdx.org/licenses/MIT.html")
}

const OPS_DESCRIPTION: &str = "\
For platform operators: queues and jobs, partners and companies, and the audit trail. A session in the \
workplace `PLATFORM` is required; sign in as in the public API, whose rules for requests and responses apply here too. \
Every action requires a reason and is recorded in the audit trail.";

/// The operations for platform operators, ready to be routed.
#[must_use]
pub fn ops_service() -> OpenApiService<OpsOperations, ()> {
    OpenApiService::new(OPS_OPERATIONS, "PREXSELL operations API", "1.0.0")
        .description(OPS_DESCRIPTION)
        .contact(contact())
        .license(license())
}

/// The document of the operations for platform operators. No process serves it.
///
/// # Errors
/// As [`document`].
pub fn ops_document(server: &str) -> Result<Value, Unfinished> {
    finish::finish(&ops_service().spec(), server, Operation::is_ops)
}

/// The server in the checked-in document. A reserved name (RFC 2606): every installation has its own.
pub const PUBLISHED: &str = "https://api.prexsell.example";

/// What the handlers declare, as poem-openapi writes it. Generating and finishing it takes longer than the rest of the
/// start of a server, so a process does it once.
static GENERATED: LazyLock<String> = LazyLock::new(|| service().spec());

/// The document of servers that do not state their URL, and its text.
static RELATIVE: OnceLock<(Value, String)> = OnceLock::new();

static PAGE: OnceLock<String> = OnceLock::new();

/// The document, with `server` as the URL of the API (`/` is the origin that the document was read from).
///
/// # Errors
/// When a handler declares a schema that cannot be finished; a test keeps that from being released.
pub fn document(server: &str) -> Result<Value, Unfinished> {
    match server {
        "/" => Ok(relative()?.0.clone()),
        _ => finish::finish(&GENERATED, server, is_public),
    }
}

/// The text of the document.
///
/// # Errors
/// As [`document`].
pub fn text(server: &str) -> Result<Bytes, Unfinished> {
    match server {
        "/" => Ok(relative()?.1.as_str().into()),
        _ => Ok(print(&document(server)?).into()),
    }
}

fn is_public(operation: &Operation) -> bool {
    !operation.is_ops()
}

fn relative() -> Result<&'static (Value, String), Unfinished> {
    if let Some(made) = RELATIVE.get() {
        return Ok(made);
    }
    let document = finish::finish(&GENERATED, "/", is_public)?;
    let text = print(&document);
    Ok(RELATIVE.get_or_init(|| (document, text)))
}

/// A document as text: indented, with a final newline.
#[must_use]
pub fn print(document: &Value) -> String {
    format!("{document:#}\n")
}

/// The page at `/docs`: Swagger UI with script, style and document inside, so that it works offline. Its server is the
/// origin of the page, so that requests from the page go to the same origin. The header of all pages is above it.
///
/// # Errors
/// As [`document`].
pub fn page() -> Result<&'static str, Unfinished> {
    if let Some(page) = PAGE.get() {
        return Ok(page);
    }
    let header = pages::header(pages::REFERENCE)?;
    // `</` inside the script element would end it.
    let text = relative()?.0.to_string().replace("</", "<\\/");
    let page = service()
        .swagger_ui_html()
        .trim_start()
        .replace(&*GENERATED, &text)
        .replacen("<html charset=\"UTF-8\">", "<!DOCTYPE html>\n<html lang=\"en\">", 1)
        .replacen("<title>Swagger UI</title>", HEAD, 1)
        // The script above contains `<body>` in its texts.
        .replacen(UI, &format!("{header}\n{UI}"), 1);
    Ok(PAGE.get_or_init(|| page))
}

/// The element in which the page shows the document.
const UI: &str = "<div id=\"ui\"></div>";

const HEAD: &str = "<title>PREXSELL API</title>
    <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
    <link rel=\"icon\" href=\"data:,\">
    <link rel=\"stylesheet\" href=\"/pages.css\">
    <style>
        :root { color-scheme: light; }
        body { margin: 0; background: #fafafa; }
        body .swagger-ui .info { margin: 32px 0 24px; }
        body .swagger-ui .info .title { color: #123b5d; }
        body .swagger-ui .btn.authorize { border-color: #0b7a4b; color: #0b7a4b; }
        body .swagger-ui .btn.authorize svg { fill: #0b7a4b; }
    </style>";
