//! Templates, and the only place that escapes.
//!
//! Terraform reads a string of its JSON syntax as a template: `${` begins an interpolation, `%{` a directive, `$${` and
//! `%%{` stand for the characters themselves. Inside an interpolation, text is a quoted string of HCL with escapes of
//! its own. Both are written here and nowhere else, and what comes out is decided by type: text is literal, an
//! [`Expr`] interpolates.
//!
//! Three traps that the rules below avoid, all seen with Terraform 1.11:
//! - `costs $` before an interpolation would become `costs $${...}`, the escape: the trailing run of `$` or `%` moves
//!   into an interpolation of its own, `costs ${"$"}${...}`.
//! - A byte order mark at the beginning of a template is dropped: it moves into an interpolation as well.
//! - After a carriage return without a newline Terraform leaves the rest of a template as text. There is no way to
//!   write that, so it is refused ([`has_lone_cr`]).

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::{Expr, Local, Variable};

/// Terraform drops it at the beginning of a template.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// Text with expressions in it, written with [`cat!`](crate::cat!).
#[derive(Clone, Debug, Default)]
pub struct Template {
    segments: Vec<Segment>,
}

/// Adjacent texts are always one segment: `$` followed by `{` must be seen together to be escaped.
#[derive(Clone, Debug)]
pub(crate) enum Segment {
    Text {
        text: String,
        /// Whether a part of it was given as [`verbatim`].
        verbatim: bool,
    },
    Expr(Expr),
}

/// One piece of a [`Template`], before it is joined to the others.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Part<'a> {
    /// Literal text.
    Text(Cow<'a, str>),
    /// An expression.
    Expr(Expr),
    /// All pieces of another template.
    Template(Template),
}

/// What can stand in [`cat!`](crate::cat!): everything that converts into a [`Part`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be joined to a text",
    label = "neither text, whole number, `bool`, template nor expression",
    note = "write how it reads: `format!(\"{{:.2}}\", ratio)` for a fraction, an attribute (`queue.arn()`) for a declared block"
)]
pub trait IntoPart<'a>: Into<Part<'a>> {}

#[diagnostic::do_not_recommend]
impl<'a, T: Into<Part<'a>>> IntoPart<'a> for T {}

impl Template {
    /// A template without anything in it: the empty text.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a piece at the end.
    pub fn push<'a>(&mut self, part: impl IntoPart<'a>) -> &mut Self {
        match part.into() {
            Part::Text(text) => self.push_text(text, false),
            Part::Expr(expr) => self.segments.push(Segment::Expr(expr)),
            Part::Template(template) => {
                for segment in template.segments {
                    match segment {
                        Segment::Text { text, verbatim } => {
                            self.push_text(Cow::Owned(text), verbatim);
                        }
                        Segment::Expr(expr) => self.segments.push(Segment::Expr(expr)),
                    }
                }
            }
        }
        self
    }

    #[doc(hidden)]
    pub fn __of<const N: usize>(parts: [Part<'_>; N]) -> Self {
        let mut template = Self::new();
        for part in parts {
            template.push(part);
        }
        template
    }

    fn push_text(&mut self, text: Cow<'_, str>, verbatim: bool) {
        if text.is_empty() {
            return;
        }
        if let Some(Segment::Text { text: last, verbatim: last_verbatim }) = self.segments.last_mut() {
            last.push_str(&text);
            *last_verbatim |= verbatim;
        } else {
            let text = text.into_owned();
            self.segments.push(Segment::Text { text, verbatim });
        }
    }

    pub(crate) fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The text, if there is no expression in it, and whether it is [`verbatim`].
    pub(crate) fn as_text(&self) -> Option<(&str, bool)> {
        match self.segments.as_slice() {
            [] => Some(("", false)),
            [Segment::Text { text, verbatim }] => Some((text, *verbatim)),
            _ => None,
        }
    }
}

impl<'a> From<&'a str> for Part<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

macro_rules! part_from {
    ($($from:ty => $convert:expr;)+) => {
        $(impl From<$from> for Part<'_> {
            fn from(value: $from) -> Self {
                $convert(value)
            }
        })+
    };
}

