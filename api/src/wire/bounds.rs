//! Default bounds of texts and numbers in the document, where a type declares none. Lists declare their own. A test
//! ensures that everything in the document is bounded.

use schemars::Schema;
use serde_json::Value;

/// The pattern of a text without rules of its own: PostgreSQL cannot store U+0000.
pub const FREE_TEXT: &str = r"^[^\x00]*$";

/// Maximum number of characters of a text in a response. Requests are bounded field by field, feeds row by row
/// (`domain::gtfs`), both far below.
pub const LONGEST_TEXT: u64 = 10_000;

/// The largest whole number that every reader of JSON keeps exactly: 2^53 - 1.
const EXACT: i64 = 9_007_199_254_740_991;

/// Integers: `int32` or `int64`, the formats that OpenAPI defines, and the bounds of their type.
pub fn whole_numbers(schema: &mut Schema) {
    if !is(schema, "integer") {
        return;
    }
    let (format, min, max) = match schema.get("format").and_then(Value::as_str) {
        Some("uint8") => ("int32", 0, i64::from(u8::MAX)),
        Some("int8") => ("int32", i64::from(i8::MIN), i64::from(i8::MAX)),
        Some("uint16") => ("int32", 0, i64::from(u16::MAX)),
        Some("int16") => ("int32", i64::from(i16::MIN), i64::from(i16::MAX)),
        Some("int32") => ("int32", i64::from(i32::MIN), i64::from(i32::MAX)),
        Some("uint32") => ("int64", 0, i64::from(u32::MAX)),
        Some("uint64" | "uint") => ("int64", 0, EXACT),
        _ => ("int64", -EXACT, EXACT),
    };
    schema.insert("format".to_owned(), format.into());
    let members = schema.ensure_object();
    members.entry("minimum").or_insert_with(|| min.into());
    members.entry("maximum").or_insert_with(|| max.into());
}

/// Dates and instants: what their formats allow.
pub fn moments(schema: &mut Schema) {
    let longest = match schema.get("format").and_then(Value::as_str) {
        Some("date") => 10,
        Some("date-time") => 40,
        _ => return,
    };
    let members = schema.ensure_object();
    members.entry("maxLength").or_insert_with(|| longest.into());
}

/// Texts of responses. They come from PostgreSQL, so none contains a NUL.
pub fn texts(schema: &mut Schema) {
    if !is(schema, "string") || schema.get("enum").is_some() {
        return;
    }
    let is_free = schema.get("pattern").is_none() && schema.get("format").is_none();
    let members = schema.ensure_object();
    members.entry("maxLength").or_insert_with(|| LONGEST_TEXT.into());
    if is_free {
        members.insert("pattern".to_owned(), FREE_TEXT.into());
    }
}

fn is(schema: &Schema, kind: &str) -> bool {
    schema.get("type").is_some_and(|found| found == kind)
}
