//! The OpenAPI documents, without a database: `openapi` prints the public one and `openapi ops` the one of the operations
//! of the platform itself; `openapi breaks RELEASED ACCEPTED` says what in it
//! breaks clients of the document that was released last, but for what is accepted. Both files are JSON and lines.
//! `openapi routes` prints the table of routes, for `deploy/dev/routes.py`.

mod breaks;
mod schema;

use std::io::Write;
use std::process::ExitCode;

use api::routes::Operation;
use api::routes::policy::Policy;

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

/// Every row of the table in a line, with tabs between the columns.
fn routes() -> String {
    let mut lines = String::new();
    for operation in Operation::all() {
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
