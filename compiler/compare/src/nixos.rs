//! NixOS configurations: the options of `nixos` blocks one by one, everything else as files.

use emit::Files;

use crate::things::{Form, Found, Thing, Things, file, part_of};

/// Adds what is in `nixos`. Where options stand in the lab says one file, which is none of what is built.
pub(crate) fn read(nixos: &Files, is_read: &dyn Fn(&str) -> bool, things: &mut Things) {
    for (path, text) in nixos.iter().filter(|(path, _)| *path != "lines.nix") {
        let full = format!("nixos/{path}");
        if !is_read(&full) {
            continue;
        }
        let parts: Vec<&str> = path.split('/').collect();
        let settings = if let ["hosts", host, "nixos.nix"] = parts.as_slice() {
            settings(text).map(|settings| (*host, settings))
        } else {
            None
        };
        let Some((host, settings)) = settings else {
            things.extend([file(&full, text, false)]);
            continue;
        };
        let part = part_of(&full);
        let order = settings.iter().map(|(key, _)| key.clone()).collect();
        let found = Found { part: part.clone(), form: Form::Order(order), is_implied: true };
        things.insert(Thing::File(full), found);
        for (key, text) in settings {
            let found = Found { part: part.clone(), form: Form::Text(text), is_implied: false };
            things.insert(Thing::Setting { host: host.to_owned(), key }, found);
        }
    }
}

/// What `nixos` blocks say: a key and a text for each option. Nothing for a file that is made in another way.
fn settings(text: &str) -> Option<Vec<(String, String)>> {
    let mut lines = text.lines().skip_while(|line| *line != "  imports = [").skip(1);
    let mut found = Vec::new();
    loop {
        match lines.next()? {
            "  ];" => return (lines.next() == Some("}") && lines.next().is_none()).then_some(found),
            "    {" => {
                let named = lines.next()?.strip_prefix("      _file = lines.\"")?.strip_suffix("\";")?;
                let mut value = String::new();
                loop {
                    match lines.next()? {
                        "    }" => break,
                        line => value.extend([line.strip_prefix("      ").unwrap_or(line), "\n"]),
                    }
                }
                found.push((unescaped(named), value));
            }
            _ => return None,
        }
    }
}

/// A text as it was before Nix's quotes were put around it.
fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(char) = chars.next() {
        out.push(match char {
            '\\' => match chars.next() {
                Some('n') => '\n',
                Some('r') => '\r',
                Some('t') => '\t',
                Some(other) => other,
                None => '\\',
            },
            char => char,
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_read_option_by_option() {
        let text = "# Made by hlc\n{\n  imports = [\n    {\n      _file = lines.\"host a: x.\\\"b.c\\\"\";\n      x.\"b.c\" = {\n        y = 1;\n      };\n    }\n  ];\n}\n";
        let expected = vec![("host a: x.\"b.c\"".to_owned(), "x.\"b.c\" = {\n  y = 1;\n};\n".to_owned())];
        assert_eq!(settings(text), Some(expected));
        assert_eq!(settings("{ }\n"), None);
        assert_eq!(settings("{\n  imports = [\n    ./x.nix\n  ];\n}\n"), None);
    }
}
