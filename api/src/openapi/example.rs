//! Examples of whole bodies. They are composed from the examples of the parts, so they always match the schemas.

use serde_json::{Map, Value};

/// A value that a schema allows; `None` if one of its parts has neither an example nor an enumeration.
pub(super) fn of(schema: &Value, schemas: &Map<String, Value>) -> Option<Value> {
    if let Some(example) = schema.get("example") {
        return Some(example.clone());
    }
    if let Some(name) = schema["$ref"].as_str() {
        return of(schemas.get(name.rsplit('/').next()?)?, schemas);
    }
    if let Some(first) = ["allOf", "anyOf"].iter().find_map(|keyword| schema[*keyword].get(0)) {
        return of(first, schemas);
    }
    if let Some(first) = schema["enum"].get(0) {
        return Some(first.clone());
    }
    match schema["type"].as_str()? {
        "object" => {
            // Deprecated members are left out: clients copy examples.
            let members = schema["properties"].as_object().into_iter().flatten();
            members
                .filter(|(_, schema)| schema["deprecated"] != true)
                .map(|(name, schema)| Some((name.clone(), of(schema, schemas)?)))
                .collect::<Option<Map<_, _>>>()
                .map(Value::Object)
        }
        "array" => Some(Value::Array(vec![of(&schema["items"], schemas)?])),
        _ => None,
    }
}
