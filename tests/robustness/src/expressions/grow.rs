//! Expressions grown from others: each joins some that are known to be good by an operator, a function, a member.

use std::collections::BTreeMap;
use std::rc::Rc;

use syntax::ast::BinaryOp;
use types::{BUILTINS, Ty};

use super::kinds_of_types::sort;
use super::scope::{Function, Scope};
use super::tree::Tree;
use crate::Random;

/// The operators between two values, and how they are written.
pub(super) const OPERATORS: &[(BinaryOp, &str)] = &[
    (BinaryOp::Otherwise, "$0 ?? $1"),
    (BinaryOp::Or, "$0 or $1"),
    (BinaryOp::And, "$0 and $1"),
    (BinaryOp::Equal, "$0 == $1"),
    (BinaryOp::NotEqual, "$0 != $1"),
    (BinaryOp::Less, "$0 < $1"),
    (BinaryOp::LessEqual, "$0 <= $1"),
    (BinaryOp::Greater, "$0 > $1"),
    (BinaryOp::GreaterEqual, "$0 >= $1"),
    (BinaryOp::In, "$0 in $1"),
    (BinaryOp::Contains, "$0 contains $1"),
    (BinaryOp::Add, "$0 + $1"),
    (BinaryOp::Subtract, "$0 - $1"),
    (BinaryOp::Multiply, "$0 * $1"),
    (BinaryOp::Divide, "$0 / $1"),
    (BinaryOp::Remainder, "$0 % $1"),
];

/// Where an operator stands among [`OPERATORS`]: one that is missing there does not compile here.
#[cfg(test)]
pub(super) fn position(op: BinaryOp) -> usize {
    match op {
        BinaryOp::Otherwise => 0,
        BinaryOp::Or => 1,
        BinaryOp::And => 2,
        BinaryOp::Equal => 3,
        BinaryOp::NotEqual => 4,
        BinaryOp::Less => 5,
        BinaryOp::LessEqual => 6,
        BinaryOp::Greater => 7,
        BinaryOp::GreaterEqual => 8,
        BinaryOp::In => 9,
        BinaryOp::Contains => 10,
        BinaryOp::Add => 11,
        BinaryOp::Subtract => 12,
        BinaryOp::Multiply => 13,
        BinaryOp::Divide => 14,
        BinaryOp::Remainder => 15,
    }
}

/// The other ways to put values together, by what each place mostly takes: a sort, the sort of the place before (`=`),
/// or anything (`*`).
pub(super) const FORMS: &[(&str, &[&str])] = &[
    ("not $0", &["bool"]),
    ("-$0", &["int"]),
    ("$0 .. $1", &["address", "address"]),
    ("if $0 then $1 else $2", &["bool", "*", "="]),
    ("match $0 { #1 => #2, _ => #3 }", &["*", "=", "*", "="]),
    ("match $0 { true => #1, false => #2 }", &["bool", "*", "="]),
    ("match $0 { none => #1, _ => #2 }", &["optional", "*", "="]),
    ("if $0 != none then $0 else $1", &["optional", "*"]),
    ("if $0 == none then $1 else $0", &["optional", "*"]),
    ("$0[#1]", &["list", "int"]),
    ("$0[#1]", &["map", "string"]),
    ("[#0]", &["*"]),
    ("[#0, #1]", &["*", "="]),
    ("{ a = #0 }", &["*"]),
    ("{ a = #0, b = #1 }", &["*", "*"]),
    ("{ a { b = #0 }, a.c = #1 }", &["*", "*"]),
    ("\"${#0}\"", &["*"]),
    ("\"a ${#0} b ${#1}\"", &["*", "*"]),
    ("[for x in $0 => x]", &["list"]),
    ("[for i, x in $0 => \"${i} ${x}\"]", &["list"]),
    ("[for i, x in $0 if i > 0 => x]", &["list"]),
    ("[for k, v in $0 => k]", &["map"]),
    ("[for k, v in $0 => v]", &["map"]),
    ("[for x in $0 => #1]", &["list", "*"]),
    ("[for x in $0 => x == #1]", &["list", "*"]),
    ("[for x in $0 if $1 => { a = x }]", &["list", "bool"]),
    ("[for x in $0 => for y in $1 => [x, y]]", &["list", "list"]),
    ("{ for k, v in $0 => k: v }", &["map"]),
    ("{ for i, x in $0 => \"k${i}\": x }", &["list"]),
    ("{ for x in $0 => x: #1 }", &["list", "*"]),
];

