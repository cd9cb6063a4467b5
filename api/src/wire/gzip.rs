//! gzip (RFC 1952) put together from parts that were compressed before (RFC 1951).
//!
//! Compression is the most expensive step of a response, and most of its bytes were in earlier responses. A deflate
//! stream is a list of blocks: parts that were compressed before are copied, and new bytes go into stored blocks
//! between them. Each part was compressed with the previous part as its dictionary, so it refers back to that part, and
//! 25 offers that are nearly alike stay small. The checksum is computed over the whole.

use std::cell::Cell;

use bytes::Bytes;
use flate2::{Compress, Compression, FlushCompress, Status};

/// Header of a member: deflate, no name, no time, unknown system.
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

/// A last, empty block of fixed codes.
const END: [u8; 2] = [3, 0];

/// Largest stored block in bytes.
const STORED: usize = 0xffff;

/// For what is sent many times.
const SMALL: Compression = Compression::new(6);

/// A gzip member that is being written.
#[derive(Debug)]
pub struct Member {
    out: Vec<u8>,
    crc: crc32fast::Hasher,
    length: u32,
}

impl Member {
    /// An empty member with a buffer of `capacity` bytes.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        let mut out = Vec::with_capacity(capacity + HEADER.len() + END.len() + 8);
        out.extend_from_slice(&HEADER);
        Self {
            out,
            crc: crc32fast::Hasher::new(),
            length: 0,
        }
    }

    /// Adds bytes as they are.
    pub fn stored(&mut self, plain: &[u8]) {
        for block in plain.chunks(STORED) {
            // `chunks` keeps it within 16 bits.
            let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
            self.out.push(0);
            self.out.extend_from_slice(&length.to_le_bytes());
            self.out.extend_from_slice(&(!length).to_le_bytes());
            self.out.extend_from_slice(block);
        }
        self.count(plain);
    }

    /// Adds the [`blocks`] of `plain`; the data that they refer to must precede them.
    pub fn packed(&mut self, plain: &[u8], blocks: &[u8]) {
        self.out.extend_from_slice(blocks);
        self.count(plain);
    }

    /// The complete member.
    #[must_use]
    pub fn finish(mut self) -> Bytes {
        self.out.extend_from_slice(&END);
        self.close()
    }

    /// The complete member, whose last block is already written.
    fn close(mut self) -> Bytes {
        self.out.extend_from_slice(&self.crc.finalize().to_le_bytes());
        self.out.extend_from_slice(&self.length.to_le_bytes());
        // Without unused capacity, since many are kept.
        self.out.into_boxed_slice().into()
    }

    fn count(&mut self, plain: &[u8]) {
        self.crc.update(plain);
        // The format counts modulo 2^32.
        self.length = self.length.wrapping_add(plain.len() as u32);
    }
}

thread_local! {
    /// The compressor for bodies that are sent once, kept for each thread: a new one allocates over 350 kB and zeroes
    /// most of it.
    static COMPRESSOR: Cell<Option<Compress>> = const { Cell::new(None) };
}

/// Compresses a body that is sent once.
#[must_use]
pub fn fast(plain: &[u8]) -> Bytes {
    let kept = COMPRESSOR.take();
    let mut compress = kept.unwrap_or_else(|| Compress::new(Compression::fast(), false));
    let member = whole(plain, &mut compress);
    if member.is_some() {
        compress.reset();
        COMPRESSOR.set(Some(compress));
    }
    member.unwrap_or_else(|| uncompressed(plain))
}

/// Compresses a body that is stored and sent many times.
#[must_use]
pub fn small(plain: &[u8]) -> Bytes {
    whole(plain, &mut Compress::new(SMALL, false)).unwrap_or_else(|| uncompressed(plain))
}

/// Compresses a body up to the end of the stream: a compressor that is reset in the middle of a stream keeps some of its
/// state. `None` if zlib fails, which it does only for a stream that is used wrongly.
fn whole(plain: &[u8], compress: &mut Compress) -> Option<Bytes> {
    let mut member = Member::new(plain.len() / 4);
    loop {
        let before = (compress.total_in(), member.out.len());
        let rest = plain.get(usize::try_from(before.0).ok()?..)?;
        let status = compress
            .compress_vec(rest, &mut member.out, FlushCompress::Finish)
            .ok()?;
        if status == Status::StreamEnd {
            member.count(plain);
            return Some(member.close());
        }
        let is_full = member.out.len() == member.out.capacity();
        if !is_full && (compress.total_in(), member.out.len()) == before {
            return None;
        }
        member.out.reserve(plain.len() / 4 + 256);
    }
}

