//! All files of a compilation as one text, so that one finding can point into several of them.
//!
//! miette gives a finding one source and labels with offsets into it. Here that source is the row of all files, one after
//! the other; reading a span gives the lines around it together with the name of the file that they are in.

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::batch::Batch;
use crate::base::{FileId, Place, Source, Span};

/// The row of all files of a batch.
#[derive(Clone, Debug)]
pub(super) struct Atlas<'a> {
    batch: Batch<'a>,
    /// Where each file begins in the row; one byte lies between two files, so that their ends differ.
    starts: Vec<usize>,
}

impl<'a> Atlas<'a> {
    pub(super) fn new(batch: Batch<'a>) -> Self {
        let mut starts = Vec::new();
        let mut at = 0;
        for (_, source) in batch.sources.iter() {
            starts.push(at);
            at += source.text.len() + 1;
        }
        Self { batch, starts }
    }

    /// The place as a span of the row, clamped to the file and to whole characters; `None` where there is no such file.
    pub(super) fn span(&self, place: Place) -> Option<SourceSpan> {
        let source = self.batch.sources.get(place.file)?;
        let start = self.starts.get(place.file.0 as usize)?;
        let clamped = clamp(source, place.span);
        Some(SourceSpan::from((start + clamped.start, clamped.len())))
    }

    /// The file that an offset of the row is in, and where that file begins.
    fn file_at(&self, offset: usize) -> Option<(&Source, usize)> {
        let index = self.starts.partition_point(|start| *start <= offset).checked_sub(1)?;
        let source = self.batch.sources.get(FileId(u32::try_from(index).ok()?))?;
        Some((source, self.starts.get(index).copied()?))
    }
}

impl SourceCode for Atlas<'_> {
    /// The whole lines that a span touches; context is for the renderer to ask for, and ours asks for none.
    fn read_span<'s>(&'s self, span: &SourceSpan, _: usize, _: usize) -> Result<Box<dyn SpanContents<'s> + 's>, MietteError> {
        let (source, start) = self.file_at(span.offset()).ok_or(MietteError::OutOfBounds)?;
        let text: &str = &source.text;
        let local = clamp(source, Span::new(span.offset() - start, span.offset() + span.len() - start));
        let first = text.get(..local.start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
        let last = text.get(local.end..).and_then(|after| after.find('\n')).map_or(text.len(), |at| local.end + at);
        let data = text.get(first..last).unwrap_or("");
        let data = if local.end < last { data.strip_suffix('\r').unwrap_or(data) } else { data };
        let line = source.position(Span::new(first, first).start).line as usize - 1;
        let covered = SourceSpan::from((start + first, data.len()));
        let lines = data.matches('\n').count() + 1;
        Ok(Box::new(MietteSpanContents::new_named(self.batch.shown(source), data.as_bytes(), covered, line, 0, lines)))
    }
}

/// A span as byte indices that are inside the text and on character boundaries.
fn clamp(source: &Source, span: Span) -> std::ops::Range<usize> {
    let text: &str = &source.text;
    let start = text.floor_char_boundary((span.start as usize).min(text.len()));
    let end = text.ceil_char_boundary((span.end as usize).clamp(start, text.len()));
    start..end
}
