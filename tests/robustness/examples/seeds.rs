//! Writes what fuzzers begin with: `seeds FOLDER` makes a folder for each promise in it.
#![allow(clippy::disallowed_methods, reason = "a program that writes files")]

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use robustness::{PROMISES, encrypted_seeds, expressions, merge_seeds, seeds};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(env::args().nth(1).ok_or("which folder?")?);
    for (promise, _) in PROMISES {
        let folder = folder.join(promise);
        fs::create_dir_all(&folder)?;
        let texts = match promise {
            "eval" => expressions(),
            "encrypted" => encrypted_seeds(),
            "merge" => merge_seeds(),
            _ => seeds(),
        };
        for (nth, text) in texts.iter().enumerate() {
            fs::write(folder.join(format!("{nth:04}")), text)?;
        }
    }
    Ok(())
}
