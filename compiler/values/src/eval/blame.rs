//! Where the user's value caused a problem that shows in a kind, a template or a function.

use source::Place;
use types::{Core, CoreKind};

use super::{Env, Evaluator};

impl Evaluator<'_> {
    /// The place that a problem with `core` belongs to.
    pub(crate) fn blamed(&mut self, core: &Core, env: &Env) -> Place {
        self.blame(core, env).0
    }

    /// The place that a problem with `core` belongs to, and the place inside of a kind, template or function where
    /// it showed, if that is another.
    pub(crate) fn blame(&mut self, core: &Core, env: &Env) -> (Place, Option<Place>) {
        let own = env.place(core.span);
        if env.item == self.item {
            return (own, None);
        }
        let Some(itself) = env.itself.clone() else { return (own, None) };
        if *itself.item() != self.item {
            return (own, None);
        }
        let set = fields_of_self(core).into_iter().map(|name| self.set_place(&itself, name));
        let users: Vec<Place> = set.collect();
        let user = users.into_iter().find(|place| place.item == self.item);
        let place = match user {
            Some(place) => place,
            None => self.instance(&itself).map_or_else(|| own.clone(), |instance| instance.head.clone()),
        };
        (place, Some(own))
    }
}

/// The fields of `self` that an expression looks at, in order.
fn fields_of_self(core: &Core) -> Vec<&str> {
    let mut found = Vec::new();
    walk(core, &mut |core| {
        if let CoreKind::Field(base, name) = &core.kind
            && matches!(base.kind, CoreKind::Itself)
        {
            found.push(name.as_str());
        }
    });
    found
}

/// Calls `each` with an expression and all in it, outer ones first.
pub(crate) fn walk<'a>(core: &'a Core, each: &mut impl FnMut(&'a Core)) {
    each(core);
    match &core.kind {
        CoreKind::Text(all) | CoreKind::List(all) | CoreKind::Call(_, all) | CoreKind::Builtin(_, all) => {
            for inner in all {
                walk(inner, each);
            }
        }
        CoreKind::Item(_, Some(inner))
        | CoreKind::Nested(inner, ..)
        | CoreKind::NestedAll(inner, ..)
        | CoreKind::Field(inner, _)
        | CoreKind::Name(inner)
        | CoreKind::Parent(inner)
        | CoreKind::Get(inner, _)
        | CoreKind::Property(inner, _)
        | CoreKind::Unary(_, inner)
        | CoreKind::Fit(inner, _) => walk(inner, each),
        CoreKind::Index(pair) | CoreKind::Binary(_, pair) | CoreKind::Range(pair) => {
            walk(&pair.0, each);
            walk(&pair.1, each);
        }
        CoreKind::Record(sets) => {
            for set in sets.iter() {
                walk(&set.value, each);
            }
        }
        CoreKind::ListFor(clauses, value) => {
            for clause in clauses {
                walk(&clause.over, each);
            }
            walk(value, each);
        }
        CoreKind::MapFor(clauses, pair) => {
            for clause in clauses {
                walk(&clause.over, each);
            }
            walk(&pair.0, each);
            walk(&pair.1, each);
        }
        CoreKind::If(parts) => {
            walk(&parts.0, each);
            walk(&parts.1, each);
            walk(&parts.2, each);
        }
        CoreKind::Match(value, arms) => {
            walk(value, each);
            for (_, result) in arms {
                walk(result, each);
            }
        }
        _ => {}
    }
}