part_from! {
    String => |text| Self::Text(Cow::Owned(text));
    Template => Self::Template;
    &Template => |template: &Template| Self::Template(template.clone());
    Expr => Self::Expr;
    &Expr => |expr: &Expr| Self::Expr(expr.clone());
    Variable => |variable: Variable| Self::Expr(variable.expr());
    &Variable => |variable: &Variable| Self::Expr(variable.expr());
    Local => |local: Local| Self::Expr(local.expr());
    &Local => |local: &Local| Self::Expr(local.expr());
}

impl<'a> From<&'a String> for Part<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&&'a str> for Part<'a> {
    fn from(text: &&'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

macro_rules! part_from_display {
    ($($from:ty),+) => {
        $(impl From<$from> for Part<'_> {
            fn from(value: $from) -> Self {
                Self::Text(Cow::Owned(value.to_string()))
            }
        })+
    };
}

part_from_display!(i8, i16, i32, i64, u8, u16, u32, u64, usize, bool, char);

/// Joins literal text and expressions to a [`Template`]: `cat!["queue-", &suffix, ".fifo"]`.
///
/// Literal text stays literal, whatever it holds; only expressions are evaluated.
///
/// ```
/// use tfdsl::{Stack, body, cat};
///
/// let mut stack = Stack::new();
/// let price = stack.variable("price", body! {});
/// stack.output("name", cat!["queue-", &price, ".fifo"]);
/// stack.output("label", cat!["100% of ${price} costs $", &price]);
///
/// let document = stack.synth()?;
/// let outputs = &document.main_json()["output"];
/// assert_eq!(outputs["name"]["value"], "queue-${var.price}.fifo");
/// assert_eq!(outputs["label"]["value"], r#"100% of $${price} costs ${"$"}${var.price}"#);
/// # Ok::<(), tfdsl::Findings>(())
/// ```
#[macro_export]
macro_rules! cat {
    ($($part:expr),* $(,)?) => {
        $crate::Template::__of([$($crate::__private::part($part)),*])
    };
}

/// What `cat!` makes of one of its parts.
pub fn part<'a>(part: impl IntoPart<'a>) -> Part<'a> {
    part.into()
}

/// Text that holds `${...}` or `%{...}` on purpose.
///
/// Text is literal with and without it. But a string that names something of the stack where Terraform's own language would
/// evaluate it (`"queue-${var.env}"`) is a finding, since nearly always [`cat!`](crate::cat!) was meant; this says that the
/// characters are.
///
/// ```
/// use tfdsl::{Stack, body, cat, verbatim};
///
/// let mut stack = Stack::new();
/// let env = stack.variable("env", body! {});
/// stack.output("wrong", "queue-${var.env}");
/// let finding = stack.synth().unwrap_err().to_string();
/// assert!(finding.contains("the text `${var.env}` is not evaluated"));
///
/// let mut stack = Stack::new();
/// let env = stack.variable("env", body! {});
/// stack.output("joined", cat!["queue-", &env]);
/// stack.output("manual", cat![verbatim("Write ${var.env}: it is "), &env, "."]);
/// let document = stack.synth()?;
/// let outputs = &document.main_json()["output"];
/// assert_eq!(outputs["joined"]["value"], "queue-${var.env}");
/// assert_eq!(outputs["manual"]["value"], "Write $${var.env}: it is ${var.env}.");
/// # Ok::<(), tfdsl::Findings>(())
/// ```
pub fn verbatim<'a>(text: impl Into<Cow<'a, str>>) -> Template {
    let mut template = Template::new();
    template.push_text(text.into(), true);
    template
}

/// Splits off the trailing run of `$` and `%`: what must not stand directly before an interpolation.
pub(crate) fn split_sigils(text: &str) -> (&str, &str) {
    text.split_at(text.trim_end_matches(['$', '%']).len())
}

/// Literal text as Terraform's JSON wants it.
pub(crate) fn escape_json_text(text: &str) -> Cow<'_, str> {
    if needs_escape(text) {
        let mut escaped = String::with_capacity(text.len() + 8);
        push_template_text(&mut escaped, text);
        Cow::Owned(escaped)
    } else {
        Cow::Borrowed(text)
    }
}

