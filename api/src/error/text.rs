//! Messages of error responses.

/// A text without NUL characters, which names from requests can contain.
pub(super) fn printable(text: String) -> String {
    if text.contains('\0') {
        text.replace('\0', "\u{fffd}")
    } else {
        text
    }
}
