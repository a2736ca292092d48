//! Dependency cycles, each with its path.

use super::references::Dependency;
use super::{Report, Subject};

/// How far the search has come with a block.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Progress {
    Unseen,
    Open,
    Done,
}

/// Depth first, with a stack of its own: a chain of a hundred thousand blocks must not end the thread's.
pub(super) fn check(subject: &Subject<'_>, dependencies: &[Vec<Dependency>], report: &mut Report) {
    let mut search = Search {
        progress: vec![Progress::Unseen; dependencies.len()],
        reported: vec![false; dependencies.len()],
        path: Vec::new(),
    };
    for start in 0..dependencies.len() {
        search.from(start, subject, dependencies, report);
    }
}

struct Search {
    progress: Vec<Progress>,
    reported: Vec<bool>,
    /// The blocks from the start to here, each with how many of its dependencies were looked at.
    path: Vec<(usize, usize)>,
}

impl Search {
    fn from(&mut self, start: usize, subject: &Subject<'_>, dependencies: &[Vec<Dependency>], report: &mut Report) {
        self.open(start, subject);
        while let Some((block, looked_at)) = self.path.last_mut() {
            let Some(dependency) = dependencies[*block].get(*looked_at) else {
                self.progress[*block] = Progress::Done;
                self.path.pop();
                continue;
            };
            *looked_at += 1;
            if self.progress[dependency.on] == Progress::Open {
                self.report(dependency.on, subject, dependencies, report);
            } else {
                self.open(dependency.on, subject);
            }
        }
    }

    fn open(&mut self, block: usize, subject: &Subject<'_>) {
        if self.progress[block] == Progress::Unseen && is_one_node(subject, block) {
            self.progress[block] = Progress::Open;
            self.path.push((block, 0));
        }
    }

    fn report(&mut self, first: usize, subject: &Subject<'_>, dependencies: &[Vec<Dependency>], report: &mut Report) {
        let start = self.path.iter().position(|(block, _)| *block == first).unwrap_or(0);
        let cycle = &self.path[start..];
        // One finding for each knot: its other cycles are seen when this one is cut.
        if cycle.iter().any(|(block, _)| self.reported[*block]) {
            return;
        }
        for (block, _) in cycle {
            self.reported[*block] = true;
        }
        let (position, looked_at) = cycle[0];
        let names: Vec<String> = cycle
            .iter()
            .map(|(block, _)| *block)
            .chain([first])
            .filter_map(|block| subject.stack.blocks.get_index(block))
            .map(|(address, _)| address.to_string())
            .collect();
        if let Some((_, block)) = subject.stack.blocks.get_index(position) {
            report.add(
                position,
                block,
                dependencies[position][looked_at - 1].place,
                format!("depends on itself: {}", names.join(" -> ")),
                "cut one of these references, or move the argument that holds it to a resource of its own",
            );
        }
    }
}

fn is_one_node(subject: &Subject<'_>, block: usize) -> bool {
    subject.stack.blocks.get_index(block).is_some_and(|(address, _)| address.kind().facts().is_one_node)
}
