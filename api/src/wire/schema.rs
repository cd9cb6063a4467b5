//! How schemas reach the document: schemars writes them, poem-openapi carries them, `crate::openapi` unpacks them.

use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use schemars::JsonSchema;
use schemars::generate::{Contract, SchemaSettings};

/// The schema of a type that is read from requests.
#[must_use]
pub fn read<T: JsonSchema>() -> MetaSchemaRef {
    carried::<T>(Contract::Deserialize)
}

/// The schema of a type that is written to answers.
#[must_use]
pub fn written<T: JsonSchema>() -> MetaSchemaRef {
    carried::<T>(Contract::Serialize)
}

/// poem-openapi's own schema type cannot hold a foreign schema, so the whole of it, with the schemas that it refers
/// to under `$defs`, travels in `default`; nothing else uses that field.
fn carried<T: JsonSchema>(contract: Contract) -> MetaSchemaRef {
    let settings = SchemaSettings::openapi3().with(|settings| {
        settings.meta_schema = None;
        settings.definitions_path = "/$defs".into();
        settings.contract = contract;
    });
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    schema.remove("title");
    MetaSchemaRef::Inline(Box::new(MetaSchema {
        default: Some(schema.to_value()),
        ..MetaSchema::ANY
    }))
}
