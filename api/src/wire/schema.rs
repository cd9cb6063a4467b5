//! How schemas reach the document: schemars writes them, poem-openapi carries them, `crate::openapi` unpacks them.

use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use schemars::generate::{Contract, SchemaSettings};
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema};
use serde_json::Value;

use super::bounds;

/// The schema of a type that is read from requests.
#[must_use]
pub fn read<T: JsonSchema>() -> MetaSchemaRef {
    carried::<T>(settings(Contract::Deserialize))
}

/// The schema of a type that is written to responses.
#[must_use]
pub fn written<T: JsonSchema>() -> MetaSchemaRef {
    carried::<T>(settings(Contract::Serialize))
}

/// The same schema as [`read`]'s, without references.
#[must_use]
pub fn inlined<T: JsonSchema>() -> Value {
    root::<T>(settings(Contract::Deserialize).with(|settings| settings.inline_subschemas = true))
}

/// How every schema of the document is written.
#[must_use]
pub fn settings(contract: Contract) -> SchemaSettings {
    let reads = contract == Contract::Deserialize;
    let settings = SchemaSettings::openapi3().with(|settings| {
        settings.meta_schema = None;
        settings.definitions_path = "/$defs".into();
        settings.contract = contract;
    });
    let settings = settings
        .with_transform(RecursiveTransform(tidy))
        .with_transform(RecursiveTransform(bounds::whole_numbers))
        .with_transform(RecursiveTransform(bounds::moments));
    if reads {
        settings
            .with_transform(RecursiveTransform(refuse_nul))
            .with_transform(RecursiveTransform(drop_member_defaults))
    } else {
        settings.with_transform(RecursiveTransform(bounds::texts))
    }
}

/// poem-openapi's own schema type cannot hold a foreign schema, so the complete schema, with the schemas that it refers
/// to under `$defs`, is carried in `default`; nothing else uses that field.
fn carried<T: JsonSchema>(settings: SchemaSettings) -> MetaSchemaRef {
    MetaSchemaRef::Inline(Box::new(MetaSchema {
        default: Some(root::<T>(settings)),
        ..MetaSchema::ANY
    }))
}

fn root<T: JsonSchema>(settings: SchemaSettings) -> Value {
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    schema.remove("title");
    schema.to_value()
}

/// Tidies what schemars writes and OpenAPI 3.0 does not support or need: `nullable` without a type, a choice of one,
/// and a choice between single words, which is an enumeration.
fn tidy(schema: &mut Schema) {
    if schema.get("nullable").is_some() && schema.get("type").is_none() {
        schema.insert("type".to_owned(), "object".into());
    }
    if let Some(words) = schema.get("oneOf").and_then(single_words) {
        schema.remove("oneOf");
        schema.insert("type".to_owned(), "string".into());
        schema.insert("enum".to_owned(), words.into());
    }
    let choice = schema.get_mut("oneOf").and_then(Value::as_array_mut);
    if let Some([Value::Object(only)]) = choice.map(Vec::as_mut_slice) {
        let only = std::mem::take(only);
        schema.remove("oneOf");
        for (keyword, value) in only {
            schema.ensure_object().entry(keyword).or_insert(value);
        }
    }
}

/// The words of a choice between single words, each with a description of its own.
fn single_words(choice: &Value) -> Option<Vec<Value>> {
    let word = |one: &Value| match one["enum"].as_array()?.as_slice() {
        [word @ Value::String(_)] if one["type"] == "string" => Some(word.clone()),
        _ => None,
    };
    choice.as_array()?.iter().map(word).collect()
}

/// Removes the defaults of request body members, which their descriptions state: client generators treat a member with
/// a `default` as always present, and then require it.
fn drop_member_defaults(schema: &mut Schema) {
    let members = schema.get_mut("properties").and_then(Value::as_object_mut);
    for member in members.into_iter().flat_map(|members| members.values_mut()) {
        if let Some(member) = member.as_object_mut() {
            member.remove("default");
        }
    }
}

/// Free texts must not contain NUL.
fn refuse_nul(schema: &mut Schema) {
    let is_text = schema.get("type").is_some_and(|kind| kind == "string");
    let is_free = ["enum", "pattern", "format"]
        .iter()
        .all(|rule| schema.get(*rule).is_none());
    if is_text && is_free {
        schema.insert("pattern".to_owned(), bounds::FREE_TEXT.into());
    }
}
