//! Where two signs meet without a space between them: both are read as with one.

use crate::show::{items, tree};

/// A text without spaces where none are needed, and the same with them.
const TABLE: &[(&str, &str)] = &[
    // Types and what follows them.
    ("kind k{a:list<int>=[1]}", "kind k { a: list<int> = [1] }"),
    ("kind k{a:list<list<int>>=[]}", "kind k { a: list< list< int > > = [] }"),
    ("kind k{a:map<string|secret<string>>={}}", "kind k { a: map<string | secret<string> > = {} }"),
    ("kind k{a:list<int(0..9)>=[]}", "kind k { a: list<int(0 .. 9)> = [] }"),
    ("kind k{a:list<{b:list<int>=[],c:x}>=[]}", "kind k { a: list<{ b: list<int> = [], c: x }> = [] }"),
    ("kind k{a:list<x.y>=[]}", "kind k { a: list< x.y > = [] }"),
    ("kind k{a:list<\"x\"|\"y\">=[]}", "kind k { a: list<\"x\" | \"y\"> = [] }"),
    ("kind k{a:list<int>?=none}", "kind k { a: list<int>? = none }"),
    ("kind k{a:list<int>@primary=[]}", "kind k { a: list<int> @primary = [] }"),
    ("kind k{a:int?=1}", "kind k { a: int ? = 1 }"),
    ("kind k{a:int=-1}", "kind k { a: int = -1 }"),
    ("kind k{a:int(-1..9)?=1@primary}", "kind k { a: int( -1 .. 9 )? = 1 @primary }"),
    ("kind k{derived a:list<int>=[]}", "kind k { derived a: list<int> = [] }"),
    (
        "fn f(a:list<int>=[1],b:map<x>={})->list<int>=a",
        "fn f(a: list<int> = [1], b: map<x> = {}) -> list<int> = a",
    ),
    ("fn f()->list<list<int>>=[]", "fn f() -> list<list<int> > = []"),
    ("fn f()->int?=none", "fn f() -> int? = none"),
    ("fn f()->int=-1", "fn f() -> int = - 1"),
    ("template t(a:list<int>=[]):host{}", "template t(a: list<int> = []) : host { }"),
    ("type t={a:int}|none", "type t = { a: int } | none"),
    // Signs before a minus.
    ("a=-1", "a = -1"),
    ("a+=-b", "a += -b"),
    ("a=b<-1", "a = b < -1"),
    ("a=b>-1", "a = b > -1"),
    ("a=b<=-1", "a = b <= -1"),
    ("a=b>=-1", "a = b >= -1"),
    ("a=b==-1", "a = b == -1"),
    ("a=b!=-1", "a = b != -1"),
    ("a=b+-1", "a = b + -1"),
    ("a=1--1", "a = 1 - -1"),
    ("a=b*-1", "a = b * -1"),
    ("a=b..-1", "a = b .. -1"),
    ("a=b??-1", "a = b ?? -1"),
    ("a=[-1,-b]", "a = [-1, -b]"),
    ("a=f(-1,x=-1)", "a = f( -1, x = -1 )"),
    ("a=match b{c=>-1,_=>-2}", "a = match b { c => -1, _ => -2 }"),
    // Comparisons.
    ("a=b>=c", "a = b >= c"),
    ("a=list>=c", "a = list >= c"),
    ("a=b<c", "a = b < c"),
    ("a=b>c", "a = b > c"),
    ("a=(b<c)==(d>=e)", "a = (b < c) == (d >= e)"),
    ("a=1-2", "a = 1 - 2"),
    // Ranges.
    ("a=1..2", "a = 1 .. 2"),
    ("a=1.5..2.5", "a = 1.5 .. 2.5"),
    ("a=1h..2h", "a = 1h .. 2h"),
    ("a=b..c", "a = b .. c"),
    ("a=b.c..d.e", "a = b.c .. d.e"),
    ("a=192.168.1.1..192.168.1.9", "a = 192.168.1.1 .. 192.168.1.9"),
    ("a=fd00::1..fd00::9", "a = fd00::1 .. fd00::9"),
    ("a=(1)..(2)", "a = (1) .. (2)"),
    ("a=b+1..c*2", "a = b + 1 .. c * 2"),
    // Members and what may be none.
    ("a=b?.c??d", "a = b ?. c ?? d"),
    ("a=b.c?.d[0]?.\"e f\"", "a = b . c ?. d [0] ?. \"e f\""),
    ("a=b??c??d", "a = b ?? c ?? d"),
    ("a=f(1)(2)[3].b", "a = f (1) (2) [3] . b"),
    // Arrows.
    ("a=[for x in xs=>x]", "a = [for x in xs => x]"),
    ("a=[for x in xs if x>=1=>x]", "a = [for x in xs if x >= 1 => x]"),
    ("a={for k,v in m=>k:v}", "a = { for k, v in m => k: v }"),
    ("a={for k in m=>\"${k}\":-1}", "a = { for k in m => \"${k}\": -1 }"),
    ("a=match b{c|d=>1,_=>[2]}", "a = match b { c | d => 1, _ => [2] }"),
    // Paths, divisions, addresses.
    ("a=[/,/dev/sda,b/c,1/2,(d)/e]", "a = [ / , /dev/sda , b / c, 1 / 2, (d) / e ]"),
    ("a=/dev/sda", "a = /dev/sda"),
    ("a=f(x=/srv)", "a = f(x = /srv)"),
    ("a=[::1,fd00::/64,10.0.0.0/8]", "a = [ ::1 , fd00::/64 , 10.0.0.0/8 ]"),
    ("a={b=::1}", "a = { b = ::1 }"),
    ("a=6%2*3", "a = 6 % 2 * 3"),
    ("a=if b then / else/c", "a = if b then / else /c"),
    ("a=not/b", "a = not /b"),
    ("a=b.in/c", "a = b.in / c"),
    // Heads.
    ("host a:b", "host a : b"),
    ("host a:b(1)+c", "host a : b(1) + c"),
    ("host:b", "host : b"),
    ("app e[k]in m for k,v in w if k!=\"a\"{b=1}", "app e[k] in m for k, v in w if k != \"a\" { b = 1 }"),
    ("file\"/etc/x\"=\"y\"", "file \"/etc/x\" = \"y\""),
    ("a.\"b c\"+=[1]", "a . \"b c\" += [1]"),
    ("kind k(in n:namespace)@plural(\"ks\")@open{}", "kind k(in n: namespace) @plural(\"ks\") @open { }"),
    ("check\"m\"{a>=1}", "check \"m\" { a >= 1 }"),
    ("check\"m ${a}\"{for a in b=>a!=none}", "check \"m ${a}\" { for a in b => a != none }"),
];

fn sound(text: &str) -> Vec<String> {
    let read = |(_, parsed): (_, syntax::Parsed)| {
        assert_eq!(parsed.problems, [], "in {text}");
        tree(&parsed.statement)
    };
    items(text).into_iter().map(read).collect()
}

#[test]
fn signs_that_meet_are_read_as_with_spaces() {
    for (touching, spaced) in TABLE {
        assert_eq!(sound(touching), sound(spaced), "{touching}");
        assert_eq!(syntax::format(touching).text, syntax::format(spaced).text, "{touching}");
    }
}