fn uncompressed(plain: &[u8]) -> Bytes {
    let mut member = Member::new(plain.len());
    member.stored(plain);
    member.finish()
}

/// The blocks of `plain` in a stream in which `before` and then `gap` other bytes come directly before it. They refer
/// only to `before` and to themselves, and end at a whole byte. Neither text may contain a zero byte, which JSON never
/// does.
#[must_use]
pub fn blocks(plain: &[u8], before: &[u8], gap: usize) -> Vec<u8> {
    let mut compress = Compress::new(SMALL, false);
    if !before.is_empty() {
        // Zeros replace the bytes that change: nothing in `plain` equals them, so nothing refers to them.
        let mut window = before.to_vec();
        window.resize(before.len() + gap, 0);
        drop(deflate(&mut compress, &window));
    }
    deflate(&mut compress, plain)
}

/// Compresses up to a whole byte. zlib fails only for a stream that is used wrongly; then the bytes are stored.
fn deflate(compress: &mut Compress, plain: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(plain.len() / 2 + 256);
    let start = compress.total_in();
    loop {
        let done = usize::try_from(compress.total_in() - start).unwrap_or(plain.len());
        let before = out.len();
        let rest = plain.get(done..).unwrap_or_default();
        if compress.compress_vec(rest, &mut out, FlushCompress::Sync).is_err() {
            return stored(plain);
        }
        let all = compress.total_in() - start == plain.len() as u64;
        if all && out.len() < out.capacity() {
            return out;
        }
        if out.len() == out.capacity() {
            out.reserve(out.len().max(256));
        } else if out.len() == before && !all {
            return stored(plain);
        }
    }
}

fn stored(plain: &[u8]) -> Vec<u8> {
    let mut member = Member::new(plain.len());
    member.stored(plain);
    member.out.split_off(HEADER.len())
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use flate2::{Compress, Compression};

    use super::{Member, blocks, fast, small, whole};

    fn unpacked(member: &[u8]) -> String {
        let mut text = String::new();
        flate2::read::GzDecoder::new(member).read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn parts_compressed_apart_are_one_body() {
        let part = |n: usize| format!("{{\"n\":{n},\"name\":\"{}\"}}", "Автостанція «Київ» 4 ".repeat(40 + n));
        let heads = ["[", ",\"a\",", ",\"something longer\",", ","];
        let (mut member, mut plain, mut before) = (Member::new(0), String::new(), String::new());
        let mut sizes = Vec::new();
        for (n, head) in heads.iter().enumerate() {
            let part = part(n);
            let packed = blocks(part.as_bytes(), before.as_bytes(), head.len());
            sizes.push(packed.len());
            member.stored(head.as_bytes());
            member.packed(part.as_bytes(), &packed);
            plain += head;
            plain += &part;
            before = part;
        }
        let long = "]".repeat(200_000);
        member.stored(long.as_bytes());
        assert_eq!(unpacked(&member.finish()), plain + &long);
        assert!(sizes[1] * 2 < sizes[0], "{sizes:?}: the second refers to the first");
    }

    #[test]
    fn whole_bodies_are_read_back() {
        for text in ["", "a", &"Київ - Львів, ".repeat(10_000)] {
            assert_eq!(unpacked(&fast(text.as_bytes())), text);
            assert_eq!(unpacked(&small(text.as_bytes())), text);
        }
        // Incompressible bytes need more space than their number.
        let noise: String = (0..100_000_u32)
            .map(|n| char::from(b'!' + (n.wrapping_mul(2_654_435_761) >> 25) as u8 % 90))
            .collect();
        assert_eq!(unpacked(&fast(noise.as_bytes())), noise);
        // A compressor that was used before does the same as a new one.
        for body in [noise.as_bytes(), "Київ - Львів, ".repeat(10_000).as_bytes(), b"a"] {
            let new = whole(body, &mut Compress::new(Compression::fast(), false)).unwrap();
            assert_eq!(fast(body), new);
        }
    }
}
