//! Types that are text on the wire, each with its rule in one place.
//!
//! A value exists only if it satisfies its rule. `new`, `FromStr` and `Deserialize` all check it, so a value read from a
//! request, a queue or a table is as trustworthy as one made here.

/// Serde through `Display` and `FromStr`.
macro_rules! serde_as_text {
    ($name:ident) => {
        $crate::text::schema_of_text!($name);

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <::std::borrow::Cow<'de, str> as ::serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(::serde::de::Error::custom)
            }
        }
    };
}

/// The schema of what is written as text; what the text may be, only its parser knows.
macro_rules! schema_of_text {
    ($name:ident) => {
        #[cfg(feature = "schema")]
        impl ::schemars::JsonSchema for $name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                ::schemars::json_schema!({ "type": "string" })
            }
        }
    };
}

/// A newtype over `String`, its rule, and the error for text that breaks it.
macro_rules! text_newtype {
    (
        $(#[$attribute:meta])*
        pub struct $name:ident;
        valid if |$text:ident| $rule:expr;
        else $error:ident: $message:literal;
    ) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub struct $name(String);

        #[doc = concat!("The text does not make a [`", stringify!($name), "`].")]
        #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
        #[error($message)]
        pub struct $error;

        impl $name {
            /// Checks the text.
            ///
            /// # Errors
            #[doc = concat!("[`", stringify!($error), "`] if it breaks the type's rule.")]
            pub fn new($text: &str) -> Result<Self, $error> {
                if $rule { Ok(Self($text.to_owned())) } else { Err($error) }
            }

            /// The text itself.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $error;

            fn from_str(text: &str) -> Result<Self, $error> {
                Self::new(text)
            }
        }

        $crate::text::serde_as_text!($name);
    };
}

/// An enum whose variants are words, each written once, and the error for any other word.
macro_rules! text_enum {
    (
        $(#[$attribute:meta])*
        pub enum $name:ident {
            $($(#[$variant_attribute:meta])* $variant:ident = $word:literal,)+
        }
        else $error:ident: $message:literal;
    ) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$variant_attribute])* $variant,)+
        }

        #[doc = concat!("The text does not name a [`", stringify!($name), "`].")]
        #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
        #[error($message)]
        pub struct $error;

        impl $name {
            /// The word for it, as stored and configured.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $error;

            fn from_str(text: &str) -> Result<Self, $error> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err($error),
                }
            }
        }

        $crate::text::serde_as_text!($name);
    };
}

pub(crate) use {schema_of_text, serde_as_text, text_enum, text_newtype};

/// Whether the text has 1 to `max` bytes, all of them allowed.
pub(crate) fn is_made_of(text: &str, max: usize, allowed: impl Fn(u8) -> bool) -> bool {
    (1..=max).contains(&text.len()) && text.bytes().all(allowed)
}

/// `A-Z`, `a-z`, `0-9`, `_` and `-`: safe in a URL, an object key and a message group.
pub(crate) fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}
