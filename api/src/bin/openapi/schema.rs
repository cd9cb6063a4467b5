//! Compares two versions of a schema, the old one and the new one.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// Who writes the data that a schema describes; this decides which changes break clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// Clients write it: it breaks clients if less is accepted.
    Request,
    /// Clients read it: it breaks clients if something is missing, or if a known place holds something new.
    Answer,
}

/// Upper limits of requests, which may be raised, and lower limits, which may be lowered, without breaking clients.
const AT_MOST: [&str; 4] = ["maximum", "maxLength", "maxItems", "maxProperties"];
const AT_LEAST: [&str; 4] = ["minimum", "minLength", "minItems", "minProperties"];
/// Rules of a request that may be removed but not changed.
const EXACT: [&str; 6] = [
    "pattern",
    "format",
    "multipleOf",
    "uniqueItems",
    "exclusiveMinimum",
    "exclusiveMaximum",
];

/// The state of a comparison of two documents.
pub struct Comparison<'a> {
    old: &'a Value,
    new: &'a Value,
    seen: BTreeSet<(Direction, &'a str)>,
    /// The breaks found so far.
    pub found: BTreeSet<String>,
}

impl<'a> Comparison<'a> {
    /// A comparison of these documents.
    pub const fn new(old: &'a Value, new: &'a Value) -> Self {
        Self {
            old,
            new,
            seen: BTreeSet::new(),
            found: BTreeSet::new(),
        }
    }

    /// Records a break at a place.
    pub fn note(&mut self, place: &str, what: &str) {
        self.found
            .insert(format!("{place}{}{what}", if what.starts_with(':') { "" } else { " " }));
    }

