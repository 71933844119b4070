//! What somebody without a key may do to a repository: one change at a time, by chance.

use std::collections::BTreeMap;

use secrets::Fingerprint;
use serde_json::Value;

use super::{BLOB, CHART, Chance, ENCRYPTED, FILES, Files, Ground, HERS, HOST, RECORDS, drawer};
use crate::vault::{SOURCE, keys};

/// Changes something. What was done, for messages.
pub(super) fn change(files: &mut Files, ground: &Ground, chance: &mut Chance) -> String {
    let (what, path, changed) = match chance.below(16) {
        0..=5 => in_one(files, ground, chance),
        6..=14 => in_encrypted(files, ground, chance),
        _ => {
            let path = *chance.of(&ENCRYPTED);
            files.remove(path);
            return format!("{path} gone");
        }
    };
    files.insert(path.to_owned(), changed);
    format!("{path}: {what}")
}

/// What a file is now.
fn text(files: &Files, path: &str) -> String {
    files.get(path).cloned().unwrap_or_default()
}

/// Letters and lines of any file, the records too.
fn in_one(files: &Files, ground: &Ground, chance: &mut Chance) -> (&'static str, &'static str, String) {
    let path = *chance.of(&FILES);
    let text = text(files, path);
    let lines: Vec<&str> = text.lines().collect();
    let line = lines.get(chance.below(lines.len())).copied().unwrap_or_default();
    match chance.below(6) {
        0 | 1 => {
            let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
            let Some(place) = places.get(chance.below(places.len())) else { return ("nothing", path, text) };
            let letters: Vec<char> = "aZ0:=\n \"-]{".chars().collect();
            let mut changed: String = text[..*place].to_owned();
            changed.push(*chance.of(&letters));
            changed.extend(text[*place..].chars().skip(1));
            ("a letter", path, changed)
        }
        2 => ("a line gone", path, text.replacen(&format!("{line}\n"), "", 1)),
        3 => ("a line twice", path, text.replacen(line, &format!("{line}\n{line}"), 1)),
        4 => {
            let other = files.get(*chance.of(&FILES)).cloned().unwrap_or_default();
            let other: Vec<&str> = other.lines().collect();
            let other = other.get(chance.below(other.len())).copied().unwrap_or_default();
            ("a line of another file", path, text.replacen(line, other, 1))
        }
        _ => ("an older file", path, ground.old[path].clone()),
    }
}

/// Whole files that are encrypted, and what in them is not.
fn in_encrypted(files: &Files, ground: &Ground, chance: &mut Chance) -> (&'static str, &'static str, String) {
    let path = *chance.of(&ENCRYPTED);
    let text = text(files, path);
    match chance.below(9) {
        0 | 1 => ("a planted file", path, ground.planted[path].clone()),
        2 => ("another half", SOURCE, self::text(files, SOURCE).replace(&ground.half, HERS)),
        3 => ("copies of another data key", path, {
            let (own, hers) = (copies(&text), copies(&ground.planted[path]));
            match (own.get(chance.below(own.len())), hers.first()) {
                (Some(own), Some(hers)) => text.replace(own, hers),
                _ => text,
            }
        }),
        4 => ("another name of a reader", path, text.replace(keys().admin.recipient(), drawer().recipient())),
        5 => ("other ends of lines", path, text.replace('\n', "\r\n")),
        6 => ("a mark in front", path, format!("\u{feff}{text}")),
        7 => ("the same in other letters", path, {
            let text =
                text.replacen("token: ENC", "\"token\": ENC", 1).replacen("NOTE: ENC", "'NOTE': ENC", 1);
            text.replacen("\t\"data\"", "  \"data\"", 1)
        }),
        _ => ("one file for another", path, self::text(files, chance.of::<&str>(&ENCRYPTED))),
    }
}

/// The copies of a data key that a file has, as they stand there.
fn copies(text: &str) -> Vec<String> {
    let (from, to) =
        if text.starts_with('{') { ("\"enc\": \"", "\"") } else { ("enc: |\n", "          recipient") };
    text.split(from).skip(1).map(|part| part.split(to).next().unwrap_or("").to_owned()).collect()
}

/// A file without the last of the copies of its data key, which is Eve's.
pub(super) fn without_last_copy(text: &str) -> String {
    let (from, to) = if text.starts_with('{') {
        (",\n\t\t\t{\n\t\t\t\t\"enc\"", "\n\t\t],")
    } else {
        ("        - enc: |", "    lastmodified")
    };
    let (at, end) = (text.rfind(from).expect("an entry"), text.find(to).expect("an end"));
    format!("{}{}", &text[..at], &text[end..])
}

/// Notes in all records that hlc wrote what is there.
pub(super) fn note(files: &mut Files) {
    let number = |files: &Files, path: &str| {
        files.get(path).map(|text| Value::from(Fingerprint::of_content(text.as_bytes()).to_string()))
    };
    for (record, entry, path) in [
        (RECORDS[0], "secrets/one.yaml", HOST),
        (RECORDS[0], "secrets/one/blob.bin", BLOB),
        (RECORDS[1], "10_last/web/secrets/web.values.secrets.yaml", CHART),
        (RECORDS[2], "secrets/one.yaml", HOST),
        (RECORDS[2], "secrets/one/blob.bin", BLOB),
        (RECORDS[3], "10_last/web/secrets/web.values.secrets.yaml", CHART),
        (RECORDS[2], ".secrets.json", RECORDS[0]),
        (RECORDS[3], ".secrets.json", RECORDS[1]),
    ] {
        let all = files.get(record).and_then(|text| serde_json::from_str::<Value>(text).ok());
        let (Some(mut all), Some(number)) = (all, number(files, path)) else { continue };
        match all.get_mut("files").and_then(|files| files.get_mut(entry)) {
            Some(Value::Object(entry)) => drop(entry.insert("sha256".to_owned(), number)),
            Some(entry) => *entry = number,
            None => continue,
        }
        files.insert(record.to_owned(), serde_json::to_string_pretty(&all).expect("JSON"));
    }
}

/// What is merged, as Git hands it over: the file from before, and in turn either side as Eve left it.
pub(super) fn branches(files: &mut Files, ground: &Ground, chance: &mut Chance) {
    let good = ground.new[SOURCE].clone();
    files.insert("base.yaml".to_owned(), good.clone());
    let hers = files.remove(SOURCE).unwrap_or_default();
    let (ours, theirs) = if chance.below(2) == 0 { (good, hers) } else { (hers, ground.old[SOURCE].clone()) };
    let both = BTreeMap::from([(SOURCE.to_owned(), ours), ("theirs.yaml".to_owned(), theirs)]);
    files.extend(both);
}
