//! The QR code of an order id.

use qrcodegen::{QrCode, QrCodeEcc};

use super::RenderError;

/// Light modules around the code (ISO/IEC 18004 asks for four).
const QUIET: usize = 4;
/// Pixels per module of the image: sharp at twice the size at which the mail shows it.
const SCALE: usize = 8;

/// A code of dark and light modules.
pub struct Code(QrCode);

impl Code {
    /// The code of a text, readable with a quarter of it covered.
    pub fn new(text: &str) -> Result<Self, RenderError> {
        QrCode::encode_text(text, QrCodeEcc::Quartile)
            .map(Self)
            .map_err(|e| RenderError::Qr(e.to_string()))
    }

    /// Modules per side, without the quiet zone.
    pub fn side(&self) -> usize {
        usize::try_from(self.0.size()).unwrap_or_default()
    }

    /// Whether a module is dark; modules outside are light.
    pub fn dark(&self, x: usize, y: usize) -> bool {
        match (i32::try_from(x), i32::try_from(y)) {
            (Ok(x), Ok(y)) => self.0.get_module(x, y),
            _ => false,
        }
    }

    /// A black and white PNG, quiet zone included.
    pub fn png(&self) -> Result<Vec<u8>, RenderError> {
        let pixels = (self.side() + 2 * QUIET) * SCALE;
        let row_bytes = pixels.div_ceil(8);
        let mut image = vec![0xff_u8; row_bytes * pixels];
        for (row, line) in image.chunks_mut(row_bytes).enumerate() {
            for column in 0..pixels {
                let module = |pixel: usize| (pixel / SCALE).checked_sub(QUIET);
                let (Some(x), Some(y)) = (module(column), module(row)) else {
                    continue;
                };
                if self.dark(x, y) {
                    line[column / 8] &= !(0x80 >> (column % 8));
                }
            }
        }
        let side = u32::try_from(pixels).map_err(|e| RenderError::Qr(e.to_string()))?;
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, side, side);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::One);
        let written = encoder.write_header().and_then(|mut writer| {
            writer.write_image_data(&image)?;
            writer.finish()
        });
        written.map_err(|e| RenderError::Qr(e.to_string()))?;
        Ok(file)
    }
}
