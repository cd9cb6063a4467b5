//! Rows of a CSV file with the line they stand on.
//!
//! The gtfs-structures crate gives up a whole file on its first bad row and does not say where it was; a report that
//! names file, line and reason for every rejected row needs the csv crate and its byte positions.

use csv::StringRecord;

use super::findings::{Findings, Refusal};

/// Longest record, in lines: quoted fields may span lines, but a record beyond this is a quote that was never closed.
const MOST_LINES: u64 = 50;

/// Longest field, in bytes: rules and descriptions fit, and what the API answers with has an end.
const LONGEST_FIELD: usize = 5_000;

/// Checks that a file is text in UTF-8 and strips the byte order mark.
///
/// # Errors
/// Names the line of the first offending byte and the encoding it looks like.
pub fn text<'a>(file: &'static str, bytes: &'a [u8]) -> Result<&'a str, Refusal> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let refuse = |at: usize, hint| Refusal::Encoding {
        file,
        line: 1 + newlines(&bytes[..at]),
        hint,
    };
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(refuse(0, "it looks like UTF-16; save it as UTF-8"));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => match text.bytes().position(|b| b == 0) {
            Some(at) => Err(refuse(
                at,
                "it contains NUL bytes, like UTF-16 or a binary file; save it as UTF-8",
            )),
            None => Ok(text),
        },
        Err(e) => Err(refuse(
            e.valid_up_to(),
            "it looks like a single-byte encoding (Windows-125x, ISO 8859); save it as UTF-8",
        )),
    }
}

#[expect(
    clippy::naive_bytecount,
    reason = "the compiler vectorises it; no crate for one line"
)]
fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|b| **b == b'\n').count() as u64
}

/// A column of a file; one that is absent reads as blank in every row.
#[derive(Debug, Clone, Copy)]
pub struct Column(Option<usize>);

impl Column {
    /// Whether the file has it.
    #[must_use]
    pub const fn is_present(self) -> bool {
        self.0.is_some()
    }
}

/// A file that is being read, row by row.
pub struct Table<'a> {
    /// Its name, for messages.
    pub file: &'static str,
    text: &'a str,
    csv: csv::Reader<&'a [u8]>,
    header: StringRecord,
    record: StringRecord,
    counted: usize,
    line: u64,
}

/// One row.
pub struct Row<'r> {
    record: &'r StringRecord,
    /// Line on which it begins.
    pub line: u64,
}

impl Row<'_> {
    /// The field without padding and stray quotes; blank when the column or the field is absent.
    #[must_use]
    pub fn get(&self, column: Column) -> &str {
        let field = column.0.and_then(|at| self.record.get(at)).unwrap_or_default().trim();
        match field.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
            Some(quoted) => quoted.trim(),
            None => field,
        }
    }

    /// The field, or nothing when it is blank.
    #[must_use]
    pub fn some(&self, column: Column) -> Option<&str> {
        Some(self.get(column)).filter(|field| !field.is_empty())
    }

    /// The field as owned text, or nothing when it is blank.
    #[must_use]
    pub fn owned(&self, column: Column) -> Option<String> {
        self.some(column).map(str::to_owned)
    }

    /// The field as an id.
    ///
    /// # Errors
    /// A reason to reject the row: blank, or longer than 255 bytes.
    pub fn id(&self, column: Column, name: &str) -> Result<&str, String> {
        match self.get(column) {
            "" => Err(format!("{name} is blank")),
            id if id.len() > 255 => Err(format!("{name} is longer than 255 bytes")),
            id => Ok(id),
        }
    }
}

impl<'a> Table<'a> {
    /// Starts reading a file.
    ///
    /// # Errors
    /// When it has no header.
    pub fn open(file: &'static str, text: &'a str) -> Result<Self, Refusal> {
        let mut csv = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let header = csv.headers().map_err(|e| malformed(file, 1, &e))?.clone();
        if header.iter().all(|name| name.trim().is_empty()) {
            return Err(Refusal::EmptyFile(file));
        }
        Ok(Self {
            file,
            text,
            csv,
            header,
            record: StringRecord::new(),
            counted: 0,
            line: 1,
        })
    }

    /// A column that may be absent.
    #[must_use]
    pub fn column(&self, name: &str) -> Column {
        let bare = |field: &str| field.trim().trim_matches('"').trim().to_owned();
        Column(self.header.iter().position(|field| bare(field) == name))
    }

    /// A column that must be there.
    ///
    /// # Errors
    /// When the header does not name it.
    pub fn require(&self, name: &'static str) -> Result<Column, Refusal> {
        match self.column(name) {
            Column(None) => Err(Refusal::MissingColumn {
                file: self.file,
                column: name,
            }),
            found => Ok(found),
        }
    }

