//! Values with a form of their own, made by validation: suffix, region, architecture, numbers in a range.

use std::fmt;
use std::str::FromStr;

use hookline_webhook::names::partition;
use serde::Deserialize;

/// Terraform's regular expression for the environment suffix. Lower case because S3 bucket names are; at most 20
/// characters because EventBridge rule names end at 64; no hyphen at the end because bucket names refuse it.
pub const ENVIRONMENT_SUFFIX_PATTERN: &str = "^[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?$";

/// Suffixes that fit the pattern and that S3 refuses at the end of a bucket's name, where the suffix stands (Amazon S3,
/// "General purpose bucket naming rules"). A regular expression for Terraform, held to [`RESERVED_SUFFIX_ENDS`] by a test.
pub const RESERVED_SUFFIX_PATTERN: &str = "(-(s3alias|an)|--(ol|x|table)-s3)$";

/// What [`RESERVED_SUFFIX_PATTERN`] says, for a suffix with the hyphen that stands before it.
const RESERVED_SUFFIX_ENDS: [&str; 5] = ["-s3alias", "-an", "--ol-s3", "--x-s3", "--table-s3"];

/// Terraform's regular expression for the region: its form, and the length that fits into a bucket's name.
pub const REGION_PATTERN: &str = "^[a-z]+(-[a-z]+)+-[0-9]+$";

/// Longest region, in characters: with the account and the longest suffix the bucket's name then has S3's 63 characters.
/// The longest region that exists has 15 (`us-isof-south-1`).
pub const MAX_REGION_CHARS: usize = 17;

/// A whole number from `LEAST` to `MOST`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "i64")]
pub struct Bounded<const LEAST: u32, const MOST: u32>(u32);

impl<const LEAST: u32, const MOST: u32> Bounded<LEAST, MOST> {
    /// The number.
    pub fn get(self) -> u32 {
        self.0
    }
}

impl<const LEAST: u32, const MOST: u32> TryFrom<i64> for Bounded<LEAST, MOST> {
    type Error = String;

    fn try_from(value: i64) -> Result<Self, String> {
        match u32::try_from(value) {
            Ok(number) if (LEAST..=MOST).contains(&number) => Ok(Self(number)),
            _ => Err(format!("{value} is out of range: use {LEAST} to {MOST}")),
        }
    }
}

#[cfg(test)]
impl<const LEAST: u32, const MOST: u32> schemars::JsonSchema for Bounded<LEAST, MOST> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("{LEAST} to {MOST}").into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "integer", "minimum": LEAST, "maximum": MOST })
    }
}

/// A value made from text by a check of its form: read from TOML and from the command line alike. With the regular
/// expression of that form, where there is one.
macro_rules! checked_text {
    ($name:ident $(, $pattern:ident)?) => {
        #[cfg(test)]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string" $(, "pattern": $pattern)? })
            }
        }

        impl $name {
            /// The value as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = String;

            fn try_from(text: String) -> Result<Self, String> {
                text.parse()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

/// The name of an S3 bucket (Amazon S3, "General purpose bucket naming rules").
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct BucketName(String);

checked_text!(BucketName);

/// Starts and ends that S3 keeps for itself.
const RESERVED_BUCKET_PREFIXES: [&str; 3] = ["xn--", "sthree-", "amzn-s3-demo-"];
const RESERVED_BUCKET_SUFFIXES: [&str; 5] = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"];

impl FromStr for BucketName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let alphanumeric = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let fits = (3..=63).contains(&text.len())
            && text.bytes().all(|byte| alphanumeric(byte) || b".-".contains(&byte))
            && text.bytes().next().is_some_and(alphanumeric)
            && text.bytes().next_back().is_some_and(alphanumeric)
            && !text.contains("..")
            && text.parse::<std::net::Ipv4Addr>().is_err()
            && !RESERVED_BUCKET_PREFIXES.iter().any(|prefix| text.starts_with(prefix))
            && !RESERVED_BUCKET_SUFFIXES.iter().any(|suffix| text.ends_with(suffix));
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(format!(
                "`{text}` is not a bucket name: use 3 to 63 lower-case letters, digits, dots and hyphens, as S3 shows the name (no s3://, no ARN)"
            ))
        }
    }
}

/// The folder of the state in its bucket.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct StatePrefix(String);

checked_text!(StatePrefix);

impl StatePrefix {
    /// S3 keys end at 1,024 bytes; the rest of the key needs less than 100.
    const MAX_BYTES: usize = 900;
}

impl FromStr for StatePrefix {
    type Err = String;

