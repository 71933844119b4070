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
    core.walk(&mut |core| {
        if let CoreKind::Field(base, name) = &core.kind
            && matches!(base.kind, CoreKind::Itself)
        {
            found.push(name.as_str());
        }
    });
    found
}
