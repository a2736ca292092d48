//! Snapshots: a text as it was when a person last looked at it.

use std::path::Path;
use std::{env, fs};

/// Set to anything but `0` to write the snapshots anew.
const UPDATE: &str = "TFDSL_UPDATE";
/// How many differing lines a message shows.
const SHOWN_LINES: usize = 10;

/// Asserts that a text (of a whole document: [`Synthesized::main_text`](crate::Synthesized::main_text)) is what a file
/// holds. With `TFDSL_UPDATE=1` in the environment the file is written instead; what changed is then for review like
/// any other change of the repository.
///
/// ```
/// use tfdsl::{Stack, testing};
///
/// let mut stack = Stack::new();
/// stack.output("answer", 42);
/// # let folder = std::env::temp_dir().join(format!("tfdsl-snapshot-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # let file = folder.join("stack.tf.json");
/// # std::fs::write(&file, stack.synth()?.main_text())?;
/// // let file = "tests/snapshots/stack.tf.json";
/// testing::assert_snapshot(stack.synth()?.main_text(), file);
/// # std::fs::remove_dir_all(folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Panics
/// With the lines that differ, if they do; if the file is not there; if it cannot be written.
#[track_caller]
#[expect(clippy::panic, reason = "an assertion")]
pub fn assert_snapshot(actual: &str, file: impl AsRef<Path>) {
    let file = file.as_ref();
    if env::var_os(UPDATE).is_some_and(|value| value != "0") {
        let written = file.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(file, actual));
        if let Err(error) = written {
            panic!("cannot write the snapshot {}: {error}", file.display());
        }
        return;
    }
    match fs::read_to_string(file) {
        Ok(expected) if expected == actual => {}
        Ok(expected) => panic!(
            "not as in the snapshot {}:\n{}\nif the change is meant, run again with {UPDATE}=1 and review the file",
            file.display(),
            differing_lines(&expected, actual)
        ),
        Err(error) => panic!("cannot read the snapshot {}: {error}; run with {UPDATE}=1 to write it", file.display()),
    }
}

/// What is between the first and the last line that differ, old and new.
fn differing_lines(expected: &str, actual: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), actual.lines().collect());
    let same = |(old, new): &(&&str, &&str)| old == new;
    let before = old.iter().zip(&new).take_while(same).count();
    let after = old[before..].iter().rev().zip(new[before..].iter().rev()).take_while(same).count();
    let part = |lines: &[&str], sign: char| -> Vec<String> {
        let changed = &lines[before..lines.len() - after];
        let mut shown: Vec<String> = changed.iter().take(SHOWN_LINES).map(|line| format!("{sign} {line}")).collect();
        if let Some(more) = changed.len().checked_sub(SHOWN_LINES).filter(|more| *more > 0) {
            shown.push(format!("{sign} ... {more} more lines"));
        }
        shown
    };
    let mut lines = vec![format!("line {}:", before + 1)];
    lines.extend(part(&old, '-'));
    lines.extend(part(&new, '+'));
    lines.join("\n")
}