    /// Hands every row to `read`; a row for which it gives a reason is noted as a flaw. Gives the number of rows.
    ///
    /// # Errors
    /// When the file is not CSV.
    pub fn each(
        mut self,
        findings: &mut Findings,
        mut read: impl FnMut(&Row<'_>, &mut Findings) -> Result<(), String>,
    ) -> Result<usize, Refusal> {
        let mut rows = 0;
        while self.advance()? {
            let row = Row {
                record: &self.record,
                line: self.line,
            };
            if row.record.iter().all(|field| field.trim().is_empty()) {
                continue;
            }
            rows += 1;
            let surplus = row
                .record
                .iter()
                .skip(self.header.len())
                .any(|field| !field.trim().is_empty());
            let outcome = if surplus {
                Err(format!(
                    "has {} fields, the header has {}",
                    row.record.len(),
                    self.header.len()
                ))
            } else if let Some(at) = row.record.iter().position(|field| field.len() > LONGEST_FIELD) {
                let column = self.header.get(at).unwrap_or_default();
                Err(format!("{column} is longer than {LONGEST_FIELD} bytes"))
            } else {
                read(&row, findings)
            };
            if let Err(reason) = outcome {
                findings.flaw(self.file, self.line, reason);
            }
        }
        Ok(rows)
    }

    /// Reads the next record and finds its line: the csv crate counts from where the one before ended, which is one
    /// line early after a CRLF and after blank lines.
    fn advance(&mut self) -> Result<bool, Refusal> {
        if !self
            .csv
            .read_record(&mut self.record)
            .map_err(|e| malformed(self.file, self.line, &e))?
        {
            return Ok(false);
        }
        let bytes = self.text.as_bytes();
        let mut start = self
            .record
            .position()
            .map_or(0, |p| usize::try_from(p.byte()).unwrap_or(usize::MAX));
        start = start.min(bytes.len());
        while matches!(bytes.get(start), Some(b'\n' | b'\r')) {
            start += 1;
        }
        self.line += newlines(&bytes[self.counted..start]);
        self.counted = start;
        let end = usize::try_from(self.csv.position().byte())
            .unwrap_or(usize::MAX)
            .min(bytes.len());
        if newlines(&bytes[start..end]) > MOST_LINES {
            return Err(Refusal::Malformed {
                file: self.file,
                line: self.line,
                reason: "opens a quote that is not closed".to_owned(),
            });
        }
        Ok(true)
    }
}

fn malformed(file: &'static str, line: u64, error: &csv::Error) -> Refusal {
    Refusal::Malformed {
        file,
        line,
        reason: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Findings, Refusal, Table, text};

    fn rows(content: &str) -> (Vec<(u64, String, String)>, Findings) {
        let mut findings = Findings::default();
        let table = Table::open("x.txt", text("x.txt", content.as_bytes()).unwrap()).unwrap();
        let (a, b) = (table.column("a"), table.column("b"));
        let mut rows = Vec::new();
        table
            .each(&mut findings, |row, _| {
                rows.push((row.line, row.get(a).to_owned(), row.get(b).to_owned()));
                Ok(())
            })
            .unwrap();
        (rows, findings)
    }

    #[test]
    fn tolerates_padding_marks_quotes_and_blank_lines() {
        let (rows, findings) = rows("\u{feff} a ,\"b\",c\r\n\r\n 1 , \"two\" ,3\r\n\"multi\nline\",x\n\n4\n");
        let plain: Vec<_> = rows.iter().map(|(l, a, b)| (*l, a.as_str(), b.as_str())).collect();
        assert_eq!(plain, [(3, "1", "two"), (4, "multi\nline", "x"), (7, "4", "")]);
        assert_eq!(findings, Findings::default());
    }

    #[test]
    fn rejects_a_row_with_surplus_fields() {
        let (rows, findings) = rows("a,b\n1,2,\n1,2,3\n");
        assert_eq!(rows.len(), 1);
        assert_eq!(findings.flaws[0].to_string(), "x.txt:3 has 3 fields, the header has 2");
    }

    #[test]
    fn rejects_a_row_with_an_endless_field() {
        let (rows, findings) = rows(&format!("a,b\n1,{}\n1,{}\n", "x".repeat(5_000), "x".repeat(5_001)));
        assert_eq!(rows.len(), 1);
        assert_eq!(findings.flaws[0].to_string(), "x.txt:3 b is longer than 5000 bytes");
    }

    #[test]
    fn names_line_and_likely_encoding_of_foreign_text() {
        let latin = text("stops.txt", b"stop_id,stop_name\n1,Plain\n2,M\xfcnchen\n").unwrap_err();
        assert!(
            latin
                .to_string()
                .starts_with("stops.txt:3 is not UTF-8: it looks like a single-byte"),
            "{latin}"
        );
        let wide = text("stops.txt", b"\xff\xfes\0t\0").unwrap_err();
        assert!(wide.to_string().contains("UTF-16"), "{wide}");
        assert!(
            text("stops.txt", b"a\n\0\n")
                .unwrap_err()
                .to_string()
                .starts_with("stops.txt:2")
        );
    }

    #[test]
    fn refuses_a_file_without_header_and_a_quote_that_stays_open() {
        assert_eq!(Table::open("x.txt", "").err(), Some(Refusal::EmptyFile("x.txt")));
        let open = format!("a,b\n1,\"two\n{}", "3,4\n".repeat(100));
        let table = Table::open("x.txt", &open).unwrap();
        let refusal = table.each(&mut Findings::default(), |_, _| Ok(())).unwrap_err();
        assert_eq!(refusal.to_string(), "x.txt:2 opens a quote that is not closed");
    }
}
