//! Fenced blocks of Markdown.

/// One block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    /// The words after the backticks.
    pub(crate) info: Vec<String>,
    /// What stands in it, every line with its end.
    pub(crate) text: String,
    /// The nearest heading above, without its marks.
    pub(crate) heading: String,
    /// The line of its first line, from 1.
    pub(crate) line: usize,
}

impl Block {
    /// The first word after the backticks.
    pub(crate) fn language(&self) -> &str {
        self.info.first().map_or("", String::as_str)
    }
}

/// All blocks of a text, in order.
pub(crate) fn blocks(markdown: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut heading = String::new();
    let mut open: Option<(String, Block)> = None;
    for (at, line) in markdown.lines().enumerate() {
        let ticks: String = line.chars().take_while(|c| *c == '`').collect();
        open = match open {
            Some((fence, block)) if ticks == fence && line.len() == fence.len() => {
                found.push(block);
                None
            }
            Some((fence, mut block)) => {
                block.text.push_str(line);
                block.text.push('\n');
                Some((fence, block))
            }
            None if ticks.len() >= 3 => {
                let info = line[ticks.len()..].split_whitespace().map(str::to_owned).collect();
                Some((ticks, Block { info, text: String::new(), heading: heading.clone(), line: at + 2 }))
            }
            None => {
                if line.starts_with('#') {
                    heading = line.trim_start_matches('#').trim().to_owned();
                }
                None
            }
        };
    }
    assert!(open.is_none(), "a block is not closed");
    found
}

#[test]
fn blocks_are_found_with_their_headings() {
    let text = "# A\n```jenv x\na\n```\n## B\n````text\n```\n````\n";
    let found = blocks(text);
    assert_eq!(found.len(), 2);
    assert_eq!((found[0].heading.as_str(), found[0].text.as_str(), found[0].line), ("A", "a\n", 3));
    assert_eq!((found[1].heading.as_str(), found[1].text.as_str()), ("B", "```\n"));
}
