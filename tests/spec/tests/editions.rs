//! Labs as people wrote them for older editions of HL: `hlc fix` brings them over.
#![allow(clippy::disallowed_methods, reason = "tests look for pages")]

use spec::{built_otherwise, not_brought_over, not_brought_over_whole, pages_in, project, read};

#[test]
fn labs_of_0_1_are_brought_over() {
    let folder = project().join("tests/spec/editions/0.1");
    let mut pages = 0;
    let mut wrong = Vec::new();
    for file in pages_in(&folder) {
        pages += 1;
        wrong.extend(not_brought_over(&read(&file)));
    }
    assert!(pages > 20, "{pages} pages");
    for file in [folder.join("homelab.hl"), project().join("homelab.hl")] {
        let text = std::fs::read_to_string(&file).expect("it is there");
        let left = not_brought_over_whole(&text);
        wrong.extend((!left.is_empty()).then(|| format!("{}\n{}", file.display(), left.join("\n"))));
    }
    assert!(wrong.is_empty(), "\n\n{}\n\n{} labs are not brought over", wrong.join("\n\n"), wrong.len());
}

/// `=` is what the newest edition changes: labs of all pages mean the same in it once they have been brought over.
#[test]
fn labs_that_are_brought_over_are_built_the_same() {
    let mut wrong = Vec::new();
    for folder in
        ["tests/spec/editions", "docs", "compiler/types/src/problems", "compiler/values/src/problems"]
    {
        for file in pages_in(&project().join(folder)) {
            wrong.extend(built_otherwise(&read(&file)));
        }
    }
    assert!(wrong.is_empty(), "{}\n{} labs", wrong.join("\n"), wrong.len());
}
