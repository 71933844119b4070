//! Sorts of values, and what can be done with values of each: the one table of it, which types and values read.

use std::cmp::Ordering;

use crate::{Fits, Ty, Value};

/// A sort of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// `none`.
    None,
    /// Truth values.
    Bool,
    /// Numbers of no unit.
    Number,
    /// Texts of any form.
    Text,
    /// Secrets, and texts with secrets in them.
    Secret,
    /// Nix expressions.
    Nix,
    /// Addresses.
    Address,
    /// Networks.
    Cidr,
    /// Ranges of addresses.
    Range,
    /// Sizes.
    Size,
    /// Amounts of CPU.
    Cpu,
    /// Durations.
    Duration,
    /// Lists.
    List,
    /// Maps and records.
    Map,
    /// Declarations.
    Declaration,
}

/// What can be done with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ability {
    /// It can stand in a text.
    Shown,
    /// It is before or behind others of its sort.
    Ordered,
    /// It has a length.
    Counted,
    /// Several of its sort can be added up.
    Summed,
}

impl Sort {
    /// All sorts.
    pub const ALL: [Self; 15] = [
        Self::None,
        Self::Bool,
        Self::Number,
        Self::Text,
        Self::Secret,
        Self::Nix,
        Self::Address,
        Self::Cidr,
        Self::Range,
        Self::Size,
        Self::Cpu,
        Self::Duration,
        Self::List,
        Self::Map,
        Self::Declaration,
    ];

    /// Whether that can be done with values of the sort.
    pub fn can(self, ability: Ability) -> bool {
        use Sort::{
            Address, Bool, Cidr, Cpu, Declaration, Duration, List, Map, Nix, None, Number, Range, Secret,
            Size, Text,
        };
        match self {
            None | Nix | Declaration => false,
            Bool | Secret => ability == Ability::Shown,
            Text => ability != Ability::Summed,
            Number | Size | Cpu | Duration => ability != Ability::Counted,
            Address => matches!(ability, Ability::Shown | Ability::Ordered),
            Cidr => ability != Ability::Summed,
            Range => matches!(ability, Ability::Shown | Ability::Counted),
            List | Map => ability == Ability::Counted,
        }
    }
}

impl Value {
    /// Its sort; nothing of what a problem made.
    pub fn sort(&self) -> Option<Sort> {
        Some(match self {
            Self::Error(_) => return None,
            Self::None | Self::Null => Sort::None,
            Self::Bool(_) => Sort::Bool,
            Self::Int(_) | Self::Float(_) => Sort::Number,
            Self::Text(_) => Sort::Text,
            Self::Secret(_) => Sort::Secret,
            Self::Nix(_) => Sort::Nix,
            Self::Address(_) => Sort::Address,
            Self::Cidr(_) => Sort::Cidr,
            Self::Range(_) => Sort::Range,
            Self::Size(_) => Sort::Size,
            Self::Cpu(_) => Sort::Cpu,
            Self::Duration(_) => Sort::Duration,
            Self::List(_) => Sort::List,
            Self::Map(_) => Sort::Map,
            Self::Decl(_) => Sort::Declaration,
        })
    }

    /// Which of two values comes first; nothing where they are of different sorts, or of one without an order.
    pub fn order(&self, other: &Self) -> Option<Ordering> {
        let sort = self.sort().filter(|sort| sort.can(Ability::Ordered))?;
        if other.sort() != Some(sort) {
            return None;
        }
        Some(match (self, other) {
            (Self::Int(a), Self::Int(b)) => a.cmp(b),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (Self::Address(a), Self::Address(b)) => a.cmp(b),
            (Self::Cidr(a), Self::Cidr(b)) => a.cmp(b),
            (Self::Size(a), Self::Size(b)) => a.cmp(b),
            (Self::Cpu(a), Self::Cpu(b)) => a.cmp(b),
            (Self::Duration(a), Self::Duration(b)) => a.cmp(b),
            (a, b) => a.to_float()?.total_cmp(&b.to_float()?),
        })
    }