    /// Terraform's S3 backend refuses a key that starts with a slash; an empty part would make a folder without a name.
    /// The characters are those that S3 calls safe ("Naming Amazon S3 objects").
    fn from_str(text: &str) -> Result<Self, String> {
        let safe = |byte: u8| byte.is_ascii_alphanumeric() || b"!-_.*'()/".contains(&byte);
        let named = |part: &str| !matches!(part, "" | "." | "..");
        if text.len() <= Self::MAX_BYTES && text.bytes().all(safe) && text.split('/').all(named) {
            Ok(Self(text.to_owned()))
        } else {
            Err(format!(
                "`{text}` is not a state prefix: use letters, digits and -_.!*'() with single slashes in between (for example `hookline` or `team/hookline`)"
            ))
        }
    }
}

/// A tag's value: AWS takes letters, digits, spaces and `_.:/=+-@`, at most 256 characters, and keeps `aws:` for itself
/// (AWS General Reference, "Tag naming limits and requirements").
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct TagValue(String);

checked_text!(TagValue);

impl FromStr for TagValue {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let allowed = |character: char| character.is_alphanumeric() || " _.:/=+-@".contains(character);
        let fits = (1..=256).contains(&text.chars().count())
            && text.chars().all(allowed)
            // Some services trim a value, which every later plan would then try to change back.
            && text.trim() == text
            && !text.to_ascii_lowercase().starts_with("aws:");
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(format!(
                "`{text}` is not a tag value: use 1 to 256 letters, digits, spaces in between and _.:/=+-@, and not `aws:` at the start"
            ))
        }
    }
}

/// The ARN of an SNS topic.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct TopicArn(String);

checked_text!(TopicArn);

impl TopicArn {
    /// The region the topic is in.
    pub fn region(&self) -> &str {
        self.0.split(':').nth(3).unwrap_or_default()
    }
}

impl FromStr for TopicArn {
    type Err = String;

    /// `arn:<partition>:sns:<region>:<account>:<name>`; a name has up to 256 letters, digits, `-` and `_`, that of a FIFO
    /// topic `.fifo` behind them (SNS, `CreateTopic`).
    fn from_str(text: &str) -> Result<Self, String> {
        let fits = match text.split(':').collect::<Vec<_>>().as_slice() {
            ["arn", arn_partition, "sns", region, account, name] => {
                let stem = name.strip_suffix(".fifo").unwrap_or(name);
                region.parse::<Region>().is_ok()
                    && *arn_partition == partition(region)
                    && account.len() == 12
                    && account.bytes().all(|byte| byte.is_ascii_digit())
                    && (1..=256).contains(&name.len())
                    && !stem.is_empty()
                    && stem.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
            }
            _ => false,
        };
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(format!(
                "`{text}` is not the ARN of an SNS topic: use one such as arn:aws:sns:us-east-1:123456789012:on-call"
            ))
        }
    }
}

/// The environment suffix: part of every name.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct EnvironmentSuffix(String);

checked_text!(EnvironmentSuffix, ENVIRONMENT_SUFFIX_PATTERN);

impl FromStr for EnvironmentSuffix {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let fits =
            (1..=20).contains(&text.len()) && text.bytes().all(inner) && !text.starts_with('-') && !text.ends_with('-');
        let reserved = RESERVED_SUFFIX_ENDS.iter().find(|end| format!("-{text}").ends_with(*end));
        if let (true, Some(end)) = (fits, reserved) {
            Err(format!(
                "`{text}` cannot be an environment suffix: S3 keeps bucket names that end in `{end}` for itself; use another"
            ))
        } else if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(format!(
                "`{text}` is not an environment suffix: use 1 to 20 lower-case letters and digits, with hyphens only in between (for example `dev` or `pr-123`)"
            ))
        }
    }
}

/// An AWS region, checked for its form only: new ones appear every year.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Region(String);

checked_text!(Region, REGION_PATTERN);

impl FromStr for Region {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts: Vec<&str> = text.split('-').collect();
        let word = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        match parts.as_slice() {
            [words @ .., number]
                if words.len() >= 2 && words.iter().all(word) && digits(number) && text.len() <= MAX_REGION_CHARS =>
            {
                Ok(Self(text.to_owned()))
            }
            _ => Err(format!("`{text}` is not an AWS region: use a name such as `us-east-1`")),
        }
    }
}

/// Instruction set of the functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Architecture {
    /// Intel and AMD; Lambda's default.
    #[serde(rename = "x86_64")]
    X86_64,
    /// Graviton.
    Arm64,
}

impl Architecture {
    /// Both.
    pub const ALL: [Self; 2] = [Self::X86_64, Self::Arm64];

    /// Lambda's name for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64",
            Self::Arm64 => "arm64",
        }
    }
}

impl FromStr for Architecture {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|architecture| architecture.as_str() == text)
            .ok_or_else(|| format!("`{text}` is not an instruction set: use `x86_64` or `arm64`"))
    }
}
