//! Two bodies, argument by argument.

use serde_json::Value as Json;

use super::{Change, dotted};
use crate::document::read::Step;

/// Every argument that differs, at the innermost level where one can say so.
pub(super) fn changes(old: &Json, new: &Json) -> Vec<Change> {
    let mut compare = Compare { path: Vec::new(), changes: Vec::new() };
    compare.values(Some(old), Some(new));
    compare.changes
}

struct Compare {
    path: Vec<Step>,
    changes: Vec<Change>,
}

impl Compare {
    fn values(&mut self, old: Option<&Json>, new: Option<&Json>) {
        match (old, new) {
            (Some(old), Some(new)) if same(old, new) => {}
            (Some(Json::Object(old)), Some(Json::Object(new))) => {
                for (key, value) in old {
                    self.at(Step::Key(key.clone()), Some(value), new.get(key));
                }
                for (key, value) in new.iter().filter(|(key, _)| !old.contains_key(*key)) {
                    self.at(Step::Key(key.clone()), None, Some(value));
                }
            }
            (Some(Json::Array(old)), Some(Json::Array(new))) => self.lists(old, new),
            (old, new) => self.changes.push(Change { path: dotted(&self.path), old: old.cloned(), new: new.cloned() }),
        }
    }

    /// Items that are alike at both ends are left alone, so that one more in the middle is one change.
    fn lists(&mut self, old: &[Json], new: &[Json]) {
        let alike =
            |pairs: &mut dyn Iterator<Item = (&Json, &Json)>| pairs.take_while(|(old, new)| same(old, new)).count();
        let start = alike(&mut old.iter().zip(new));
        let (old, new) = (&old[start..], &new[start..]);
        let end = alike(&mut old.iter().rev().zip(new.iter().rev()));
        let (old, new) = (&old[..old.len() - end], &new[..new.len() - end]);
        for position in 0..old.len().max(new.len()) {
            self.at(Step::Index(start + position), old.get(position), new.get(position));
        }
    }

    fn at(&mut self, step: Step, old: Option<&Json>, new: Option<&Json>) {
        self.path.push(step);
        self.values(old, new);
        self.path.pop();
    }
}

/// Whether two values mean the same: `1` and `1.0` do.
fn same(old: &Json, new: &Json) -> bool {
    match (old, new) {
        (Json::Number(old), Json::Number(new)) => {
            let whole = |number: &serde_json::Number| number.is_i64() || number.is_u64();
            old == new || (!(whole(old) && whole(new)) && old.as_f64() == new.as_f64())
        }
        (Json::Array(old), Json::Array(new)) => {
            old.len() == new.len() && old.iter().zip(new).all(|(old, new)| same(old, new))
        }
        (Json::Object(old), Json::Object(new)) => {
            old.len() == new.len() && old.iter().all(|(key, old)| new.get(key).is_some_and(|new| same(old, new)))
        }
        (old, new) => old == new,
    }
}
