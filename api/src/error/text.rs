//! Messages of error responses.

/// A sentence without NUL, which names that callers made up can have.
pub(super) fn printable(text: String) -> String {
    if text.contains('\0') {
        text.replace('\0', "\u{fffd}")
    } else {
        text
    }
}
