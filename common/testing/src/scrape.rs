//! Scrapes of `/metrics`, read as Prometheus reads them, and compared with `docs/METRICS.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What a process exported, in the text format of Prometheus.
#[derive(Debug, Clone)]
pub struct Scrape {
    /// The text, as received.
    pub text: String,
    samples: BTreeMap<String, f64>,
    types: BTreeMap<String, String>,
}

/// A row of `docs/METRICS.md`.
#[derive(Debug, Clone)]
struct Row {
    kind: String,
    labels: BTreeSet<String>,
    exporters: String,
}

impl Row {
    fn is_of(&self, exporter: &str) -> bool {
        self.exporters.split(", ").any(|who| who == exporter || who == "all")
    }
}

impl Scrape {
    /// Reads a response.
    ///
    /// # Panics
    /// When a line does not have the format.
    #[must_use]
    pub fn read(text: String) -> Self {
        let (mut samples, mut types) = (BTreeMap::new(), BTreeMap::new());
        for line in text.lines() {
            if let Some(described) = line.strip_prefix("# TYPE ") {
                let (name, kind) = described.split_once(' ').expect("a type");
                assert_eq!(types.insert(name.to_owned(), kind.to_owned()), None, "{name} twice");
            } else if !line.starts_with('#') {
                let (series, value) = line.rsplit_once(' ').expect("a sample");
                let value = value.parse().expect("a number");
                assert_eq!(samples.insert(series.to_owned(), value), None, "{series} twice");
            }
        }
        Self { text, samples, types }
    }

    /// The value of a series, written as in the exposition; `None` when there is none.
    #[must_use]
    pub fn value(&self, series: &str) -> Option<f64> {
        self.samples.get(series).copied()
    }

    /// Every value of every label.
    fn label_values(&self) -> impl Iterator<Item = &str> {
        let labels = self.samples.keys().filter_map(|series| series.split_once('{'));
        labels.flat_map(|(_, labels)| labels.split('"').skip(1).step_by(2))
    }

    /// Checks that every value of a label is a word of the code: neither an id, an address nor a path.
    ///
    /// # Panics
    /// When one is not.
    pub fn assert_labels_are_words(&self) {
        for value in self.label_values() {
            let is_word = value.len() <= 40
                && value.chars().all(|c| c.is_ascii_alphanumeric() || "_.+-".contains(c))
                && value.chars().filter(char::is_ascii_digit).count() <= 6;
            assert!(is_word, "{value}");
        }
    }

    /// Compares with the rows of `docs/METRICS.md` for this kind of process: every exported metric is listed there with
    /// its type and labels, and every listed one is exported, unless its row says `once`.
    ///
    /// # Panics
    /// When they differ.
    pub fn assert_is_documented(&self, exporter: &str) {
        let rows = documented();
        for (name, kind) in &self.types {
            let row = rows
                .get(name)
                .unwrap_or_else(|| panic!("{name} is not in docs/METRICS.md"));
            assert_eq!(&row.kind, kind, "{name}");
            assert!(row.is_of(exporter), "{name} is exported by {exporter} too");
            assert_eq!(row.labels, self.labels_of(name), "{name}");
        }
        for (name, row) in &rows {
            let is_due = row.is_of(exporter) && !row.exporters.contains("once");
            assert!(
                !is_due || self.types.contains_key(name),
                "{name} is not exported by {exporter}"
            );
        }
    }

    fn labels_of(&self, name: &str) -> BTreeSet<String> {
        let of_name = |series: &&String| {
            let (family, _) = series.split_once('{').unwrap_or((series, ""));
            [name, &format!("{name}_bucket")].contains(&family)
        };
        let series: Vec<&String> = self.samples.keys().filter(of_name).collect();
        assert!(!series.is_empty(), "{name} has a sample");
        let labels = series.iter().filter_map(|series| series.split_once('{'));
        let names =
            labels.flat_map(|(_, labels)| labels.split(['{', ',', '}']).filter_map(|label| label.split_once('=')));
        let names: BTreeSet<String> = names.map(|(label, _)| label.to_owned()).collect();
        names.into_iter().filter(|label| label != "le").collect()
    }
}

fn documented() -> BTreeMap<String, Row> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/METRICS.md");
    let text = std::fs::read_to_string(path).expect("docs/METRICS.md");
    let rows = text.lines().filter(|line| line.starts_with("| `p"));
    let rows = rows.map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [name, kind, labels, _unit, exporters, _tells] = cells[..] else {
            panic!("a row has six cells: {line}");
        };
        let labels = labels.split(',').map(|label| label.trim().trim_matches('`'));
        let row = Row {
            kind: kind.to_owned(),
            labels: labels.filter(|label| !label.is_empty()).map(str::to_owned).collect(),
            exporters: exporters.to_owned(),
        };
        (name.trim_matches('`').to_owned(), row)
    });
    rows.collect()
}
