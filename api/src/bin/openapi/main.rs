//! The OpenAPI document, without a database: `openapi` prints it, `openapi breaks RELEASED ACCEPTED` says what in it
//! breaks clients of the document that was released last, but for what is accepted. Both files are JSON and lines.

mod breaks;
mod schema;

use std::io::Write;
use std::process::ExitCode;

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
        _ => return Err("usage: openapi [breaks RELEASED ACCEPTED]".into()),
    }
    Ok(ExitCode::SUCCESS)
}
