//! Prints the OpenAPI document. It needs no database: `cargo run --bin openapi > docs/openapi.json`.

use std::io::Write;

fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let document = api::openapi::document("/")?;
    std::io::stdout().write_all(api::openapi::print(&document).as_bytes())?;
    Ok(())
}
