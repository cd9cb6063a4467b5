//! Prints the OpenAPI documents, without a database: `openapi` the public one, `openapi ops` the one for platform
//! operators.
//!
//! `openapi breaks RELEASED ACCEPTED` prints what breaks clients of the document in the file RELEASED, except the lines
//! in the file ACCEPTED. `openapi routes` prints the table of routes, for `deploy/dev/routes.py`.

mod breaks;
mod schema;

use std::io::Write;
use std::process::ExitCode;

use api::route::Operation;
use api::route::policy::Policy;
use api::routes::TABLE;

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> Result<ExitCode, Failure> {
    let document = api::openapi::document(api::openapi::PUBLISHED)?;
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut out = std::io::stdout();
    match arguments.as_slice() {
        [] => out.write_all(api::openapi::print(&document).as_bytes())?,
        ["breaks", released, accepted] => {
            let released = serde_json::from_slice(&std::fs::read(released)?)?;
            let found = breaks::between(&released, &document);
            let wrong = breaks::without(&found, &std::fs::read_to_string(accepted)?);
            for line in &wrong {
                writeln!(out, "{line}")?;
            }
            if !wrong.is_empty() {
                return Ok(ExitCode::FAILURE);
            }
        }
        ["ops"] => {
            let document = api::openapi::ops_document(api::openapi::PUBLISHED)?;
            out.write_all(api::openapi::print(&document).as_bytes())?;
        }
        ["routes"] => out.write_all(routes().as_bytes())?,
        _ => return Err("usage: openapi [ops | breaks RELEASED ACCEPTED | routes]".into()),
    }
    Ok(ExitCode::SUCCESS)
}

/// The table of routes, one line for each row, with tabs between the columns.
fn routes() -> String {
    let mut lines = String::new();
    for operation in TABLE.operations() {
        let Operation {
            method,
            path,
            id,
            handler,
            policy,
            ..
        } = operation;
        let Policy {
            caller,
            rate,
            cors,
            cache,
            idempotency,
            body,
            change,
            ..
        } = policy;
        let rate = rate.map_or_else(String::new, |class| class.to_string());
        let (method, api, function) = (method.name(), handler.api, handler.function);
        let large = policy.large_body();
        lines.push_str(&format!(
            "{method}\t{path}\t{id}\t{api}\t{function}\t{caller:?}\t{rate}\t{cors:?}\t{cache:?}\t{idempotency:?}\t{body:?}\t{change:?}\t{large:?}\n"
        ));
    }
    lines
}