/// Appends literal text to a template, without quotes around it.
pub(crate) fn push_template_text(out: &mut String, mut text: &str) {
    if let Some(rest) = text.strip_prefix(BYTE_ORDER_MARK).filter(|_| out.is_empty()) {
        out.push_str("${\"\\ufeff\"}");
        text = rest;
    }
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        out.push(character);
        if matches!(character, '$' | '%') && characters.peek() == Some(&'{') {
            out.push(character);
        }
    }
}

/// Appends literal text to a quoted string of HCL, without the quotes.
pub(crate) fn push_quoted_text(out: &mut String, text: &str) {
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '$' | '%' => {
                out.push(character);
                if characters.peek() == Some(&'{') {
                    out.push(character);
                }
            }
            // Control characters, and what some tools take for line ends or for nothing.
            _ if character.is_control() || matches!(character, '\u{2028}' | '\u{2029}' | BYTE_ORDER_MARK) => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(character));
            }
            _ => out.push(character),
        }
    }
}

/// Whether a carriage return without a newline stands in `text` before something that Terraform must evaluate or
/// unescape: an escape in the text itself, or an interpolation that follows it.
pub(crate) fn has_lone_cr(text: &str, interpolation_follows: bool) -> bool {
    let lone = text.match_indices('\r').map(|(at, _)| &text[at + 1..]).find(|rest| !rest.starts_with('\n'));
    lone.is_some_and(|rest| interpolation_follows || has_introducer(rest))
}

fn needs_escape(text: &str) -> bool {
    has_introducer(text) || text.starts_with(BYTE_ORDER_MARK)
}

pub(crate) fn has_introducer(text: &str) -> bool {
    text.contains("${") || text.contains("%{")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quoted(text: &str) -> String {
        let mut out = String::new();
        push_quoted_text(&mut out, text);
        out
    }

    #[test]
    fn only_what_begins_an_interpolation_or_a_directive_is_doubled() {
        for (text, escaped) in [
            ("", ""),
            ("plain $ % { } $a %b", "plain $ % { } $a %b"),
            ("${a}", "$${a}"),
            ("%{ if a }", "%%{ if a }"),
            ("$${a}", "$$${a}"),
            ("%%{a}", "%%%{a}"),
            ("$%{", "$%%{"),
            ("$", "$"),
        ] {
            assert_eq!(escape_json_text(text), escaped);
        }
    }

    #[test]
    fn text_without_anything_to_escape_is_not_copied() {
        assert!(matches!(escape_json_text("a $ b"), Cow::Borrowed("a $ b")));
    }

    #[test]
    fn a_byte_order_mark_is_kept_where_terraform_would_drop_it() {
        assert_eq!(escape_json_text("\u{feff}a"), r#"${"\ufeff"}a"#);
        assert_eq!(escape_json_text("a\u{feff}"), "a\u{feff}");
    }

    #[test]
    fn quoted_strings_escape_what_would_end_or_change_them() {
        assert_eq!(quoted("a\"b\\c\n\r\t"), r#"a\"b\\c\n\r\t"#);
        assert_eq!(quoted("${a} %{b} $ %"), "$${a} %%{b} $ %");
        assert_eq!(quoted("\0\u{1b}\u{7f}\u{85}\u{2028}é"), r"\u0000\u001b\u007f\u0085\u2028é");
    }

    #[test]
    fn the_run_before_an_interpolation_is_split_off_whole() {
        assert_eq!(split_sigils("costs $"), ("costs ", "$"));
        assert_eq!(split_sigils("a$b%$%"), ("a$b", "%$%"));
        assert_eq!(split_sigils("a"), ("a", ""));
    }

    #[test]
    fn adjacent_texts_are_one_so_that_their_seam_is_escaped() {
        let template = crate::cat!["$", "{a}", crate::cat!["%", "{b}"]];
        assert_eq!(template.as_text(), Some(("${a}%{b}", false)));
    }

    #[test]
    fn a_carriage_return_matters_only_alone_and_before_something_to_evaluate() {
        assert!(has_lone_cr("a\rb", true));
        assert!(has_lone_cr("a\rb ${", false));
        assert!(has_lone_cr("a\r\n\rb", true));
        assert!(!has_lone_cr("a\rb", false));
        assert!(!has_lone_cr("a\r\nb", true));
        assert!(!has_lone_cr("${ a\rb", false));
    }
}
