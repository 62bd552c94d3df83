//! Wanted registry values.

use std::ops::Range;

use toml::Spanned;

use crate::kb::fix::Wanted;

use super::Fault;
use super::block_problems::BlockProblems;
use super::fix_shape::{SpannedText, TypedShape, WantedShape};

/// Most bytes of a binary value in an article.
const BINARY_MAX: usize = 65_536;

const TYPED_HINT: &str = "write exactly one of { expand = \"…\" }, { qword = 1 }, { binary = \"00 1f\" }, { dword = \"{ask:id}\" }";

/// Checks one wanted value.
pub(super) fn wanted(shape: &Spanned<WantedShape>, block: &mut BlockProblems<'_, '_>) -> Option<Wanted> {
    let span = shape.span();
    match shape.get_ref() {
        WantedShape::Number(number) => {
            let dword = u32::try_from(*number).map_err(|_| {
                let message = format!("{number} does not fit a REG_DWORD");
                Fault::new(message, "write 0 to 0xFFFFFFFF, or { qword = … } for a REG_QWORD")
            });
            block.checked(&span, dword).map(Wanted::Dword)
        }
        WantedShape::Text(text) => block.template(text, &span).map(Wanted::Text),
        WantedShape::Strings(strings) => {
            let members = strings.iter().map(|text| block.template(text.get_ref(), &text.span()));
            members.collect::<Option<_>>().map(Wanted::Strings)
        }
        WantedShape::Typed(typed) => typed_value(typed, &span, block),
    }
}

fn typed_value(shape: &TypedShape, span: &Range<usize>, block: &mut BlockProblems<'_, '_>) -> Option<Wanted> {
    match shape {
        TypedShape { expand: Some(text), qword: None, binary: None, dword: None } => {
            block.template(text.get_ref(), &text.span()).map(Wanted::Expand)
        }
        TypedShape { expand: None, qword: Some(number), binary: None, dword: None } => {
            Some(Wanted::Qword(*number.get_ref()))
        }
        TypedShape { expand: None, qword: None, binary: Some(text), dword: None } => {
            block.checked(&text.span(), bytes(text.get_ref())).map(Wanted::Binary)
        }
        TypedShape { expand: None, qword: None, binary: None, dword: Some(text) } => dword_text(text, block),
        _ => {
            block.refuse(span, "a value has exactly one type", TYPED_HINT);
            None
        }
    }
}

fn dword_text(text: &SpannedText, block: &mut BlockProblems<'_, '_>) -> Option<Wanted> {
    block
        .checked_template(text, |template| match template.as_literal() {
            None => Ok(()),
            Some(_) => Err(Fault::new("this number is fixed", "write it as an integer: Name = 4")),
        })
        .map(Wanted::DwordText)
}

/// `00 1f`: pairs of hexadecimal digits, spaces between them.
fn bytes(text: &str) -> Result<Vec<u8>, Fault> {
    let pair = |pair: &str| {
        let digits = pair.len() == 2 && pair.bytes().all(|byte| byte.is_ascii_hexdigit());
        u8::from_str_radix(pair, 16).ok().filter(|_| digits)
    };
    let bytes: Option<Vec<u8>> = text.split_ascii_whitespace().map(pair).collect();
    bytes.filter(|bytes| bytes.len() <= BINARY_MAX).ok_or_else(|| {
        Fault::new("this is no binary value", "write pairs of hexadecimal digits with spaces: \"00 1f\"")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_pairs_of_digits() {
        assert_eq!(bytes("00 1f FF"), Ok(vec![0, 0x1f, 0xff]));
        assert_eq!(bytes(""), Ok(vec![]));
        for text in ["0", "001f", "+1", "0x", "00,1f"] {
            assert!(bytes(text).is_err(), "{text}");
        }
    }
}
