//! The layout of a ticket. Everything that a driver checks is on the first page, even with long texts: name, journey,
//! seat, QR code, order number. What does not fit there is shortened, and printed in full on a following page.

use domain::notification::view::{Leg, Row, View};

use super::font::{Fonts, Weight};
use super::script::{printable, transliterated};
use super::sheet::{Color, PAGE, Page, Pen, Style};

const MARGIN: f32 = 44.0;
const BAND: f32 = 78.0;
/// The lowest baseline.
pub(super) const BOTTOM: f32 = PAGE.1 - 36.0;
/// Left edge of the right column.
const RIGHT: f32 = 316.0;
const COLUMN: f32 = PAGE.0 - MARGIN - RIGHT;
const FULL: f32 = PAGE.0 - 2.0 * MARGIN;
const QR_SIDE: f32 = 150.0;

const BRAND: Style = Style::new(20.0, Weight::Bold, Color::WHITE);
const BAND_NOTE: Style = Style::new(11.0, Weight::Regular, Color::PALE);
const LABEL: Style = Style::new(8.5, Weight::Regular, Color::GREY);
const VALUE: Style = Style::new(11.0, Weight::Regular, Color::INK);
const NAME: Style = Style::new(17.0, Weight::Bold, Color::INK);
const LONG_NAME: Style = Style::new(11.0, Weight::Bold, Color::INK);
const LATIN: Style = Style::new(10.0, Weight::Regular, Color::GREY);
const TIME: Style = Style::new(32.0, Weight::Bold, Color::BRAND);
const CITY: Style = Style::new(15.0, Weight::Bold, Color::INK);
const SEAT: Style = Style::new(40.0, Weight::Bold, Color::BRAND);
const NOTICE: Style = Style::new(11.0, Weight::Bold, Color::ALERT);
const NOTE: Style = Style::new(9.0, Weight::Regular, Color::GREY);

/// The pages of a ticket; `modules` is the number of modules on a side of the QR code.
pub(super) fn pages(fonts: &'static Fonts, view: &View, modules: usize) -> Vec<Page> {
    let mut first = First {
        pen: Pen::new(fonts),
        view,
        rest: Vec::new(),
    };
    first.write(modules);
    let First { pen, rest, .. } = first;
    let mut pens = vec![pen];
    pens.extend(following(fonts, view, &rest));
    let number = pens.len();
    for (at, pen) in pens.iter_mut().enumerate() {
        pen.rectangle(0.0, 0.0, PAGE.0, BAND, Color::BRAND);
        pen.line(MARGIN, 47.0, BRAND, "PREXSELL");
        let ticket = view.words.labels.ticket;
        let note = if number > 1 {
            format!("{ticket} · {} / {number}", at + 1)
        } else {
            ticket.to_owned()
        };
        pen.line_to(PAGE.0 - MARGIN, 47.0, BAND_NOTE, &note);
    }
    pens.into_iter().map(|pen| pen.page).collect()
}

/// A text that does not fit on the first page; notes have no label.
struct Rest {
    label: &'static str,
    text: String,
}

/// The first page.
struct First<'a> {
    pen: Pen,
    view: &'a View,
    rest: Vec<Rest>,
}

