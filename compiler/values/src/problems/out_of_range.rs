//! `out-of-range`: a calculation whose result does not exist.

use diagnostics::{Problem, declare_rule};
use source::Place;
use types::{BinaryOp, Value};

declare_rule! { pub OUT_OF_RANGE, "out-of-range", error, since "0.1", "a calculation whose result does not exist", page "out_of_range.md" }

/// How large numbers are.
const MOST: &str = "whole numbers have up to 18 digits";

/// The result of a calculation does not exist.
pub fn out_of_range(place: Place, op: BinaryOp, left: &Value, right: &Value) -> Problem {
    let shown = |value: &Value| value.shown().unwrap_or_else(|| "…".to_owned());
    let sign = match op {
        BinaryOp::Add => '+',
        BinaryOp::Subtract => '-',
        BinaryOp::Multiply => '*',
        BinaryOp::Remainder => '%',
        _ => '/',
    };
    let (why, help) = match (left, right) {
        (Value::Address(_), Value::Address(_)) => {
            ("is not a number: one is of IPv4, the other of IPv6", "compare addresses of one sort only")
        }
        (Value::Address(_), _) => {
            ("leaves the addresses that there are", "choose a number that stays inside of the network")
        }
        (Value::Size(_) | Value::Cpu(_) | Value::Duration(_), _) if op == BinaryOp::Subtract => {
            ("is less than nothing", "what is taken away must not be more than there is")
        }
        _ => ("is too large or too small", MOST),
    };
    Problem::new(&OUT_OF_RANGE, place, format!("{} {sign} {} {why}", shown(left), shown(right))).help(help)
}

/// There are more addresses than a number can say.
pub fn too_many_to_count(place: Place) -> Problem {
    Problem::new(&OUT_OF_RANGE, place, "there are more addresses here than a number can say")
        .help(format!("{MOST}: compare prefixes instead, such as 'lan.cidr.prefix <= 64'"))
}

/// A number with a fraction is too large to be rounded to a whole one.
pub fn no_whole_number(place: Place) -> Problem {
    Problem::new(&OUT_OF_RANGE, place, "this is too large or too small for a whole number").help(MOST)
}

/// A sum is too large.
pub fn sum_out_of_range(place: Place) -> Problem {
    Problem::new(&OUT_OF_RANGE, place, "the sum of these is too large or too small").help(MOST)
}

/// A division by zero.
pub fn division_by_zero(place: Place) -> Problem {
    Problem::new(&OUT_OF_RANGE, place, "this divides by zero")
        .help("ask first: 'if number != 0 then … else …'")
}
