//! Layers that are compressed with zstd: one frame behind the other, and frames between them that hold something else.

use std::io::{self, Chain, Cursor, Read};

use ruzstd::decoding::{FrameDecoder, StreamingDecoder};

/// How frames begin that are passed over; the last four bits are free (RFC 8878, 3.1.2).
const PASSED_OVER: u32 = 0x184D_2A50;

/// A frame from its first byte.
type Frame<R> = StreamingDecoder<Chain<Cursor<[u8; 4]>, R>, FrameDecoder>;

/// The unpacked bytes of frames.
pub(super) enum Frames<R: Read> {
    /// Before a frame, or at the end.
    Between(R),
    /// Within one.
    Within(Box<Frame<R>>),
    /// Behind the last one, or behind an error.
    Over,
}

impl<R: Read> Frames<R> {
    /// The next frame that holds data.
    fn next(mut rest: R) -> io::Result<Self> {
        loop {
            let mut magic = [0_u8; 4];
            if rest.read(magic.get_mut(..1).unwrap_or_default())? == 0 {
                return Ok(Self::Over);
            }
            rest.read_exact(magic.get_mut(1..).unwrap_or_default())?;
            if u32::from_le_bytes(magic) & !0xf == PASSED_OVER {
                let mut length = [0_u8; 4];
                rest.read_exact(&mut length)?;
                io::copy(&mut rest.by_ref().take(u32::from_le_bytes(length).into()), &mut io::sink())?;
                continue;
            }
            let whole = Cursor::new(magic).chain(rest);
            return Ok(Self::Within(Box::new(StreamingDecoder::new(whole).map_err(io::Error::other)?)));
        }
    }
}

impl<R: Read> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match std::mem::replace(self, Self::Over) {
                Self::Between(rest) => *self = Self::next(rest)?,
                Self::Within(mut frame) => {
                    let length = frame.read(buffer)?;
                    if length > 0 || buffer.is_empty() {
                        *self = Self::Within(frame);
                        return Ok(length);
                    }
                    *self = Self::Between(frame.into_inner().into_inner().1);
                }
                Self::Over => return Ok(0),
            }
        }
    }
}