    /// The target of a reference in the old document.
    pub fn in_old(&self, value: &'a Value) -> &'a Value {
        unwrapped(value, self.old).0
    }

    /// The target of a reference in the new document.
    pub fn in_new(&self, value: &'a Value) -> &'a Value {
        unwrapped(value, self.new).0
    }

    /// Compares the schemas at a place. Named schemas are compared once for each direction, not once for each use.
    pub fn schema(&mut self, place: &str, direction: Direction, old: &'a Value, new: &'a Value) {
        let (old, old_name) = unwrapped(old, self.old);
        let (new, _) = unwrapped(new, self.new);
        let place = match old_name {
            None => place.to_owned(),
            Some(name) => {
                if !self.seen.insert((direction, name)) {
                    return;
                }
                let users = match direction {
                    Direction::Request => "requests",
                    Direction::Answer => "answers",
                };
                format!("{users}: {name}")
            }
        };
        self.compare(&place, direction, old, new);
    }

    fn compare(&mut self, place: &str, direction: Direction, old: &'a Value, new: &'a Value) {
        if old["type"] != new["type"] {
            let (old, new) = (printed(&old["type"]), printed(&new["type"]));
            return self.note(place, &format!(": type is {new} now, was {old}"));
        }
        self.values(place, direction, old, new);
        if direction == Direction::Request {
            self.limits(place, old, new);
        } else if old["format"] != new["format"] {
            self.changed(place, "format", old, new);
        }
        self.properties(place, direction, old, new);
        if old["items"].is_object() {
            self.schema(&format!("{place}[]"), direction, &old["items"], &new["items"]);
        }
        for keyword in ["allOf", "anyOf", "oneOf"] {
            let (old, new) = (choices(old, keyword), choices(new, keyword));
            if old.len() == new.len() {
                for (old, new) in old.iter().zip(new) {
                    self.schema(place, direction, old, new);
                }
            } else {
                self.note(place, &format!(": other choices in {keyword}"));
            }
        }
    }

    fn values(&mut self, place: &str, direction: Direction, old: &Value, new: &Value) {
        let may_be_null = |schema: &Value| schema["nullable"] == true;
        let (old_values, new_values) = (old["enum"].as_array(), new["enum"].as_array());
        match direction {
            Direction::Request => {
                if may_be_null(old) && !may_be_null(new) {
                    self.note(place, ": null is refused now");
                }
                let narrowed = new_values
                    .is_some_and(|new| old_values.is_none_or(|old| old.iter().any(|value| !new.contains(value))));
                if narrowed {
                    self.note(place, ": only some values are taken now");
                }
            }
            Direction::Answer => {
                if may_be_null(new) && !may_be_null(old) {
                    self.note(place, ": can be null now");
                }
                match (old_values, new_values) {
                    (Some(_), None) => self.note(place, ": can be anything now"),
                    (Some(old), Some(new)) => {
                        for value in new.iter().filter(|value| !old.contains(value)) {
                            self.note(place, &format!(": can be {value} now"));
                        }
                    }
                    (None, _) => {}
                }
            }
        }
    }

    fn limits(&mut self, place: &str, old: &Value, new: &Value) {
        let number = |schema: &Value, keyword: &str| schema[keyword].as_f64();
        for keyword in AT_MOST {
            let narrowed = number(new, keyword).is_some_and(|new| number(old, keyword).is_none_or(|old| new < old));
            if narrowed {
                self.changed(place, keyword, old, new);
            }
        }
        for keyword in AT_LEAST {
            let narrowed = number(new, keyword).is_some_and(|new| number(old, keyword).is_none_or(|old| new > old));
            if narrowed {
                self.changed(place, keyword, old, new);
            }
        }
        for keyword in EXACT {
            if !new[keyword].is_null() && new[keyword] != old[keyword] {
                self.changed(place, keyword, old, new);
            }
        }
    }

    fn changed(&mut self, place: &str, keyword: &str, old: &Value, new: &Value) {
        let (old, new) = (printed(&old[keyword]), printed(&new[keyword]));
        self.note(place, &format!(": {keyword} is {new} now, was {old}"));
    }

    fn properties(&mut self, place: &str, direction: Direction, old: &'a Value, new: &'a Value) {
        let required = |schema: &Value, name: &str| {
            let names = schema["required"].as_array();
            names.is_some_and(|names| names.iter().any(|required| required == name))
        };
        let of = |schema: &'a Value| schema["properties"].as_object().into_iter().flat_map(Map::iter);
        for (name, old_member) in of(old) {
            let place = format!("{place}.{name}");
            let Some(new_member) = new["properties"].get(name) else {
                self.note(&place, "is gone");
                continue;
            };
            match direction {
                Direction::Request if required(new, name) && !required(old, name) => {
                    self.note(&place, "is required now");
                }
                Direction::Answer if required(old, name) && !required(new, name) => {
                    self.note(&place, "can be missing now");
                }
                Direction::Request | Direction::Answer => {}
            }
            self.schema(&place, direction, old_member, new_member);
        }
        self.additional(
            place,
            direction,
            &old["additionalProperties"],
            &new["additionalProperties"],
        );
        for (name, _) in of(new) {
            let is_new = old["properties"].get(name).is_none();
            if direction == Direction::Request && is_new && required(new, name) {
                self.note(&format!("{place}.{name}"), "is new and required");
            }
        }
    }

    /// Compares what is said about undeclared properties: whether they are accepted, and what they hold.
    fn additional(&mut self, place: &str, direction: Direction, old: &'a Value, new: &'a Value) {
        if old.is_object() && new.is_object() {
            self.schema(&format!("{place}.*"), direction, old, new);
        } else if direction == Direction::Request && new == false && old != false {
            self.note(place, ": undeclared fields are refused now");
        } else if direction == Direction::Answer && old.is_object() {
            self.note(place, ": fields are of any kind now, or gone");
        }
    }
}

/// Follows references, and choices with a single member; returns the schema, and the last name on the way.
fn unwrapped<'a>(schema: &'a Value, document: &'a Value) -> (&'a Value, Option<&'a str>) {
    let (mut schema, mut name) = (schema, None);
    loop {
        if let Some(reference) = schema["$ref"].as_str() {
            name = reference.rsplit('/').next();
            schema = document
                .pointer(reference.trim_start_matches('#'))
                .unwrap_or(&Value::Null);
        } else if let ([only], true) = (choices(schema, "allOf"), schema["nullable"] != true) {
            schema = only;
        } else {
            return (schema, name);
        }
    }
}

fn choices<'a>(schema: &'a Value, keyword: &str) -> &'a [Value] {
    schema[keyword].as_array().map_or(&[], Vec::as_slice)
}

fn printed(value: &Value) -> String {
    if value.is_null() {
        "nothing".to_owned()
    } else {
        value.to_string()
    }
}
