//! Puts the built console (`console/dist`) into the program: a table of its files, with their bytes. Without it the table
//! is empty.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Where the console is built. The folder is in the repository, so that cargo can watch it.
const DIST: &str = "../console/dist";

fn main() -> io::Result<()> {
    let mut cargo = io::stdout();
    writeln!(cargo, "cargo::rerun-if-changed={DIST}")?;
    writeln!(cargo, "cargo::rerun-if-changed=build.rs")?;
    // Cargo runs this in the folder of the package.
    let root = env::current_dir()?.join(DIST);
    let mut paths = Vec::new();
    if root.join("index.html").is_file() {
        collect(&root, &mut paths)?;
    }
    paths.sort();
    let mut table = String::from("&[\n");
    for path in paths.iter().filter(|path| !is_compressed(path)) {
        let name = path.strip_prefix(&root).unwrap_or(path).to_string_lossy();
        let variant = |suffix: &str| {
            let variant = PathBuf::from(format!("{}.{suffix}", path.display()));
            if variant.is_file() {
                format!("Some({})", bytes(&variant))
            } else {
                "None".to_owned()
            }
        };
        let (plain, brotli, gzip) = (bytes(path), variant("br"), variant("gz"));
        let _ = writeln!(
            table,
            "    File {{ name: {name:?}, plain: {plain}, brotli: {brotli}, gzip: {gzip} }},"
        );
    }
    table.push_str("]\n");
    fs::write(out_folder().join("console.rs"), table)
}

/// Where cargo wants what is generated.
#[expect(
    clippy::disallowed_methods,
    reason = "this is how cargo passes settings to a build script"
)]
fn out_folder() -> PathBuf {
    PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default())
}

/// The bytes of a file, in Rust.
fn bytes(path: &Path) -> String {
    format!("include_bytes!({:?})", path.display().to_string())
}

fn is_compressed(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension == "br" || extension == "gz")
}

/// The files below a folder, except hidden ones.
fn collect(folder: &Path, paths: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), paths)?;
        } else {
            paths.push(entry.path());
        }
    }
    Ok(())
}