impl First<'_> {
    fn write(&mut self, modules: usize) {
        let (view, labels) = (self.view, &self.view.words.labels);
        let mut y = BAND + 32.0;
        if let Some(notice) = view.notice {
            let (lines, _) = self.pen.wrap_short(FULL, NOTICE, notice, 2);
            y = self.pen.lines(MARGIN, y, NOTICE, &lines) + 8.0;
        }
        y = self.passenger(y);
        y = self.rule(y);
        let left = self.leg(MARGIN, y, &view.departure);
        let right = self.leg(RIGHT, y, &view.arrival);
        y = self.rule(left.max(right));

        #[expect(clippy::cast_precision_loss, reason = "a code has at most 177 modules a side")]
        let module = QR_SIDE / modules as f32;
        self.pen.code(PAGE.0 - MARGIN - QR_SIDE, y, module);
        self.pen.line(MARGIN, y + 8.0, LABEL, labels.seat);
        self.pen.line(MARGIN, y + 46.0, SEAT, &view.seat.to_string());
        let half = FULL - QR_SIDE - 24.0;
        let mut below = self.value(MARGIN, y + 76.0, half, 2, labels.order, &view.reference);
        below = self.value(MARGIN, below, half, 2, labels.booking, &view.booking);
        y = self.rule(below.max(y + QR_SIDE + 6.0));

        y = self.details(y);
        y = self.rule(y);
        for note in [view.words.boarding_note, view.words.times_note] {
            y = self.note(y, note);
        }
    }

    /// The name, as large as possible, and below it in Latin letters.
    fn passenger(&mut self, y: f32) -> f32 {
        let label = self.view.words.labels.passenger;
        self.pen.line(MARGIN, y, LABEL, label);
        let name = &self.view.passenger;
        let (style, most) = if self.pen.wrap(FULL, NAME, name).len() <= 2 {
            (NAME, 2)
        } else {
            (LONG_NAME, 6)
        };
        let mut y = self.text(MARGIN, y + 21.0, FULL, style, most, label, name);
        // If no font has the characters of the name, it is already in Latin letters.
        let shown = printable(self.pen.fonts, name);
        if let Some(latin) = transliterated(name).filter(|latin| *latin != shown) {
            y = self.text(MARGIN, y - 4.0, FULL, LATIN, 2, label, &latin);
        }
        y
    }

    fn leg(&mut self, x: f32, top: f32, leg: &Leg) -> f32 {
        self.pen.line(x, top + 4.0, LABEL, leg.label);
        let after = self.pen.line(x, top + 38.0, TIME, &leg.time);
        self.pen.line(after + 8.0, top + 38.0, LABEL, &leg.zone);
        let mut y = self.text(x, top + 58.0, COLUMN, VALUE, 2, leg.label, &leg.date);
        y = self.text(x, y + 8.0, COLUMN, CITY, 2, leg.label, &leg.city);
        y = self.text(x, y, COLUMN, VALUE, 4, leg.label, &leg.place);
        match &leg.platform {
            Some(platform) => {
                let label = self.view.words.labels.platform;
                let text = format!("{label}: {platform}");
                self.text(x, y, COLUMN, VALUE, 2, label, &text)
            }
            None => y,
        }
    }

    /// The rows in two columns, the carrier's phones last; those that do not fit follow on another page.
    fn details(&mut self, top: f32) -> f32 {
        let phones = Row {
            label: self.view.words.labels.phones,
            value: self.view.phones.join(", "),
        };
        let view = self.view;
        let phones = Some(&phones).filter(|row| !row.value.is_empty());
        let rows: Vec<&Row> = view.rows.iter().chain(phones).collect();
        let columns = [(MARGIN, RIGHT - MARGIN - 24.0), (RIGHT, COLUMN)];
        let mut y = top;
        let mut pairs = rows.chunks(2);
        while let Some(pair) = pairs.next() {
            let height = pair.iter().zip(columns).map(|(row, (_, width))| {
                let (lines, _) = self.pen.wrap_short(width, VALUE, &row.value, 3);
                lines.iter().fold(25.0, |height, _| height + VALUE.leading())
            });
            if y + height.fold(0.0, f32::max) > BOTTOM {
                let left = pair.iter().chain(pairs.flatten());
                let text = |row: &&Row| Rest {
                    label: row.label,
                    text: row.value.clone(),
                };
                self.rest.extend(left.map(text));
                break;
            }
            let bottoms = pair
                .iter()
                .zip(columns)
                .map(|(row, (x, width))| self.value(x, y, width, 3, row.label, &row.value));
            y = bottoms.fold(y, f32::max);
        }
        y
    }

    /// A value below its label.
    fn value(&mut self, x: f32, top: f32, width: f32, most: usize, label: &'static str, value: &str) -> f32 {
        self.pen.line(x, top + 6.0, LABEL, label);
        self.text(x, top + 21.0, width, VALUE, most, label, value) + 4.0
    }

    fn note(&mut self, y: f32, text: &'static str) -> f32 {
        let lines = self.pen.wrap(FULL, NOTE, text);
        let end = lines.iter().fold(y, |y, _| y + NOTE.leading());
        if end - NOTE.leading() > BOTTOM {
            let text = text.to_owned();
            self.rest.push(Rest { label: "", text });
            return y;
        }
        self.pen.lines(MARGIN, y, NOTE, &lines)
    }

    /// A text of at most `most` lines; a longer one is shortened here, and printed in full on another page.
    #[expect(clippy::too_many_arguments, reason = "place, look and text of a paragraph")]
    fn text(&mut self, x: f32, y: f32, width: f32, style: Style, most: usize, label: &'static str, text: &str) -> f32 {
        let (lines, more) = self.pen.wrap_short(width, style, text, most);
        if more {
            let text = text.to_owned();
            self.rest.push(Rest { label, text });
        }
        self.pen.lines(x, y, style, &lines)
    }

    /// A thin line below `y`, if there is space for something after it; returns where that begins.
    fn rule(&mut self, y: f32) -> f32 {
        if y + 20.0 < BOTTOM {
            self.pen.rectangle(MARGIN, y + 2.0, FULL, 0.75, Color::LINE);
        }
        y + 20.0
    }
}

/// The pages with what does not fit on the first.
fn following(fonts: &'static Fonts, view: &View, rest: &[Rest]) -> Vec<Pen> {
    let labels = &view.words.labels;
    let top = |pen: &mut Pen| {
        pen.line(MARGIN, BAND + 32.0, LABEL, labels.order);
        pen.line(MARGIN, BAND + 47.0, VALUE, &view.reference);
        BAND + 82.0
    };
    let mut pens: Vec<Pen> = Vec::new();
    let mut y = PAGE.1;
    for Rest { label, text } in rest {
        let style = if label.is_empty() { NOTE } else { VALUE };
        let heading = Some((LABEL, (*label).to_owned())).filter(|(_, label)| !label.is_empty());
        let measure = Pen::new(fonts);
        let lines = measure.wrap(FULL, style, text);
        for (style, line) in heading.into_iter().chain(lines.into_iter().map(|line| (style, line))) {
            // A label is not left alone at the bottom of a page.
            let needed = if style.size < VALUE.size { VALUE.leading() } else { 0.0 };
            if y + needed > BOTTOM {
                let mut pen = Pen::new(fonts);
                y = top(&mut pen);
                pens.push(pen);
            }
            if let Some(pen) = pens.last_mut() {
                pen.line(MARGIN, y, style, &line);
            }
            y += style.leading().max(VALUE.leading());
        }
        y += 10.0;
    }
    pens
}

#[cfg(test)]
#[path = "layout_tests.rs"]
mod tests;
