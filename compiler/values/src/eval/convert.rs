//! Making a value fit a type, where declarations and elements must be looked at.

use std::sync::Arc;

use diagnostics::Reported;
use domain::Invalid;
use types::problems::invalid_value::invalid_result;
use types::{Core, DeclRef, Field, Ty, Value, Want, fit_value, is_secret_kind};

use super::{Env, Evaluator, kind_of, name_of};

/// Why a value cannot stand where a type is expected.
pub(crate) enum Unfit {
    /// It is another sort of value, or not of the form; nobody has said so yet.
    Invalid(Invalid),
    /// What it stands for has a problem.
    Failed(Reported),
}

impl From<Invalid> for Unfit {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(invalid)
    }
}

impl From<Reported> for Unfit {
    fn from(reported: Reported) -> Self {
        Self::Failed(reported)
    }
}

impl Evaluator<'_> {
    /// `value` as a `ty`, or a problem where the value came from.
    pub(super) fn converted(
        &mut self,
        value: Value,
        want: &Want,
        core: &Core,
        env: &Env,
    ) -> Result<Value, Reported> {
        match self.conversion(value, &want.ty) {
            Ok(value) => Ok(value),
            Err(Unfit::Failed(reported)) => Err(reported),
            Err(Unfit::Invalid(invalid)) => {
                let (place, inside) = self.blame(core, env);
                let problem = invalid_result(place, &invalid, None);
                let inside = inside.map(|inside| (inside, "it comes up here".to_owned()));
                let also = inside.into_iter().chain(want.required());
                let problem = also.fold(problem, |problem, (place, message)| problem.also(place, message));
                Err(self.report(problem))
            }
        }
    }

    fn conversion(&mut self, value: Value, ty: &Ty) -> Result<Value, Unfit> {
        match value {
            Value::Error(reported) => Ok(Value::Error(reported)),
            Value::Decl(decl) => self.stands_for(decl, ty),
            Value::List(list) => {
                let Some(element) = element_of(ty, |arm| matches!(arm, Ty::List(_) | Ty::Free(_))) else {
                    return Ok(fit_value(Value::List(list), ty)?);
                };
                let convert = |field: &Field| {
                    let value = self.conversion(field.value.clone(), &element)?;
                    Ok(Field { value, place: field.place.clone() })
                };
                Ok(Value::List(list.iter().map(convert).collect::<Result<_, Unfit>>()?))
            }
            Value::Map(map) => {
                let element = element_of(ty, |arm| matches!(arm, Ty::Map(_) | Ty::Free(_)));
                let record = ty.arms().iter().find_map(|arm| match arm.required().0 {
                    Ty::Record(name) => types::shape(self.db, name).map(|(shape, _)| shape),
                    _ => None,
                });
                if element.is_none() && record.is_none() {
                    return Ok(fit_value(Value::Map(map), ty)?);
                }
                let mut converted = std::collections::BTreeMap::new();
                for (key, field) in map.iter() {
                    let of_field = || Some(&record?.field(key)?.ty);
                    let value = match element.as_ref().or_else(of_field) {
                        Some(ty) => self.conversion(field.value.clone(), ty)?,
                        None => field.value.clone(),
                    };
                    converted.insert(key.clone(), Field { value, place: field.place.clone() });
                }
                Ok(Value::Map(Arc::new(converted)))
            }
            value => Ok(fit_value(value, ty)?),
        }
    }

    /// A declaration where `ty` is expected: itself, the secret that it is, or the value that it stands for.
    fn stands_for(&mut self, decl: DeclRef, ty: &Ty) -> Result<Value, Unfit> {
        let kind = kind_of(&decl).to_owned();
        let arms = ty.arms();
        let is_meant = |arm: &Ty| match arm {
            Ty::Declaration => true,
            Ty::Deployed => types::is_deployed(self.db, &kind),
            Ty::Kind(wanted) => *wanted == kind,
            _ => false,
        };
        if arms.iter().any(is_meant) {
            return Ok(Value::Decl(decl));
        }
        if is_secret_kind(&kind)
            && let Some(secret) = self.secret_as(&decl, ty)
        {
            return secret;
        }
        if let Some(value) = self.primary(&decl) {
            self.conversion(value, ty)
        } else {
            let message = format!("{} is expected here, and '{}' is none", ty.described(), name_of(&decl));
            Err(Invalid::new(message).into())
        }
    }

    /// The value that a declaration stands for; `None` if its kind has no such field.
    pub(super) fn primary(&mut self, decl: &DeclRef) -> Option<Value> {
        let field = types::shape(self.db, kind_of(decl)).and_then(|(shape, _)| shape.primary())?;
        Some(self.field(decl, &field.name).value)
    }
}

/// The element type of the arm of `ty` that `is` picks.
fn element_of(ty: &Ty, is: impl Fn(&Ty) -> bool) -> Option<Ty> {
    let arm = ty.arms().iter().map(|arm| arm.required().0).find(|arm| is(arm))?;
    Some(match arm {
        Ty::List(element) | Ty::Map(element) => (**element).clone(),
        free => free.clone(),
    })
}
