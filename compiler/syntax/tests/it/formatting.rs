//! Texts and their usual form, one idea a test.

use std::fmt::Write;

/// The text, its usual form, and what could not be read.
fn shown(text: &str) -> String {
    let formatted = syntax::format(text);
    let mut out = format!("{}\n---\n{}", text.trim_end(), formatted.text);
    for range in formatted.unparsed {
        let _ = writeln!(out, "--- left alone: {:?}", &text[range]);
    }
    out
}

macro_rules! formats {
    ($($name:ident: $text:expr;)*) => { $(#[test] fn $name() { insta::assert_snapshot!(shown($text)); })* };
}

formats! {
    not_aligned: "app a{\nimage=\"x\"\n  user = 1\n# said\n  group   += 2\nport http=80\nport long-name = 81\n\n  a.b=1\n  c.\"d e\" = 1\n c.f = 2\n}\nstage a = 1\nstage bcd = 2\n";
    declarations_not_aligned: "namespace a { b = 1 }\nnamespace long { c = 2 }\nsecret x { }\nsecret long {\n}\nhost a : node { b = 1 }\nhost long : node { b = 1 }\n";
    comments_in_their_column: "a = 1 # one\nbc = 2    # two\n\nd = 3 ## three\nnetwork lan { # behind a brace\n  e = \"a long text that goes beyond where comments usually stand\" # far\n  f = 1 # near\n}\n";
    blank_lines: "\n\na {\n\n\n  b = 1\n\n\n\n  # c\n\n  d = 2\n\n}\n\n\n\n# e\n\n\nf = 1\n\n\n";
    chosen_by_the_author: "a { b = 1; c = 2 }\nd {\n b = 1, c = 2 }\ne = [1, 2]\nf = [\n1, 2 ]\ng = {}\nh { \n }\ni = [ ]\nj {} \n";
    too_long: "a = [\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\", \"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\", \"ccccccccccccccccccccc\"]\nb = f(\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\", \"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\", x = \"cccccccccccccccc\")\nc = [\"one text that is too long for a line and would not be any shorter on a line of its own, so it stays\"]\nd { aaaaaaaaaaaaaaaaaaaa = 1, bbbbbbbbbbbbbbbbbbbbbbbbb = 2, ccccccccccccccccccccccc = 3, dddddddddd = 4 }\n";
    operators: "a=b+c*-d..e\nb = not   x in y and z contains w or (v)\nc = aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa + bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb + ccccccccccccccccccccccccc\nd = aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa and bbbbbbbbbbbbbbbbbbbbbbbbbbbb == cccccccccccccccccccccc or dddddddddddddd\ne = x\n  .y ?. z [ 0 ] ( 1 )\n";
    choices: "a = if b then c else d\nb = if aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa then bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb else if c then ddddddddddddd else eeeeeee\nc = if a == none then none else {\n b = 1 # c\n}\nd = match x { tcp|udp=>1, _ => 2 }\ne = match x {\ntcp => 1, _ => 2 }\n";
    comprehensions: "a = [for x in xs => {\nb = 1\n}] + [ for x,y in z if y=>x ]\nb = {for x in xs=>x:1}\nc = [for aaaaaaaaaaaaaaaaaaaa in bbbbbbbbbbbbbbbbbbbbbbbbbbbbb if cccccccccccccccc => ddddddddddddddddddddddd.eeeeeeeeeee,]\nd = {\n for x in xs => x: 1 }\n";
    heads: "app   a   in b.c : t( 1,x=2 )if d{e=1}\nhost:node{}\nkind k(in n:namespace)@plural( \"ks\" ){ a:int( 0 .. 9 )?=1 @primary\nderived b:list< string|x > =[]\nmake{secret s{}}\n}\ntemplate t(p:path):host{a=p}\nfn f(a:int,b:string=\"x\")->map<string> ={}\ntype t=a|{b:c}\nimport   std . apps . x\napp e [h] for h in hosts in m{}\ncheck \"m\"{for a in b=>a.c!=none}\n";
    comments_anywhere: "a = [1, # one\n  # before two\n  2 # two\n  # last\n]\nb = c # why\n  + d\n  # and\n  + e # end\nf(\n";
    documentation: "## One.\n##  Two.\n\n## Three.   \na { ## not\n   ## In.\nb = 1 }\n";
    texts: "a {\n      b = \"\"\"\n    one\n      ${two\n }\n    \"\"\"\n  c = nix\"a  ${b}   c\"\n}\n";
    other_line_ends: "\u{feff}a {\r\n\tb\t=\t1  \r\n\tc = \"\"\"\r\n\t\tx\r\n\t\"\"\"\r\n}";
    mistakes: "a  =  1\nb  =  =  2\nc {\n    d   =  1\n    e   =  )(  1\n    f   =  +\n    g  =  2\n}\nh  {\n  i   =  1\nj  =  1\n";
    nothing: "\n \n";
    only_comments: "\n\n  # a\n\n\n  ## b  \n";
}