/// Expressions without problems, by the sort of their type.
#[derive(Default)]
pub struct Pool {
    known: BTreeMap<&'static str, Vec<Good>>,
}

/// An expression without problems.
#[derive(Clone, Debug)]
pub struct Good {
    /// The expression.
    pub tree: Rc<Tree>,
    /// Its type.
    pub ty: Ty,
}

/// So many of one sort are kept at most.
const MOST_OF_A_SORT: usize = 150;

impl Pool {
    /// Keeps an expression, for others to grow from.
    pub fn keep(&mut self, good: Good, random: &mut Random) {
        let of_sort = self.known.entry(sort(&good.ty)).or_default();
        if of_sort.len() < MOST_OF_A_SORT {
            of_sort.push(good);
        } else {
            let at = random.below(of_sort.len());
            of_sort[at] = good;
        }
    }

    /// Any: all sorts come up as often as each other.
    fn any(&self, random: &mut Random) -> Option<&Good> {
        let nth = random.below(self.known.len());
        random.one(self.known.values().nth(nth)?)
    }

    /// One of a sort, mostly.
    fn mostly(&self, sort: &str, random: &mut Random) -> Option<&Good> {
        let of_sort = self.known.get(sort).filter(|all| !all.is_empty());
        match of_sort.filter(|_| random.below(5) > 0) {
            Some(of_sort) => random.one(of_sort),
            None => self.any(random),
        }
    }
}

/// What expressions grow by.
pub struct Growth<'s> {
    scope: &'s Scope,
    functions: Vec<Function>,
}

impl<'s> Growth<'s> {
    /// In a lab.
    pub fn new(scope: &'s Scope) -> Self {
        Self { scope, functions: scope.functions() }
    }

    /// A new expression, which may have problems.
    pub fn grown(&self, pool: &Pool, random: &mut Random) -> Option<Tree> {
        match random.below(10) {
            0..=2 => {
                let (_, pattern) = random.one(OPERATORS)?;
                let first = pool.any(random)?;
                let second = pool.mostly(sort(first.ty.required().0), random)?;
                let parts = [first.tree.clone(), second.tree.clone()];
                let parts = if random.below(4) == 0 { parts } else { [parts[1].clone(), parts[0].clone()] };
                Some(Tree::of(*pattern, parts))
            }
            3..=5 => {
                let (pattern, wanted) = random.one(FORMS)?;
                let mut parts: Vec<&Good> = Vec::new();
                for sort_wanted in *wanted {
                    parts.push(match (*sort_wanted, parts.last()) {
                        ("*", _) | (_, None) if *sort_wanted == "*" => pool.any(random)?,
                        ("=", Some(last)) => pool.mostly(sort(&last.ty), random)?,
                        (wanted, _) => pool.mostly(wanted, random)?,
                    });
                }
                Some(Tree::of(*pattern, parts.into_iter().map(|good| good.tree.clone())))
            }
            6 | 7 => {
                let of = pool.any(random)?;
                let members = self.scope.members(&of.ty);
                let member = random.one(&members)?;
                let sign = if random.below(6) == 0 { "?." } else { "." };
                Some(Tree::of(format!("$0{sign}{member}"), [of.tree.clone()]))
            }
            _ => self.call(pool, random),
        }
    }

    fn call(&self, pool: &Pool, random: &mut Random) -> Option<Tree> {
        // The language's own come first, and up as often as all others.
        let function = match random.below(2) {
            0 => random.one(&self.functions[..BUILTINS.len()])?,
            _ => random.one(&self.functions)?,
        };
        let mut parts = Vec::new();
        let mut written = Vec::new();
        let mut first = None;
        for (name, ty, optional) in &function.parameters {
            if *optional && random.below(2) == 0 {
                continue;
            }
            let part = match ty {
                Some(ty) => pool.mostly(sort(ty.required().0), random)?,
                // What goes through two lists wants them of one length.
                None if first.is_some() && random.below(2) == 0 => first?,
                // Most functions that look for themselves look for a list.
                None if random.below(2) == 0 => pool.mostly("list", random)?,
                None => pool.any(random)?,
            };
            first = first.or(Some(part));
            let is_named = !name.is_empty() && (random.below(3) == 0 || written.len() < parts.len());
            let place = format!("#{}", parts.len());
            written.push(if is_named { format!("{name} = {place}") } else { place });
            parts.push(part.tree.clone());
        }
        Some(Tree::of(format!("{}({})", function.name, written.join(", ")), parts))
    }
}
