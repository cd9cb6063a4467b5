//! The ticket as a PDF: one A4 page, to print or to show on a screen.

mod canvas;

use krilla::Document;
use krilla::metadata::Metadata;
use krilla::page::PageSettings;

use super::RenderError;
use super::qr::Code;
use super::view::{Leg, Row, View};
use canvas::{Canvas, Color, Style, Weight};

/// A4 in points.
const PAGE: (f32, f32) = (595.0, 842.0);
const MARGIN: f32 = 44.0;
const BAND: f32 = 78.0;
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
const TIME: Style = Style::new(32.0, Weight::Bold, Color::BRAND);
const CITY: Style = Style::new(15.0, Weight::Bold, Color::INK);
const SEAT: Style = Style::new(40.0, Weight::Bold, Color::BRAND);
const NOTICE: Style = Style::new(11.0, Weight::Bold, Color::ALERT);
const NOTE: Style = Style::new(9.0, Weight::Regular, Color::GREY);

/// Draws the ticket.
pub(super) fn draw(view: &View, code: &Code) -> Result<Vec<u8>, RenderError> {
    let broken = |what: &str| RenderError::Pdf(what.to_owned());
    let mut document = Document::new();
    document.set_metadata(
        Metadata::new()
            .title(format!("{} {}", view.words.labels.ticket, view.order))
            .creator("PREXSELL".to_owned())
            .language(view.words.tag.to_owned()),
    );
    let settings = PageSettings::from_wh(PAGE.0, PAGE.1).ok_or_else(|| broken("page size"))?;
    let mut page = document.start_page_with(settings);
    let mut canvas = Canvas::new(page.surface()).ok_or_else(|| broken("fonts"))?;
    sheet(&mut canvas, view, code);
    canvas.finish();
    page.finish();
    document.finish().map_err(|e| RenderError::Pdf(format!("{e:?}")))
}

fn sheet(canvas: &mut Canvas<'_>, view: &View, code: &Code) {
    let labels = &view.words.labels;
    canvas.rectangle(0.0, 0.0, PAGE.0, BAND, Color::BRAND);
    canvas.line(MARGIN, 47.0, BRAND, "PREXSELL");
    canvas.line_to(PAGE.0 - MARGIN, 47.0, BAND_NOTE, labels.ticket);

    let mut y = BAND + 32.0;
    if let Some(notice) = view.notice {
        y = canvas.paragraph(MARGIN, y, FULL, NOTICE, notice) + 8.0;
    }
    canvas.line(MARGIN, y, LABEL, labels.passenger);
    y = canvas.paragraph(MARGIN, y + 21.0, FULL, NAME, &view.passenger);

    y = rule(canvas, y);
    let left = leg(canvas, MARGIN, y, &view.departure, labels.platform);
    let right = leg(canvas, RIGHT, y, &view.arrival, labels.platform);
    y = rule(canvas, left.max(right));

    let qr_bottom = qr(canvas, y, code);
    canvas.line(MARGIN, y + 8.0, LABEL, labels.seat);
    canvas.line(MARGIN, y + 46.0, SEAT, &view.seat.to_string());
    let half = PAGE.0 - 2.0 * MARGIN - QR_SIDE - 24.0;
    let order = Row {
        label: labels.order,
        value: view.order.clone(),
    };
    let booking = Row {
        label: labels.booking,
        value: view.booking.clone(),
    };
    let mut below = row(canvas, MARGIN, y + 76.0, half, &order);
    below = row(canvas, MARGIN, below, half, &booking);
    y = rule(canvas, below.max(qr_bottom));

    y = details(canvas, view, y);
    y = rule(canvas, y);
    y = canvas.paragraph(MARGIN, y + 6.0, FULL, NOTE, view.words.boarding_note);
    canvas.paragraph(MARGIN, y, FULL, NOTE, view.words.times_note);
}

/// A thin line below `y`; answers where what follows begins.
fn rule(canvas: &mut Canvas<'_>, y: f32) -> f32 {
    canvas.rectangle(MARGIN, y + 2.0, FULL, 0.75, Color::LINE);
    y + 20.0
}

fn leg(canvas: &mut Canvas<'_>, x: f32, top: f32, leg: &Leg, platform: &str) -> f32 {
    canvas.line(x, top + 4.0, LABEL, leg.label);
    let after = canvas.line(x, top + 38.0, TIME, &leg.time);
    canvas.line(after + 8.0, top + 38.0, LABEL, &leg.zone);
    let mut y = canvas.paragraph(x, top + 58.0, COLUMN, VALUE, &leg.date);
    y = canvas.paragraph(x, y + 8.0, COLUMN, CITY, &leg.city);
    y = canvas.paragraph(x, y, COLUMN, VALUE, &leg.place);
    match &leg.platform {
        Some(number) => canvas.paragraph(x, y, COLUMN, VALUE, &format!("{platform}: {number}")),
        None => y,
    }
}

fn qr(canvas: &mut Canvas<'_>, top: f32, code: &Code) -> f32 {
    let side = code.side();
    #[expect(clippy::cast_precision_loss, reason = "a code has at most 177 modules a side")]
    let module = QR_SIDE / side as f32;
    let left = PAGE.0 - MARGIN - QR_SIDE;
    let dark = (0..side)
        .flat_map(|y| (0..side).map(move |x| (x, y)))
        .filter(|(x, y)| code.dark(*x, *y));
    canvas.modules(left, top, module, dark);
    top + QR_SIDE + 6.0
}

/// The rows in two columns, the carrier's phones last.
fn details(canvas: &mut Canvas<'_>, view: &View, top: f32) -> f32 {
    let phones = Row {
        label: view.words.labels.phones,
        value: view.phones.join(", "),
    };
    let rows: Vec<&Row> = view
        .rows
        .iter()
        .chain(Some(&phones).filter(|row| !row.value.is_empty()))
        .collect();
    rows.chunks(2).fold(top, |y, pair| {
        let columns = [(MARGIN, RIGHT - MARGIN - 24.0), (RIGHT, COLUMN)];
        let bottoms = pair
            .iter()
            .zip(columns)
            .map(|(one, (x, width))| row(canvas, x, y, width, one));
        bottoms.fold(y, f32::max)
    })
}

fn row(canvas: &mut Canvas<'_>, x: f32, top: f32, width: f32, row: &Row) -> f32 {
    canvas.line(x, top + 6.0, LABEL, row.label);
    canvas.paragraph(x, top + 21.0, width, VALUE, &row.value) + 4.0
}
