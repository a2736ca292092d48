//! Registers the shipped providers: every file `src/providers/<name>.json`, sorted by name. Each becomes a line of
//! `shipped.rs` in the build's own folder, `("<name>", "<JSON>"),`, without the guide for people, which no program reads.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use serde_json::Value;

const FOLDER: &str = "src/providers";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={FOLDER}");
    let mut files: Vec<PathBuf> = fs::read_dir(FOLDER)?
        .map(|entry| Ok(entry?.path()))
        .filter(|path| !matches!(path, Ok(path) if path.extension().is_none_or(|extension| extension != "json")))
        .collect::<Result<_, std::io::Error>>()?;
    files.sort();
    let mut shipped = format!("registry! {{ {}\n", files.len());
    for file in &files {
        let name = file.file_stem().and_then(|stem| stem.to_str()).ok_or("a file's name is not UTF-8")?;
        let line = definition(file).map_err(|error| format!("{}: {error}", file.display()))?;
        writeln!(shipped, "    {name:?} => {line:?},")?;
    }
    shipped.push_str("}\n");
    let target = Path::new(&env::var_os("OUT_DIR").ok_or("cargo names no folder")?).join("shipped.rs");
    Ok(fs::write(target, shipped)?)
}

/// The file on one line, without the guide.
fn definition(file: &Path) -> Result<String, Box<dyn Error>> {
    let mut entry: Value = serde_json::from_str(&fs::read_to_string(file)?)?;
    if let Some(settings) = entry.as_object_mut() {
        settings.remove("guide");
    }
    Ok(entry.to_string())
}
