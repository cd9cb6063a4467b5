//! The wire format: bodies, responses, parameters and the value types in them. Parsing is strict and names every
//! invalid field. The schemas come from the types that are parsed, and validate what is parsed.

pub mod archive;
pub mod body;
pub mod bounds;
pub mod coding;
pub mod etag;
pub mod gzip;
pub mod param;
pub mod path;
pub mod pdf;
pub mod query;
pub mod rendered;
pub mod reply;
pub mod rules;
pub mod schema;
pub mod value;
