//! Where the user's value caused a problem that shows in a kind, a template or a function.

use diagnostics::Problem;
use source::Place;
use types::{Core, CoreKind};

use super::bounds::DEPTH;
use super::{Env, Evaluator};

impl Evaluator<'_> {
    /// Reports a problem with `core`: where the user caused it, with a second place where it shows.
    pub(crate) fn complain(&mut self, core: &Core, env: &Env, problem: impl FnOnce(Place) -> Problem) {
        let (place, inside) = self.blame(core, env);
        let problem = problem(place);
        self.report(match inside {
            Some(inside) => problem.also(inside, "it shows here"),
            None => problem,
        });
    }

    /// The place that a problem with `core` belongs to, and the place inside of a kind, template or function where
    /// it showed, if that is another.
    pub(crate) fn blame(&mut self, core: &Core, env: &Env) -> (Place, Option<Place>) {
        let own = env.place(core.span);
        if env.item == self.item {
            return (own, None);
        }
        let cause = match (&env.caller, &env.itself) {
            (Some(caller), _) => Some(caller.clone()),
            (None, Some(itself)) if *itself.item() == self.item => {
                let cause = self.cause(core, env, 0);
                Some(cause.unwrap_or_else(|| self.head(itself)))
            }
            _ => None,
        };
        match cause {
            Some(place) if place != own => (place, Some(own)),
            _ => (own, None),
        }
    }

    /// Where the user set what `core` looks at, around any number of kinds.
    fn cause(&mut self, core: &Core, env: &Env, depth: usize) -> Option<Place> {
        let itself = env.itself.clone().filter(|itself| *itself.item() == self.item && depth < DEPTH)?;
        let instance = self.instance(&itself)?;
        fields_of_self(core).into_iter().find_map(|name| {
            let set = instance.layers.iter().rev().find_map(|layer| {
                let set = layer.body.sets.iter().rev().find(|set| set.path[0] == name)?;
                Some((set, &layer.env))
            });
            match set {
                Some((set, env)) if env.item == self.item => Some(env.place(set.span)),
                Some((set, env)) => self.cause(&set.value, env, depth + 1),
                None => {
                    let default = instance.of_kind.core.as_ref()?.fields.get(name)?;
                    self.cause(default, &Env::of(&instance.of_kind.item, &itself), depth + 1)
                }
            }
        })
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
