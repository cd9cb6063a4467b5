//! Reasons and remarks about a timetable, for programs.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write;

use app::timetable::upload::Said;
use domain::gtfs::Code;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;

/// A part of a reason or remark. Several clauses form one sentence: what is wrong, then what was left out because of
/// it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReasonClause {
    /// What the clause says.
    pub code: ReasonCode,
    /// The values that it names, as the feed writes them. The code determines which values there are.
    #[schemars(example = serde_json::json!({ "stop": "kyiv-9" }))]
    pub values: BTreeMap<String, String>,
}

/// What a part of a reason or remark says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct ReasonCode(Code);

impl ReasonClause {
    /// The clauses of a sentence; none when one of them is unknown, because it was stored by a newer version.
    pub fn list(said: Vec<Said>) -> Vec<Self> {
        let clause = |Said { code, values }| {
            let code = code.parse().map(ReasonCode).ok()?;
            Some(Self { code, values })
        };
        said.into_iter().map(clause).collect::<Option<_>>().unwrap_or_default()
    }
}

impl JsonSchema for ReasonCode {
    fn schema_name() -> Cow<'static, str> {
        "TimetableReasonCode".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let words: Vec<&str> = Code::ALL.iter().map(|code| code.word()).collect();
        let mut about =
            "What a part of a reason or remark says, and the names of its values. More codes may be added: \
                         show the English text for one that you do not know."
                .to_owned();
        for code in Code::ALL {
            // Writing to a string does not fail.
            let _ = write!(about, "\n- `{code}`: {}", code.text().replace(":?", ""));
        }
        json_schema!({ "type": "string", "description": about, "enum": words, "example": "STOP_UNKNOWN" })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use app::timetable::upload::Said;

    use super::ReasonClause;

    #[test]
    fn a_sentence_with_an_unknown_clause_is_left_to_its_text() {
        let said = |code: &str| Said {
            code: code.to_owned(),
            values: BTreeMap::new(),
        };
        let known = ReasonClause::list(vec![said("NO_TRIP"), said("FILE_LEFT_OUT")]);
        assert_eq!(serde_json::to_value(&known).unwrap()[1]["code"], "FILE_LEFT_OUT");
        assert!(ReasonClause::list(vec![said("NO_TRIP"), said("FROM_TOMORROW")]).is_empty());
    }
}
