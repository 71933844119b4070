//! The tree-sitter grammar reads whatever a lab may be.

use harness::tree_sitter::Grammar;

use crate::whole::labs;

#[test]
fn every_lab_is_read() {
    let texts: Vec<String> = labs().iter().map(|grown| grown.text.clone()).collect();
    let unread = Grammar::new().unread(&texts);
    assert!(unread.is_empty(), "{} of {} labs, as:\n{}", unread.len(), texts.len(), unread[0].0);
}
