//! Writes the book's sources into a folder, and says which links of a book that is laid out lead nowhere.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a program of its own")]

use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "usage: book write FOLDER | book check FOLDER";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["write", folder] => ended(book::manuscript::write(&book::project(), Path::new(folder))),
        ["check", folder] => match book::dead_links::dead_links(Path::new(folder)) {
            Ok(dead) if dead.is_empty() => ExitCode::SUCCESS,
            Ok(dead) => failed(&format!("these links lead nowhere:\n  {}", dead.join("\n  "))),
            Err(error) => failed(&error.to_string()),
        },
        _ => failed(USAGE),
    }
}

fn ended(result: std::io::Result<()>) -> ExitCode {
    result.map_or_else(|error| failed(&error.to_string()), |()| ExitCode::SUCCESS)
}

fn failed(why: &str) -> ExitCode {
    eprintln!("book: {why}");
    ExitCode::FAILURE
}
