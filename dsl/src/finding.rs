//! Findings: what is wrong, where, and what to do about it. All of them at once.

use std::fmt;

use crate::place::Place;

/// One mistake in a stack.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Finding {
    /// Address of the block that has the mistake.
    pub address: String,
    /// What is wrong.
    pub what: String,
    /// The Rust line to look at.
    pub place: Place,
    /// What to do about it.
    pub remedy: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { address, what, place, remedy } = self;
        write!(formatter, "error: {address}: {what}\n  --> {place}\n  help: {remedy}")
    }
}

/// All mistakes of a stack, in declaration order. Never empty.
///
/// `Debug` shows the same as `Display`: a `main` that returns them, or an `unwrap`, prints what a person can read.
#[derive(Clone)]
pub struct Findings(Vec<Finding>);

impl Findings {
    /// The findings themselves, or `None` when there are none.
    pub(crate) fn new(findings: Vec<Finding>) -> Option<Self> {
        (!findings.is_empty()).then_some(Self(findings))
    }

    /// The findings in declaration order.
    pub fn iter(&self) -> std::slice::Iter<'_, Finding> {
        self.0.iter()
    }

    /// How many there are: at least one.
    #[allow(clippy::len_without_is_empty, reason = "never empty")]
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

impl<'a> IntoIterator for &'a Findings {
    type Item = &'a Finding;
    type IntoIter = std::slice::Iter<'a, Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, finding) in self.iter().enumerate() {
            if position > 0 {
                formatter.write_str("\n\n")?;
            }
            write!(formatter, "{finding}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Findings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} found\n\n{self}", self.len())
    }
}

impl std::error::Error for Findings {}

/// The candidate most like `name`, if any is alike enough to be what was meant.
pub(crate) fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    two_nearest(name, candidates).first().copied()
}

/// As [`nearest`], and the next one after it.
pub(crate) fn two_nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let close_enough = (name.chars().count() / 3).max(1);
    let mut near: Vec<(usize, &str)> = candidates
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= close_enough)
        .collect();
    near.sort_by_key(|(distance, _)| *distance);
    near.truncate(2);
    near.into_iter().map(|(_, candidate)| candidate).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_meant_if_it_is_near_enough() {
        let known = ["name", "names", "timeout_seconds"];
        assert_eq!(nearest("nmae", known.into_iter()), Some("name"));
        assert_eq!(nearest("timeout_second", known.into_iter()), Some("timeout_seconds"));
        assert_eq!(nearest("colour", known.into_iter()), None);
    }

    #[test]
    fn a_finding_reads_like_one_of_rustc() {
        let line = line!() + 5;
        let finding = Finding {
            address: "aws_sqs_queue.webhooks".to_owned(),
            what: "unknown argument `a`".to_owned(),
            remedy: "did you mean `b`?".to_owned(),
            place: Place::here(),
        };
        assert_eq!(
            finding.to_string(),
            format!(
                "error: aws_sqs_queue.webhooks: unknown argument `a`\n  --> {}:{line}:20\n  help: did you mean `b`?",
                file!()
            )
        );
    }
}
