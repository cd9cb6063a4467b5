//! Pages as lists of positioned marks, in points from the upper left corner. Pure; drawing is in `super`.

use super::font::{Fonts, Weight};
use super::line::{Line, shorten, wrap};

/// A4.
pub(super) const PAGE: (f32, f32) = (595.0, 842.0);

/// Distance of lines, as a multiple of the size.
pub(super) const LEADING: f32 = 1.35;

/// A colour (sRGB).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Color(pub u8, pub u8, pub u8);

impl Color {
    pub(super) const BRAND: Self = Self(0x12, 0x30, 0x5b);
    pub(super) const INK: Self = Self(0x1b, 0x24, 0x30);
    pub(super) const GREY: Self = Self(0x66, 0x70, 0x7d);
    pub(super) const LINE: Self = Self(0xd5, 0xdb, 0xe3);
    pub(super) const PALE: Self = Self(0xd7, 0xe3, 0xf5);
    pub(super) const ALERT: Self = Self(0xa3, 0x26, 0x2e);
    pub(super) const WHITE: Self = Self(0xff, 0xff, 0xff);
}

/// Style of a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    /// In points.
    pub size: f32,
    /// Regular or bold.
    pub weight: Weight,
    /// Its colour.
    pub color: Color,
}

impl Style {
    pub(super) const fn new(size: f32, weight: Weight, color: Color) -> Self {
        Self { size, weight, color }
    }

    /// From one baseline to the next.
    pub(super) fn leading(self) -> f32 {
        self.size * LEADING
    }
}

/// Something on a page.
#[derive(Debug)]
pub(super) enum Mark {
    /// A line whose baseline begins at a point.
    Line { x: f32, y: f32, style: Style, line: Line },
    /// A filled box.
    Box {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        color: Color,
    },
    /// The QR code, with modules of this side.
    Code { x: f32, y: f32, module: f32 },
}

/// A page.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// Its content.
    pub marks: Vec<Mark>,
}

/// A page that is being written.
pub(super) struct Pen {
    /// The fonts.
    pub fonts: &'static Fonts,
    /// The page.
    pub page: Page,
}

impl Pen {
    /// A new page.
    pub(super) fn new(fonts: &'static Fonts) -> Self {
        Self {
            fonts,
            page: Page::default(),
        }
    }

    /// One line whose baseline begins at a point; returns where it ends.
    pub(super) fn line(&mut self, x: f32, y: f32, style: Style, text: &str) -> f32 {
        let line = Line::new(self.fonts, style.weight, text);
        let end = x + line.width * style.size;
        self.page.marks.push(Mark::Line { x, y, style, line });
        end
    }

    /// One line whose baseline ends at a point.
    pub(super) fn line_to(&mut self, x: f32, y: f32, style: Style, text: &str) {
        let width = Line::new(self.fonts, style.weight, text).width * style.size;
        self.line(x - width, y, style, text);
    }

    /// A text in lines no wider than `width`.
    pub(super) fn wrap(&self, width: f32, style: Style, text: &str) -> Vec<String> {
        wrap(self.fonts, style.weight, width / style.size, text)
    }

    /// The same, at most `most` lines; the second value is whether there were more.
    pub(super) fn wrap_short(&self, width: f32, style: Style, text: &str, most: usize) -> (Vec<String>, bool) {
        let lines = self.wrap(width, style, text);
        let more = lines.len() > most;
        let width = width / style.size;
        (shorten(self.fonts, style.weight, width, lines, most), more)
    }

    /// Lines below each other; returns the baseline of the line after them.
    pub(super) fn lines(&mut self, x: f32, y: f32, style: Style, lines: &[String]) -> f32 {
        lines.iter().fold(y, |y, line| {
            self.line(x, y, style, line);
            y + style.leading()
        })
    }

    /// A filled box.
    pub(super) fn rectangle(&mut self, x: f32, y: f32, width: f32, height: f32, color: Color) {
        self.page.marks.push(Mark::Box {
            x,
            y,
            width,
            height,
            color,
        });
    }

    /// The QR code.
    pub(super) fn code(&mut self, x: f32, y: f32, module: f32) {
        self.page.marks.push(Mark::Code { x, y, module });
    }
}
