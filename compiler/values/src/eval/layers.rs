//! Layers: how what a block sets is put on what is below it.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use diagnostics::Reported;
use smol_str::SmolStr;
use types::problems::duplicate_field::duplicate_field;
use types::{Field, Hatch, How, Seen, SetCore, Ty, Value, entries};

use super::{Env, Evaluator, Instance, Said};
use crate::problems::joined_by_equals::joined_by_equals;

impl<'db> Evaluator<'db> {
    /// What the layers of a declaration set field `name` to, on top of `base`.
    pub(super) fn apply_layers(
        &mut self,
        instance: &Rc<Instance<'db>>,
        name: &SmolStr,
        base: Option<Field>,
    ) -> Option<Field> {
        let mut found = base;
        let is_of_nixos =
            instance.of_kind.shape.field(name).is_some_and(|field| field.ty == Ty::Free(Hatch::Nixos));
        for (at, layer) in instance.layers.iter().enumerate() {
            let mut block = Block::of(&layer.body.sets);
            for set in layer.body.sets.iter().filter(|set| set.path[0] == *name) {
                let (path, new) = self.set(set, &layer.env, &mut block);
                if is_of_nixos {
                    let said = Said { layer: at, path: Arc::clone(&path), value: new.value.clone() };
                    instance.said.borrow_mut().push(said);
                }
                if set.how == How::Join {
                    self.look_at_join(found.as_ref(), &path[1..], &new, (set, &layer.env));
                }
                found = Some(put(found, &path[1..], new, set.how));
            }
        }
        found
    }

    /// A record, of which the rest is wanted where a field fails.
    pub(super) fn written_record(&mut self, sets: &[SetCore], empty: Field, env: &Env) -> Value {
        let mut block = Block::of(sets);
        let all = sets.iter().fold(empty, |record, set| {
            let (path, new) = self.set(set, env, &mut block);
            put(Some(record), &path, new, set.how)
        });
        all.value
    }

    /// The path that a block sets, and to what. Of one with a key that fails, that what it stands in fails.
    fn set(&mut self, set: &SetCore, env: &Env, block: &mut Block) -> (Arc<[SmolStr]>, Field) {
        let place = env.place(set.value.span);
        match self.path_of(set, env, block) {
            Ok(path) => {
                let value = self.eval(&set.value, env);
                (path, Field { value, place })
            }
            Err((path, reported)) => (path, Field { value: Value::Error(reported), place }),
        }
    }

    /// The path that a set leads to, with what its keys come to.
    pub(crate) fn path_of(
        &mut self,
        set: &SetCore,
        env: &Env,
        block: &mut Block,
    ) -> Result<Arc<[SmolStr]>, Lost> {
        let mut path = Arc::clone(&set.path);
        if !set.keys.is_empty() {
            let mut computed = path.to_vec();
            for (at, key) in &set.keys {
                match self.shown(key, env) {
                    Ok(text) => computed[*at] = text.into(),
                    Err(reported) => return Err((computed[..*at].into(), reported)),
                }
            }
            path = computed.into();
        }
        if !block.is_computed || set.how == How::Append {
            return Ok(path);
        }
        match block.seen.insert(path.to_vec(), set.span) {
            Some(first) => {
                let (last, first) = (path.last().cloned().unwrap_or_default(), env.place(first));
                let reported = self.report(duplicate_field(env.place(set.span), &last, first, false));
                Err((path, reported))
            }
            None => Ok(path),
        }
    }

    /// Says where `=` joins, in edition 0.1.
    fn look_at_join(
        &mut self,
        below: Option<&Field>,
        path: &[SmolStr],
        new: &Field,
        (set, env): (&SetCore, &Env),
    ) {
        let mut below = below;
        for segment in path {
            let Some(Field { value: Value::Map(map), .. }) = below else { return };
            below = map.get(segment);
        }
        let (Some(Field { value: Value::Map(below), .. }), Value::Map(more)) = (below, &new.value) else {
            return;
        };
        if let Some((_, stays)) = entries(below).next().filter(|_| entries(more).next().is_some()) {
            let name = set.path.join(".");
            let gap = env.place(source::Span::new(set.span.end, set.value.span.start));
            let problem = joined_by_equals(env.place(set.span), &name, gap, stays.place.clone());
            if !self.problems.contains(&problem) {
                self.problems.push(problem);
            }
        }
    }
}

/// A path of which a key failed, up to there.
type Lost = (Arc<[SmolStr]>, Reported);

/// A block of which some keys may be computed: only then it is not known before which paths are set twice.
#[derive(Default)]
pub(crate) struct Block {
    is_computed: bool,
    seen: Seen,
}

impl Block {
    fn of(sets: &[SetCore]) -> Self {
        Self { is_computed: sets.iter().any(|set| !set.keys.is_empty()), seen: Seen::default() }
    }
}

/// Sets `path` in `old` to `new`, as `how` says. The one way in which layers are put on each other: of fields, records,
/// and the blocks for NixOS, charts and objects.
pub(crate) fn put(old: Option<Field>, path: &[SmolStr], new: Field, how: How) -> Field {
    let Some((first, rest)) = path.split_first() else {
        return match old {
            Some(old) => joined(old, new, how),
            None => new,
        };
    };
    let (mut map, place) = match old {
        Some(old @ Field { value: Value::Error(_), .. }) => return old,
        Some(Field { value: Value::Map(map), place }) => (Arc::unwrap_or_clone(map), place),
        _ => (BTreeMap::new(), new.place.clone()),
    };
    let inner = map.remove(first);
    map.insert(first.clone(), put(inner, rest, new, how));
    Field { value: Value::Map(Arc::new(map)), place }
}

/// `new` on top of `old`.
pub(crate) fn joined(old: Field, new: Field, how: How) -> Field {
    match (old.value, new.value) {
        (_, value) if how == How::Replace => Field { value, place: new.place },
        (Value::Map(old), Value::Map(more)) => {
            let mut map = Arc::unwrap_or_clone(old);
            for (key, field) in more.iter() {
                let under = map.remove(key);
                map.insert(key.clone(), put(under, &[], field.clone(), How::Join));
            }
            Field { value: Value::Map(Arc::new(map)), place: new.place }
        }
        (Value::List(old), Value::List(more)) if how == How::Append => {
            Field { value: Value::List(old.iter().chain(more.iter()).cloned().collect()), place: new.place }
        }
        (_, value) => Field { value, place: new.place },
    }
}