    /// A number as one with a fraction.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a whole number beside one with a fraction is one with a fraction"
    )]
    pub const fn to_float(&self) -> Option<f64> {
        match self {
            Self::Int(value) => Some(*value as f64),
            Self::Float(value) => Some(value.0),
            _ => None,
        }
    }
}

impl Ty {
    /// The sort that all values of the type are of, if only one is possible.
    pub fn sort(&self) -> Option<Sort> {
        Some(match self {
            Self::None => Sort::None,
            Self::Bool => Sort::Bool,
            Self::Int(..) | Self::Float | Self::Port => Sort::Number,
            Self::Text(_) | Self::Pattern(..) | Self::Literal(_) => Sort::Text,
            Self::Secret(_) => Sort::Secret,
            Self::Nix => Sort::Nix,
            Self::Address => Sort::Address,
            Self::Cidr => Sort::Cidr,
            Self::Range => Sort::Range,
            Self::Size => Sort::Size,
            Self::Cpu => Sort::Cpu,
            Self::Duration => Sort::Duration,
            Self::List(_) => Sort::List,
            Self::Map(_) | Self::Record(_) | Self::Fields(_) => Sort::Map,
            Self::Kind(_) | Self::Declaration | Self::Deployed => Sort::Declaration,
            Self::Union(arms) => {
                let first = arms.first()?.sort()?;
                return arms.iter().all(|arm| arm.sort() == Some(first)).then_some(first);
            }
            Self::Error | Self::Never | Self::Optional(_) | Self::Free(_) => return None,
        })
    }

    /// Whether that can be done with all values of the type; with data, the value tells.
    pub fn can(&self, ability: Ability) -> Fits {
        match self {
            Self::Error | Self::Never => Fits::Yes,
            Self::Free(_) => Fits::Perhaps,
            Self::Optional(_) => Fits::No,
            // What is of several sorts can be shown and counted, but has no order.
            Self::Union(arms)
                if self.sort().is_some() || matches!(ability, Ability::Shown | Ability::Counted) =>
            {
                arms.iter().map(|arm| arm.can(ability)).min().unwrap_or(Fits::No)
            }
            _ => Fits::when(self.sort().is_some_and(|sort| sort.can(ability))),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Ability, Sort};
    use crate::{Fits, Form, INT, STRING, Ty, Value};

    #[test]
    fn values_are_shown_and_have_an_order_where_the_table_says_so() {
        let values = [
            Value::None,
            Value::Bool(true),
            Value::Int(1),
            Value::Float(model::Float(1.5)),
            Value::text("a"),
            Value::Secret(Arc::new(model::SecretText { parts: Vec::new() })),
            Value::Nix("1".into()),
            Value::List(Arc::new([])),
            Value::Map(Arc::default()),
            Value::Size(domain::Size::parse("1GiB").unwrap()),
            Value::Cpu(domain::Cpu::parse("1").unwrap()),
            Value::Duration(domain::Duration::parse("1s").unwrap()),
            Value::Address(domain::Address::parse("10.0.0.1").unwrap()),
            Value::Cidr(domain::Cidr::parse("10.0.0.0/8").unwrap()),
        ];
        for value in values {
            let sort = value.sort().expect("no value of these is an error");
            assert_eq!(value.shown().is_some(), sort.can(Ability::Shown), "{value:?}");
            assert_eq!(value.order(&value).is_some(), sort.can(Ability::Ordered), "{value:?}");
            assert!(Sort::ALL.contains(&sort));
        }
    }

    #[test]
    fn several_sorts_have_no_order() {
        let mixed = Ty::union([STRING, INT]);
        assert_eq!(mixed.can(Ability::Ordered), Fits::No);
        assert_eq!(mixed.can(Ability::Shown), Fits::Yes);
        assert_eq!(Ty::union([STRING, Ty::Text(Form::Path)]).can(Ability::Ordered), Fits::Yes);
        assert_eq!(Ty::optional(INT).can(Ability::Shown), Fits::No);
    }
}
