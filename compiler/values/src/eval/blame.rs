//! Where the user's value caused a problem that shows in a kind, a template or a function.

use std::rc::Rc;
use std::sync::Arc;

use diagnostics::{Problem, Reported};
use source::{Place, Span};
use types::{Core, CoreKind};

use super::bounds::DEPTH;
use super::{Env, Evaluator};

/// Who asked for what is worked out: the call of a function, the use of a template, somebody who takes a lazy field.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// What names mean there.
    env: Env,
    /// Where.
    span: Span,
    /// The values that parameters get, which are the first locals; nothing for a lazy field, whose problems are of
    /// those who ask for it.
    arguments: Option<Arc<[Core]>>,
}

impl Caller {
    /// Of a function or template with these arguments.
    pub(super) fn with(env: &Env, span: Span, arguments: &Arc<[Core]>) -> Rc<Self> {
        Rc::new(Self { env: env.clone(), span, arguments: Some(Arc::clone(arguments)) })
    }

    /// Of a lazy field.
    pub(super) fn of_field(env: &Env, span: Span) -> Rc<Self> {
        Rc::new(Self { env: env.clone(), span, arguments: None })
    }
}

/// Where the user wrote what a problem comes from.
struct Cause {
    place: Place,
    /// Where a kind or template makes a field of it, nearest to the problem.
    through: Option<Place>,
}

/// What an expression looks at.
enum Mention<'c> {
    /// A field of `self`.
    Field(&'c str),
    /// A local, by its position.
    Local(usize),
}

impl Evaluator<'_> {
    /// Reports a problem with `core`: where the user caused it, with a second place where it shows.
    pub(crate) fn complain(
        &mut self,
        core: &Core,
        env: &Env,
        problem: impl FnOnce(Place) -> Problem,
    ) -> Reported {
        let (place, inside) = self.blame(core, env);
        let problem = problem(place);
        self.report(match inside {
            Some(inside) => problem.also(inside, "it comes up here"),
            None => problem,
        })
    }

    /// Notes that an expression came to what its type rules out.
    pub(crate) fn astray(&mut self, core: &Core, env: &Env, what: &str) -> Reported {
        self.fault(env.place(core.span), what)
    }

    /// The place that a problem with `core` belongs to, and the place inside of a kind, template or function where
    /// it showed, if that is another.
    pub(crate) fn blame(&mut self, core: &Core, env: &Env) -> (Place, Option<Place>) {
        let own = env.place(core.span);
        if env.item == self.item {
            return (own, None);
        }
        let is_lazy = env.caller.as_ref().is_some_and(|caller| caller.arguments.is_none());
        let cause = if is_lazy { None } else { self.cause(core, env, 0).map(|cause| cause.place) };
        match cause.or_else(|| self.asker(env)) {
            Some(place) if place != own => (place, Some(own)),
            _ => (own, None),
        }
    }

    /// The place that a problem with the check `condition` of a kind belongs to, and the place inside of a kind or
    /// template where what it asks is set, if the user did not set that himself.
    pub(super) fn blame_checked(&mut self, condition: &Core, env: &Env) -> (Place, Option<Place>) {
        match self.cause(condition, env, 0).filter(|_| env.item != self.item) {
            Some(cause) => (cause.place, cause.through),
            None => (self.blame(condition, env).0, None),
        }
    }

    /// Where the user asked for what is worked out in `env`.
    fn asker(&mut self, env: &Env) -> Option<Place> {
        match (&env.caller, &env.itself) {
            (Some(caller), _) if caller.env.item == self.item => Some(caller.env.place(caller.span)),
            (Some(caller), _) => self.asker(&caller.env),
            (None, Some(itself)) if *itself.item() == self.item => Some(self.head(itself)),
            _ => None,
        }
    }

    /// Where the user wrote what `core` looks at, around any number of kinds, templates and functions.
    fn cause(&mut self, core: &Core, env: &Env, depth: usize) -> Option<Cause> {
        if env.item == self.item {
            return Some(Cause { place: env.place(core.span), through: None });
        }
        if depth >= DEPTH {
            return None;
        }
        mentions(core).into_iter().find_map(|mention| match mention {
            Mention::Field(name) => self.cause_of_field(name, env, depth),
            Mention::Local(at) => {
                let caller = env.caller.as_ref()?;
                let argument = caller.arguments.as_ref()?.get(at)?;
                let is_given = !matches!(argument.kind, CoreKind::Absent);
                is_given.then(|| self.cause(argument, &caller.env, depth + 1))?
            }
        })
    }

    /// Where the user wrote what a field of `self` comes from.
    fn cause_of_field(&mut self, name: &str, env: &Env, depth: usize) -> Option<Cause> {
        let itself = env.itself.clone().filter(|itself| *itself.item() == self.item)?;
        let instance = self.instance(&itself)?;
        let set = instance.layers.iter().rev().find_map(|layer| {
            let set = layer.body.sets.iter().rev().find(|set| set.path[0] == name)?;
            Some((set, &layer.env))
        });
        if let Some((set, env)) = set {
            let cause = self.cause(&set.value, env, depth + 1)?;
            let own = (env.item != self.item).then(|| env.place(set.value.span));
            return Some(Cause { through: own.or(cause.through), ..cause });
        }
        let default = instance.of_kind.core.as_ref()?.fields.get(name)?;
        self.cause(default, &Env::of(&instance.of_kind.item, &itself), depth + 1)
    }
}

/// The fields of `self` and the locals that an expression looks at, as they are written.
fn mentions(core: &Core) -> Vec<Mention<'_>> {
    let mut found = Vec::new();
    core.walk(&mut |core| match &core.kind {
        CoreKind::Field(base, name) if matches!(base.kind, CoreKind::Itself) => {
            found.push((core.span.start, Mention::Field(name.as_str())));
        }
        CoreKind::Local(at) => found.push((core.span.start, Mention::Local(*at))),
        _ => {}
    });
    found.sort_by_key(|(start, _)| *start);
    found.into_iter().map(|(_, mention)| mention).collect()
}
