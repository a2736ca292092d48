//! Where things lie in a checkout of this project.

use std::path::{Path, PathBuf};

/// The root folder of a checkout, and the places in it that the commands use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkout {
    root: PathBuf,
}

/// The commands were started outside of a checkout, or before `./just` put the tools in place.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CheckoutError {
    /// No parent folder is a checkout.
    #[error("{} is not inside a checkout of hookline: start this from there", .0.display())]
    Outside(PathBuf),
    /// The pinned tools are missing.
    #[error("the pinned tools are missing ({} does not exist): run `./just` once, it installs them", .0.display())]
    NoTools(PathBuf),
}

impl Checkout {
    /// The checkout that `folder` lies in.
    ///
    /// # Errors
    /// When it lies in none.
    pub fn around(folder: &Path) -> Result<Self, CheckoutError> {
        folder
            .ancestors()
            .find(|root| root.join("ops/tools/requirements.txt").is_file())
            .map(|root| Self { root: root.to_owned() })
            .ok_or_else(|| CheckoutError::Outside(folder.to_owned()))
    }

    /// The root folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The document and the functions for this machine; `out/` in the root is for deployments alone.
    pub fn local_out(&self) -> PathBuf {
        self.local("out")
    }

    /// Working folders of local deployments, one per name.
    pub fn local(&self, name: &str) -> PathBuf {
        self.root.join("target/local").join(name)
    }

    /// Sample payloads, a folder per signature scheme.
    pub fn samples(&self) -> PathBuf {
        self.root.join("ops/samples")
    }

    /// A file among the tools.
    pub fn tool(&self, name: &str) -> PathBuf {
        self.root.join("ops/tools").join(name)
    }

    /// The Python of the pinned tools.
    ///
    /// # Errors
    /// When `./just` has not installed them yet.
    pub fn python(&self) -> Result<PathBuf, CheckoutError> {
        let python = self.root.join(".tools/venv/bin/python");
        if python.exists() { Ok(python) } else { Err(CheckoutError::NoTools(python)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_found_from_any_folder_below() {
        let below = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/local");
        let checkout = Checkout::around(&below).unwrap();
        assert!(checkout.tool("emulator.py").is_file());
        assert!(checkout.root().join("justfile").is_file());
    }

    #[test]
    fn outside_of_a_checkout_the_error_says_where_to_go() {
        let error = Checkout::around(Path::new("/")).unwrap_err();
        assert_eq!(error.to_string(), "/ is not inside a checkout of hookline: start this from there");
    }
}
