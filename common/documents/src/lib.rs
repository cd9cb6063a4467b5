//! The ticket as a PDF: an A4 page to print or to show on a screen, and others for texts that are too long for it.

mod font;
mod layout;
mod line;
mod script;
mod sheet;

use domain::notification::RenderError;
use domain::notification::qr::Code;
use domain::notification::view::View;
use krilla::Document;
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule};
use krilla::surface::Surface;

use font::Fonts;
use sheet::{Color, Mark, PAGE};

/// Draws the ticket.
///
/// # Errors
/// When the fonts or the page cannot be used, which would be a bug.
pub fn draw(view: &View, code: &Code) -> Result<Vec<u8>, RenderError> {
    let broken = |what: &str| RenderError::Pdf(what.to_owned());
    let fonts = Fonts::get().ok_or_else(|| broken("fonts"))?;
    let mut document = Document::new();
    document.set_metadata(
        Metadata::new()
            .title(format!("{} {}", view.words.labels.ticket, view.reference))
            .creator("PREXSELL".to_owned())
            .language(view.words.tag.to_owned()),
    );
    for content in layout::pages(fonts, view, code.side()) {
        let settings = PageSettings::from_wh(PAGE.0, PAGE.1).ok_or_else(|| broken("page size"))?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        for mark in content.marks {
            put(&mut surface, mark, code);
        }
        surface.finish();
        page.finish();
    }
    document.finish().map_err(|e| RenderError::Pdf(format!("{e:?}")))
}

fn put(surface: &mut Surface<'_>, mark: Mark, code: &Code) {
    match mark {
        Mark::Line { x, y, style, line } => {
            fill(surface, style.color);
            let mut x = x;
            for run in line.runs {
                surface.draw_glyphs(
                    Point::from_xy(x, y),
                    &run.glyphs,
                    run.font,
                    &run.text,
                    style.size,
                    false,
                );
                x += run.width * style.size;
            }
        }
        Mark::Box {
            x,
            y,
            width,
            height,
            color,
        } => {
            fill(surface, color);
            squares(surface, Rect::from_xywh(x, y, width, height));
        }
        Mark::Code { x, y, module } => {
            fill(surface, Color(0, 0, 0));
            let side = code.side();
            let dark = (0..side)
                .flat_map(|row| (0..side).map(move |column| (column, row)))
                .filter(|(column, row)| code.dark(*column, *row));
            #[expect(clippy::cast_precision_loss, reason = "a code has at most 177 modules a side")]
            let square = |(column, row): (usize, usize)| {
                Rect::from_xywh(x + column as f32 * module, y + row as f32 * module, module, module)
            };
            squares(surface, dark.filter_map(square));
        }
    }
}

fn fill(surface: &mut Surface<'_>, Color(red, green, blue): Color) {
    surface.set_fill(Some(Fill {
        paint: rgb::Color::new(red, green, blue).into(),
        opacity: NormalizedF32::ONE,
        rule: FillRule::NonZero,
    }));
}

/// Rectangles in one path.
fn squares(surface: &mut Surface<'_>, rectangles: impl IntoIterator<Item = Rect>) {
    let mut path = PathBuilder::new();
    for rectangle in rectangles {
        path.push_rect(rectangle);
    }
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
}
