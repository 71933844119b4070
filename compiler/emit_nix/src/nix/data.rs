//! Free-form data as Nix.

use model::Data;

use super::expr::{Entry, Expr, Set};
use super::{AttrPath, list, raw};

impl From<&Data> for Expr {
    fn from(data: &Data) -> Self {
        match data {
            Data::Null => Self::Null,
            Data::Bool(value) => Self::Bool(*value),
            Data::Int(value) => Self::Int(*value),
            Data::Float(value) => Self::Float(value.0),
            Data::Text(value) => Self::Lines(value.clone()),
            // The language refuses a secret here; should one come through, Nix refuses it too.
            Data::Secret(_) => raw("throw \"a secret cannot stand in a Nix file\""),
            Data::Nix(nix) => raw(closed(nix)),
            Data::List(items) => list(items.iter().map(Self::from)),
            Data::Map(entries) => Self::Set(Set(entries
                .iter()
                .map(|(name, value)| Entry::Bind(AttrPath::default().key(name), value.into()))
                .collect())),
        }
    }
}

/// `nix` so that neither a comment nor a semicolon in it ends what it stands in.
fn closed(nix: &str) -> String {
    let nix = nix.trim();
    if nix.contains('#') {
        format!("(\n{nix}\n)")
    } else if nix.contains(';') && !is_with(nix) {
        format!("({nix})")
    } else {
        nix.to_owned()
    }
}

/// Whether it is `with scope; …` with nothing to mistake in it.
fn is_with(nix: &str) -> bool {
    nix.strip_prefix("with ")
        .is_some_and(|rest| rest.matches(';').count() == 1 && !rest.contains(['"', '\'', '{', '}']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_cannot_leave_its_place() {
        assert_eq!(closed("lib.mkForce 5"), "lib.mkForce 5");
        assert_eq!(closed("with pkgs; [ git ]"), "with pkgs; [ git ]");
        assert_eq!(closed("1; b = 2"), "(1; b = 2)");
        assert_eq!(closed("1 # one"), "(\n1 # one\n)");
    }
}
