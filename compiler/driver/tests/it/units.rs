//! Arithmetic of all units: every operator, between every two of a table of values, against another calculation.

use driver::Session;

/// What a value measures, and how much it is in its smallest unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    Int,
    Size,
    Cpu,
    Duration,
}

use Sort::{Cpu, Duration, Int, Size};

type Amount = (Sort, i128);

/// Values as they are written: the least, those that do not divide each other, and the largest.
const VALUES: &[(&str, Amount)] = &[
    ("0", (Int, 0)),
    ("1", (Int, 1)),
    ("7", (Int, 7)),
    ("-3", (Int, -3)),
    ("9223372036854775807", (Int, i64::MAX as i128)),
    ("0B", (Size, 0)),
    ("7MiB", (Size, 7 << 20)),
    ("1GiB", (Size, 1 << 30)),
    ("16383PiB", (Size, 16383 << 50)),
    ("millis(0)", (Cpu, 0)),
    ("millis(7)", (Cpu, 7)),
    ("millis(1500)", (Cpu, 1500)),
    ("0s", (Duration, 0)),
    ("7s", (Duration, 7000)),
    ("1h", (Duration, 3_600_000)),
    ("1500ms", (Duration, 1500)),
    ("30500000000w", (Duration, 30_500_000_000 * 604_800_000)),
];

const OPERATORS: &[&str] = &["+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">="];

/// Only where it is expected is a number an amount of CPU, so a function says that it is.
const LAB: &str = "fn millis(count: int) -> cpu = count * 1m\n";

/// What comes of it; nothing where that is an error.
#[derive(Debug, PartialEq, Eq)]
enum Comes {
    To(Amount),
    Bool(bool),
    Refused,
}

/// As the language says: amounts of one sort are added, subtracted, divided and compared, and one of them is taken so many
/// times or divided by a number. A number beside an amount of CPU is one of whole cores.
fn expected(op: &str, a: Amount, b: Amount) -> Comes {
    let cores = |one: Amount, other: Amount| {
        if one.0 == Int && other.0 == Cpu { (Cpu, one.1 * 1000) } else { one }
    };
    let compared = |told: bool, (a, b): (Amount, Amount)| {
        if a.0 == b.0 && fits(a) && fits(b) { Comes::Bool(told) } else { Comes::Refused }
    };
    let both = (cores(a, b), cores(b, a));
    match op {
        "==" => compared(both.0.1 == both.1.1, both),
        "!=" => compared(both.0.1 != both.1.1, both),
        "<" => compared(both.0.1 < both.1.1, both),
        "<=" => compared(both.0.1 <= both.1.1, both),
        ">" => compared(both.0.1 > both.1.1, both),
        ">=" => compared(both.0.1 >= both.1.1, both),
        _ => calculated(op, a, b).filter(|amount| fits(*amount)).map_or(Comes::Refused, Comes::To),
    }
}

fn calculated(op: &str, a: Amount, b: Amount) -> Option<Amount> {
    let number = match (op, a.0, b.0) {
        ("+", ..) => a.1 + b.1,
        ("-", ..) => a.1 - b.1,
        ("*", ..) => a.1.checked_mul(b.1)?,
        ("/", ..) => a.1.checked_div(b.1)?,
        _ => a.1.checked_rem(b.1)?,
    };
    let sort = match (op, a.0, b.0) {
        ("/", one, other) if one == other => Int,
        ("+" | "-" | "%", one, other) if one == other => one,
        ("*", Int, Int) => Int,
        ("*" | "/", unit, Int) | ("*", Int, unit) => unit,
        ("+" | "-", Cpu, Int) => {
            let cores = if op == "+" { b.1 } else { -b.1 };
            return (b.1 >= 0).then_some((Cpu, a.1 + cores * 1000));
        }
        // Whole cores and thousandths of one, in either order.
        ("+" | "-", Int, Cpu) => {
            let millis = if op == "+" { b.1 } else { -b.1 };
            return (a.1 >= 0).then_some((Cpu, a.1 * 1000 + millis));
        }
        _ => return None,
    };
    // Nothing is taken less than no times, or divided into less than no parts.
    let is_count = sort == Int || (a.0 != Int || a.1 >= 0) && (b.0 != Int || b.1 >= 0);
    is_count.then_some((sort, number))
}

fn fits((sort, amount): Amount) -> bool {
    if sort == Int { i64::try_from(amount).is_ok() } else { u64::try_from(amount).is_ok() }
}

fn found(session: &Session, expression: &str) -> Comes {
    use types::Value;
    match session.eval(expression) {
        Ok(Value::Int(number)) => Comes::To((Int, number.into())),
        Ok(Value::Size(size)) => Comes::To((Size, size.bytes().into())),
        Ok(Value::Cpu(cpu)) => Comes::To((Cpu, cpu.millis().into())),
        Ok(Value::Duration(time)) => Comes::To((Duration, time.milliseconds().into())),
        Ok(Value::Bool(told)) => Comes::Bool(told),
        Ok(other) => panic!("{expression}: {other:?}"),
        Err(problems) => {
            assert!(!problems.is_empty(), "{expression}");
            Comes::Refused
        }
    }
}

#[test]
fn every_operator_with_every_unit() {
    let session = Session::open(vec![("homelab.hl".into(), LAB.into())]);
    let mut wrong = Vec::new();
    for op in OPERATORS {
        for (a, one) in VALUES {
            for (b, other) in VALUES {
                let expression = format!("({a}) {op} ({b})");
                let (found, expected) = (found(&session, &expression), expected(op, *one, *other));
                if found != expected {
                    wrong.push(format!("{expression} is {found:?}, and not {expected:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of them:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_is_divided_is_put_together_again() {
    let session = Session::open(vec![("homelab.hl".into(), LAB.into())]);
    let of = |sort| VALUES.iter().filter(move |(_, amount)| amount.0 == sort);
    for sort in [Int, Size, Cpu, Duration] {
        for (a, _) in of(sort) {
            for (b, _) in of(sort).filter(|(_, amount)| amount.1 != 0) {
                let again = format!("(({a}) / ({b})) * ({b}) + ({a}) % ({b}) == ({a})");
                assert_eq!(found(&session, &again), Comes::Bool(true), "{again}");
            }
        }
    }
}

#[test]
fn networks_that_no_number_counts_are_said() {
    let session = Session::open(vec![("homelab.hl".into(), LAB.into())]);
    for (network, length) in [
        ("192.168.1.0/24", Some(254)),
        ("192.168.1.0/31", Some(2)),
        ("192.168.1.0/32", Some(1)),
        ("0.0.0.0/0", Some((1 << 32) - 2)),
        ("fd00::/66", Some((1 << 62) - 1)),
        ("fd00::/65", Some(i64::MAX.into())),
        ("fd00::/64", None),
        ("::/0", None),
        ("fd00::1 .. fd00::ff", Some(255)),
        ("fd00:: .. fe00::", None),
    ] {
        for expression in [format!("({network}).length"), format!("length({network})")] {
            let expected = length.map_or(Comes::Refused, |length| Comes::To((Int, length)));
            assert_eq!(found(&session, &expression), expected, "{expression}");
        }
    }
}
