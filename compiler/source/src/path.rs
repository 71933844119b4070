//! Paths of files, as files of the lab name each other.

/// `name` as written in `file`, relative to the lab's folder: `..` at its start is outside of that, and so is an
/// absolute one, which stays as it is.
pub fn relative_to(file: &str, name: &str) -> String {
    if name.starts_with('/') {
        return name.to_owned();
    }
    let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in name.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::relative_to;

    #[test]
    fn names_are_relative_to_the_file_that_has_them() {
        for (file, name, is) in [
            ("homelab.hl", "./a.json", "a.json"),
            ("x/media.hl", "a.json", "x/a.json"),
            ("x/media.hl", "../a//b.json", "a/b.json"),
            ("x/media.hl", "../../a.json", "../a.json"),
            ("x/media.hl", "/a.json", "/a.json"),
            ("homelab.hl", "./", ""),
        ] {
            assert_eq!(relative_to(file, name), is);
        }
    }
}
