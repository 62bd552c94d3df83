//! The TOML of a fix block as it is written, before its meaning is checked.
//! Every piece carries its span; unknown keys are refused by serde.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Range;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use crate::kb::fix::{Safety, StartType};

pub(super) type SpannedText = Spanned<String>;

/// A `toml fix` block.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct FixShape {
    pub(super) id: SpannedText,
    pub(super) title: SpannedText,
    #[serde(default)]
    pub(super) applies_to: Vec<SpannedText>,
    #[serde(default)]
    pub(super) when: Vec<Spanned<ConditionShape>>,
    pub(super) safety: Spanned<Safety>,
    #[serde(default)]
    pub(super) optional: bool,
    pub(super) warning: Option<SpannedText>,
    #[serde(default)]
    pub(super) ask: Vec<Spanned<QuestionShape>>,
    #[serde(default)]
    pub(super) step: Vec<Spanned<StepShape>>,
}

/// `[[ask]]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct QuestionShape {
    pub(super) id: SpannedText,
    pub(super) question: SpannedText,
    pub(super) files: Option<SpannedText>,
    pub(super) keys: Option<SpannedText>,
    pub(super) choices: Option<Spanned<Entries<String>>>,
    pub(super) except: Option<Spanned<Vec<SpannedText>>>,
    pub(super) at_least: Option<Spanned<usize>>,
    pub(super) propose: Option<SpannedText>,
}

/// `[[step]]`: all keys that any kind of step has.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct StepShape {
    pub(super) key: Option<SpannedText>,
    pub(super) set: Option<Spanned<Entries<WantedShape>>>,
    pub(super) include: Option<Spanned<Entries<Vec<SpannedText>>>>,
    pub(super) exclude: Option<Spanned<Entries<Vec<SpannedText>>>>,
    pub(super) delete_values: Option<Spanned<Vec<SpannedText>>>,
    pub(super) delete_key: Option<SpannedText>,
    pub(super) rename_key: Option<SpannedText>,
    pub(super) to: Option<SpannedText>,
    pub(super) service: Option<SpannedText>,
    pub(super) start: Option<Spanned<OneOrMany<StartType>>>,
    pub(super) delayed: Option<Spanned<bool>>,
    pub(super) move_aside: Option<SpannedText>,
    pub(super) rename_file: Option<SpannedText>,
    pub(super) tail_after: Option<SpannedText>,
    pub(super) tail: Option<SpannedText>,
    pub(super) restore_file: Option<SpannedText>,
    pub(super) from: Option<Spanned<OneOrMany<String>>>,
    pub(super) first_boot: Option<SpannedText>,
    pub(super) manual: Option<SpannedText>,
    pub(super) unless: Option<Spanned<Vec<Spanned<ConditionShape>>>>,
    #[serde(rename = "use")]
    pub(super) used: Option<SpannedText>,
    pub(super) rule: Option<SpannedText>,
    pub(super) with: Option<Spanned<Entries<String>>>,
    #[serde(default)]
    pub(super) when: Vec<Spanned<ConditionShape>>,
}

/// One entry of `when`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct ConditionShape {
    pub(super) windows: Option<Spanned<OneOrMany<String>>>,
    pub(super) edition: Option<Spanned<OneOrMany<String>>>,
    pub(super) key: Option<SpannedText>,
    pub(super) value: Option<SpannedText>,
    pub(super) equals: Option<Spanned<TextOrNumber>>,
    pub(super) contains: Option<SpannedText>,
    pub(super) service: Option<SpannedText>,
    pub(super) file: Option<SpannedText>,
    pub(super) version_below: Option<SpannedText>,
    pub(super) any: Option<Spanned<Vec<Spanned<ConditionShape>>>>,
    #[serde(default)]
    pub(super) absent: bool,
}

/// `{ expand = … }` and its like.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TypedShape {
    pub(super) expand: Option<SpannedText>,
    pub(super) qword: Option<Spanned<u64>>,
    pub(super) binary: Option<SpannedText>,
    pub(super) dword: Option<SpannedText>,
}

/// A table whose entries keep the order in which they are written.
pub(super) struct Entries<T>(pub(super) Vec<(SpannedText, Spanned<T>)>);

/// `"auto"` or `["demand", "auto"]`.
pub(super) struct OneOrMany<T>(pub(super) Vec<Spanned<T>>);

impl<T> OneOrMany<T> {
    /// Each with its span; a single text has that of the whole.
    pub(super) fn parts(all: &Spanned<Self>) -> impl Iterator<Item = (&T, Range<usize>)> {
        let whole = all.span();
        all.get_ref().0.iter().map(move |part| {
            let span = part.span();
            (part.get_ref(), if span.is_empty() { whole.clone() } else { span })
        })
    }
}

/// Text, or a number as its decimal text.
pub(super) struct TextOrNumber(pub(super) String);

/// A wanted registry value.
pub(super) enum WantedShape {
    Number(i64),
    Text(String),
    Strings(Vec<SpannedText>),
    Typed(TypedShape),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct EntriesVisitor<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for EntriesVisitor<T> {
            type Value = Entries<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a table `{ name = … }`")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry::<SpannedText, Spanned<T>>()? {
                    entries.push(entry);
                }
                // The TOML reader sorts tables by name; the author's order counts.
                entries.sort_by_key(|(name, _)| name.span().start);
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(EntriesVisitor(PhantomData))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrManyVisitor<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for OneOrManyVisitor<T> {
            type Value = OneOrMany<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or a list of strings")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
                let one = T::deserialize(serde::de::value::StrDeserializer::new(text))?;
                Ok(OneOrMany(vec![Spanned::new(0..0, one)]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(list)).map(OneOrMany)
            }
        }
        deserializer.deserialize_any(OneOrManyVisitor(PhantomData))
    }
}

impl<'de> Deserialize<'de> for TextOrNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextOrNumberVisitor;
        impl Visitor<'_> for TextOrNumberVisitor {
            type Value = TextOrNumber;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or an integer")
            }

            fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
                Ok(TextOrNumber(number.to_string()))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(TextOrNumber(text.to_owned()))
            }
        }
        deserializer.deserialize_any(TextOrNumberVisitor)
    }
}

impl<'de> Deserialize<'de> for WantedShape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct WantedVisitor;
        impl<'de> Visitor<'de> for WantedVisitor {
            type Value = WantedShape;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(
                    "an integer (REG_DWORD), a string (REG_SZ), a list of strings (REG_MULTI_SZ), \
                     { expand = … }, { qword = … }, { binary = … } or { dword = … }",
                )
            }

            fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
                Ok(WantedShape::Number(number))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(WantedShape::Text(text.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(list)).map(WantedShape::Strings)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                TypedShape::deserialize(MapAccessDeserializer::new(map)).map(WantedShape::Typed)
            }
        }
        deserializer.deserialize_any(WantedVisitor)
    }
}
