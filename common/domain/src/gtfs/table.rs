//! Rows of a CSV file with their line numbers.
//!
//! The gtfs-structures crate gives up a whole file on its first bad row and does not say where it was; a report that
//! names file, line and reason for every rejected row needs the csv crate and its byte positions.

use csv::StringRecord;

use super::clause::Clause;
use super::encoding::newlines;
use super::findings::{Findings, Refusal};
use super::remark::Remark;

/// Longest record, in lines: quoted fields may span lines, but a longer record means a quote that was never closed.
const MOST_LINES: u64 = 50;

/// Longest field, in bytes: enough for rules and descriptions, and a limit for the responses of the API.
const LONGEST_FIELD: usize = 5_000;

/// A column of a file; one that is absent reads as blank in every row.
#[derive(Debug, Clone, Copy)]
pub struct Column(Option<usize>);

impl Column {
    /// Whether the header names it.
    #[must_use]
    pub const fn is_there(&self) -> bool {
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
    pub fn id(&self, column: Column, name: &str) -> Result<&str, Clause> {
        match self.get(column) {
            "" => Err(blank(name)),
            id if id.len() > 255 => Err(too_long(name, 255)),
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
        let mut csv = csv::ReaderBuilder::new()
            .flexible(true)
            .delimiter(delimiter(text))
            .from_reader(text.as_bytes());
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
        let found = self.header.iter().position(|field| bare(field) == name);
        // The specification writes names in lower case; some exports do not.
        let loose = || {
            self.header
                .iter()
                .position(|field| bare(field).eq_ignore_ascii_case(name))
        };
        Column(found.or_else(loose))
    }

    /// A required column.
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

    /// Passes every row to `read`; a row for which it returns a reason is recorded as a flaw. Returns the number of
    /// rows.
    ///
    /// # Errors
    /// When the file is not CSV.
    pub fn each(
        self,
        findings: &mut Findings,
        read: impl FnMut(&Row<'_>, &mut Findings) -> Result<(), Remark>,
    ) -> Result<usize, Refusal> {
        self.each_row(findings, read, |_| {})
    }

    /// As [`Self::each`], for files in which a rejected row matters: rows that `read` never sees, because they have too
    /// many fields or one that is too long, are passed to `lost`. Their fields may be in the wrong columns.
    ///
    /// # Errors
    /// When the file is not CSV.
    pub fn each_row(
        mut self,
        findings: &mut Findings,
        mut read: impl FnMut(&Row<'_>, &mut Findings) -> Result<(), Remark>,
        mut lost: impl FnMut(&Row<'_>),
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
            let outcome = match self.misshapen(&row) {
                Some(reason) => {
                    lost(&row);
                    Err(reason.into())
                }
                None => read(&row, findings),
            };
            if let Err(reason) = outcome {
                findings.flaw(self.file, self.line, reason);
            }
        }
        Ok(rows)
    }

    /// Why the shape of a row is wrong.
    fn misshapen(&self, row: &Row<'_>) -> Option<Clause> {
        let mut surplus = row.record.iter().skip(self.header.len());
        if surplus.any(|field| !field.trim().is_empty()) {
            return Some(Clause::FieldCount {
                fields: row.record.len().to_string(),
                expected: self.header.len().to_string(),
            });
        }
        let at = row.record.iter().position(|field| field.len() > LONGEST_FIELD)?;
        Some(too_long(self.header.get(at).unwrap_or_default(), LONGEST_FIELD))
    }

    /// Reads the next record and finds its line: the csv crate counts from the end of the previous one, which is one
    /// line too early after a CRLF and after blank lines.
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
                reason: Clause::QuoteOpen {}.into(),
            });
        }
        Ok(true)
    }
}

/// The delimiter: a comma, or what spreadsheets of some countries write instead if the header has no comma.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let instead = [b';', b'\t'].into_iter().find(|mark| header.as_bytes().contains(mark));
    instead.filter(|_| !header.contains(',')).unwrap_or(b',')
}

/// The clause for a blank field.
pub fn blank(field: &str) -> Clause {
    Clause::FieldBlank { field: field.into() }
}

/// The clause for a field that is longer than `most` bytes.
pub fn too_long(field: &str, most: usize) -> Clause {
    Clause::FieldTooLong {
        field: field.to_owned(),
        most: most.to_string(),
    }
}

fn malformed(file: &'static str, line: u64, error: &csv::Error) -> Refusal {
    Refusal::Malformed {
        file,
        line,
        reason: Clause::NotCsv {
            error: error.to_string(),
        }
        .into(),
    }
}

#[cfg(test)]
mod tests;
