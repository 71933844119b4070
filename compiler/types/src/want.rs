//! What is expected of an expression, and where that is said.

use std::sync::Arc;

use smol_str::SmolStr;
use source::{ItemKey, Place, Span};

use crate::{Parameter, Shape, Signature, Ty};

/// What is expected, and where that is said.
#[derive(Clone, Debug, PartialEq)]
pub struct Want {
    /// The type.
    pub ty: Ty,
    /// Where it is required, and by what.
    pub why: Option<Why>,
}

/// What requires a type. Put into words only where a value does not fit, which few do.
#[derive(Clone, Debug, PartialEq)]
pub enum Why {
    /// A field, by its position, of a shape that an item declares.
    Field(Arc<Shape>, ItemKey, usize),
    /// The same, whose own default must fit.
    Default(Arc<Shape>, ItemKey, usize),
    /// A kind that takes fields of any name.
    Open(Arc<Shape>, ItemKey),
    /// A parameter of the function or template that an item declares, and what that is called.
    Parameter(ItemKey, SmolStr, Arc<Parameter>),
    /// The result of the function that an item declares, whose name stands at a place in it, and its type.
    Result(ItemKey, SmolStr, Span, Ty),
}

impl Want {
    /// A type that nothing in particular requires.
    pub fn of(ty: Ty) -> Self {
        Self { ty, why: None }
    }

    /// What a field of `shape`, which `item` declares, may be set to.
    pub fn field(shape: &Arc<Shape>, item: &ItemKey, field: usize) -> Self {
        let why = Why::Field(Arc::clone(shape), item.clone(), field);
        Self { ty: shape.fields[field].ty.clone(), why: Some(why) }
    }

    /// As [`Want::field`], of the field's default.
    pub fn default(shape: &Arc<Shape>, item: &ItemKey, field: usize) -> Self {
        let why = Why::Default(Arc::clone(shape), item.clone(), field);
        Self { ty: shape.fields[field].ty.clone(), why: Some(why) }
    }

    /// What a parameter of the function or template `name`, which `item` declares, may be given.
    pub fn parameter(item: &ItemKey, name: &str, parameter: &Parameter) -> Self {
        let why = Why::Parameter(item.clone(), name.into(), Arc::new(parameter.clone()));
        Self { ty: parameter.ty.clone(), why: Some(why) }
    }

    /// What the function that `item` declares must give; `what` is how that is called.
    pub fn result(item: &ItemKey, what: &str, signature: &Signature) -> Self {
        let why = Why::Result(item.clone(), what.into(), signature.span, signature.result.clone());
        Self { ty: signature.result.clone(), why: Some(why) }
    }

    /// Where the type is required, and by what.
    pub fn required(&self) -> Option<(Place, String)> {
        self.why.as_ref().map(Why::said)
    }

    /// Whether only what is declared around is meant: a port of this app.
    pub fn is_own(&self) -> bool {
        match &self.why {
            Some(Why::Field(shape, _, field) | Why::Default(shape, _, field)) => shape.fields[*field].own,
            _ => false,
        }
    }

    /// Another type, required by the same.
    #[must_use]
    pub fn inner(&self, ty: Ty) -> Self {
        Self { ty, why: self.why.clone() }
    }
}

impl Why {
    /// Where it stands, and what it says.
    fn said(&self) -> (Place, String) {
        match self {
            Self::Field(shape, item, at) => {
                let field = &shape.fields[*at];
                let ty = field.ty.required().0;
                let message = if field.place {
                    format!("{} is in {ty}", shape.described())
                } else {
                    format!("'{}' of {} is {ty}", field.name, shape.described())
                };
                (Place::new(item, field.span), message)
            }
            Self::Default(shape, item, at) => {
                let field = &shape.fields[*at];
                (Place::new(item, field.span), format!("'{}' is {}", field.name, field.ty.required().0))
            }
            Self::Open(shape, item) => {
                (Place::new(item, shape.span), format!("{} takes plain data", shape.described()))
            }
            Self::Parameter(item, name, parameter) => {
                let ty = parameter.ty.required().0;
                (Place::new(item, parameter.span), format!("'{}' of '{name}' is {ty}", parameter.name))
            }
            Self::Result(item, what, span, ty) => {
                (Place::new(item, *span), format!("{what} is {}", ty.required().0))
            }
        }
    }
}
