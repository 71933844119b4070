//! Labs whose values wait for each other deeper than the stack: they come to a value all the same.

use std::fmt::Write as _;

use driver::Session;

/// As little as the tests have (bytes), whatever machine they run on.
const STACK: usize = 2 << 20;

/// A lab, and a constant of it with what it comes to.
type Deep = (String, &'static str, &'static str);

/// `c0`, of which each is one more than the next.
fn constants() -> Deep {
    let count = 1_500;
    let mut lab = String::new();
    for at in 0..count {
        let _ = writeln!(lab, "c{at} = c{} + 1", at + 1);
    }
    let _ = writeln!(lab, "c{count} = 0");
    (lab, "c0", "1500")
}

/// Networks, each with its address from the next one.
fn networks() -> Deep {
    let count = 380;
    let mut lab = String::from("lab home { domain = \"home.example.net\" }\n");
    for at in 0..count {
        let _ = writeln!(lab, "network n{at} {{ cidr = 10.0.0.0/8, address a = n{}.a + 1 }}", at + 1);
    }
    let _ =
        writeln!(lab, "network n{count} {{ cidr = 10.0.0.0/8, address a = 10.0.0.1 }}\nfound = n0.a.value");
    (lab, "found", "10.0.1.125")
}

/// Constants through sixty functions each, which call each other in long sums.
fn functions(constants: usize) -> Deep {
    let ones = " + 0".repeat(99);
    let mut lab = String::new();
    for at in 0..constants {
        for depth in 0..59 {
            let _ = writeln!(lab, "fn f{at}x{depth}(x: int) -> int = f{at}x{}(x){ones}", depth + 1);
        }
        let _ = writeln!(lab, "fn f{at}x59(x: int) -> int = c{}{ones}\nc{at} = f{at}x0(1)", at + 1);
    }
    let _ = writeln!(lab, "c{constants} = 7");
    (lab, "c0", "7")
}

/// Templates, each of the next one.
fn templates() -> Deep {
    let mut lab = String::from("stage s = 1\nnamespace n0 : t0 { }\nfound = n0.labels.d\n");
    for at in 0..60 {
        let _ = writeln!(lab, "template t{at} : t{} {{ }}", at + 1);
    }
    lab.push_str("template t60 : namespace { stage = s, labels { d = \"d\" } }\n");
    (lab, "found", "d")
}

/// What the constant comes to, worked out on a small stack.
#[expect(clippy::disallowed_methods, reason = "how small a stack is, only a thread of one's own can say")]
fn come_to((lab, asked, _): &Deep) -> Result<String, String> {
    let (lab, asked) = (lab.clone(), *asked);
    let work = move || {
        let session = Session::open(vec![("homelab.hl".into(), lab)]);
        let value = session.eval(asked).map_err(|problems| problems[0].message.clone())?;
        value.shown().ok_or_else(|| format!("{value:?}"))
    };
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(work);
    thread.expect("a thread begins").join().expect("no panic")
}

fn no_stack_is_too_small(deep: &Deep) {
    assert_eq!(come_to(deep), Ok(deep.2.to_owned()));
}

#[test]
fn constants_wait_for_each_other() {
    no_stack_is_too_small(&constants());
}

#[test]
fn fields_wait_for_each_other() {
    no_stack_is_too_small(&networks());
}

#[test]
fn functions_wait_for_constants() {
    no_stack_is_too_small(&functions(12));
}

#[test]
fn templates_wait_for_each_other() {
    no_stack_is_too_small(&templates());
}
