//! `syntax-error`: something that cannot be read.

use diagnostics::{Edit, Problem, declare_rule};
use source::{Place, Span};

declare_rule! {
    pub(crate) SYNTAX_ERROR, "syntax-error", error, since "0.1",
    "something that cannot be read", page "syntax_error.md"
}

/// What is wrong, in words.
pub(crate) fn syntax_error(place: Place, message: impl Into<String>) -> Problem {
    Problem::new(&SYNTAX_ERROR, place, message)
}

/// A value is missing behind `before`.
pub(crate) fn missing_value(place: Place, before: &str) -> Problem {
    syntax_error(place, format!("a value is missing after '{before}'")).label("a value is expected here")
}

/// A name is missing behind `before`.
pub(crate) fn missing_name(place: Place, before: &str) -> Problem {
    syntax_error(place, format!("a name is missing after '{before}'")).label("a name is expected here")
}

/// A name is missing before `sign`.
pub(crate) fn missing_name_before(place: Place, sign: &str) -> Problem {
    syntax_error(place, format!("a name is missing before '{sign}'"))
        .label("nothing is set here")
        .help(format!("write 'name {sign} …'"))
}

/// The `for` before `name` is missing.
pub(crate) fn missing_for(place: Place, name: &str) -> Problem {
    syntax_error(place.clone(), format!("'for' is missing before '{name}'")).label("'for' expected").fix(
        "add 'for'",
        place,
        "for ",
    )
}

/// The `:` before `name`, a kind or a template, is missing.
pub(crate) fn missing_colon(place: Place, name: &str) -> Problem {
    syntax_error(place.clone(), format!("a ':' is missing before '{name}'"))
        .label("':' expected")
        .fix("add ':'", place, " :")
}

/// A `for` begins what stands in a block; `name` is the place behind the block's name, if it may be a value.
pub(crate) fn stray_for(place: Place, name: Option<Place>) -> Problem {
    let problem =
        syntax_error(place, "a block cannot be filled by 'for': only a value can").label("not expected here");
    match name {
        Some(name) => problem.help("a value stands behind '='").fix("add '='", name, " ="),
        None => problem.help("several declarations are written 'KIND NAME[x] for x in … { … }'"),
    }
}

/// The `->` before the type `result` is missing.
pub(crate) fn missing_arrow(place: Place, result: &str) -> Problem {
    syntax_error(place.clone(), format!("'->' is missing before the type of the result, '{result}'"))
        .label("'->' expected")
        .fix("add '->'", place, " ->")
}

/// Behind the `->` of a function stands something at `place` that no `=` follows.
pub(crate) fn missing_result(place: Place) -> Problem {
    syntax_error(place, "a function says the type of its result, then '=' and the result")
        .label("the type is expected here, and '=' behind it")
        .help("write 'fn name(…) -> TYPE = …'")
}

/// The values for the template `name` stand at `place` without parentheses; `gap` is between.
pub(crate) fn bare_values(place: Place, name: &str, value: &str, gap: Place) -> Problem {
    let end = Place { span: Span::empty(place.span.end), ..place.clone() };
    let edit = |place: Place, text: &str| Edit { place, text: text.to_owned() };
    syntax_error(place, format!("the values for template '{name}' stand in parentheses"))
        .label(format!("'{name}({value})'?"))
        .fix_all("put it in parentheses", vec![edit(gap, "("), edit(end, ")")])
}

/// The clause that begins with `sign` stands in a head that has one, at `first`, `directly` before it or not.
pub(crate) fn clause_twice(place: Place, sign: &str, first: Place, directly: bool) -> Problem {
    let help = match sign {
        ":" => "several templates are put together by '+': ': one + other'",
        "in" => "a declaration is in one place",
        "for" => "a declaration is repeated by one 'for'",
        _ => "conditions are put together by 'and': 'if one and other'",
    };
    let problem = syntax_error(place.clone(), format!("'{sign}' stands twice in this head"))
        .label("the second one")
        .also(first, "the first one")
        .help(help);
    if sign == ":" && directly { problem.fix("change to '+'", place, "+") } else { problem }
}

/// An `in` stands twice in a head, at `first` and at `place`, and one of them most likely belongs to `condition`.
pub(crate) fn unbracketed_in(place: Place, first: Place, condition: Place) -> Problem {
    in_parentheses(
        syntax_error(place, "'in' stands twice in this head")
            .label("the second one")
            .also(first, "the first one"),
        condition,
    )
}

/// An `in` stands behind a condition in a head, with something behind it that no declaration is in.
pub(crate) fn bare_membership(place: Place, condition: Place) -> Problem {
    let problem = syntax_error(place, "in a head, a condition with 'in' stands in parentheses");
    in_parentheses(problem.label("here it says where a declaration is"), condition)
}

/// A `condition` with an `in` of its own stands in a head.
fn in_parentheses(problem: Problem, condition: Place) -> Problem {
    let edit = |at: u32, text: &str| Edit {
        place: Place { span: Span::empty(at), ..condition.clone() },
        text: text.to_owned(),
    };
    let edits = vec![edit(condition.span.start, "("), edit(condition.span.end, ")")];
    problem
        .help("to ask whether one thing is in another, write 'if (x in xs)'")
        .fix_all("put the condition in parentheses", edits)
}

/// The clause that begins with `word` stands behind what a declaration says, which begins with `sign` at `content`;
/// `right` is what should be written.
pub(crate) fn late_clause(place: Place, word: &str, sign: &str, content: Place, right: &str) -> Problem {
    syntax_error(place, format!("the '{word}' of a declaration stands before its '{sign}'"))
        .label("too late here")
        .also(content, "it belongs before this")
        .help(format!("write '{right}'"))
}

/// An `if` stands behind the value that `name` is set to.
pub(crate) fn condition_behind_value(place: Place, name: &str) -> Problem {
    syntax_error(place, "'if' comes before the value, and says what it is otherwise")
        .label("not expected here")
        .help(format!("write '{name} = if condition then value else other'"))
}

/// The key of the repeated declaration `name` is missing before its `for`; `variable` is what goes through the list.
pub(crate) fn missing_key(place: Place, end: Place, name: &str, variable: &str) -> Problem {
    let key = format!("[{variable}]");
    syntax_error(place, format!("'{name}' is there more than once, and needs a key before its 'for'"))
        .label("a key is missing before it")
        .help(format!("the key tells one from the other: '{name}{key} for {variable} in …'"))
        .fix(format!("add '{key}'"), end, key)
}

/// A declaration is called by a word of the language.
pub(crate) fn reserved_name(place: Place, word: &str) -> Problem {
    syntax_error(place, format!("'{word}' is a word of the language, and nothing can be called so"))
        .label("another name is needed")
        .help(format!("choose another name, here and where it is meant, such as 'my-{word}'"))
}

/// What a declaration is in stands in quotes.
pub(crate) fn quoted_place(place: Place, text: &str) -> Problem {
    let name = text.trim_matches('"').to_owned();
    syntax_error(place.clone(), "what a declaration is in has a name, and names have no quotes")
        .label(format!("'{name}'?"))
        .fix("remove the quotes", place, name)
}

/// The parameter `name` has no type.
pub(crate) fn untyped_parameter(place: Place, name: &str) -> Problem {
    syntax_error(place, format!("parameter '{name}' does not say its type"))
        .label("':' and a type are missing behind it")
        .help(format!("write '{name}: string', or another type"))
}

/// `if` or `for` begins what other languages call a block.
pub(crate) fn no_control(place: Place, word: &str) -> Problem {
    let help = match word {
        "if" => "a condition stands behind the name: 'KIND NAME if condition { … }'",
        _ => "several are declared at once: 'KIND NAME[x] for x in … { … }'",
    };
    syntax_error(place, format!("'{word}' cannot have declarations in it"))
        .label("not expected here")
        .help(help)
}

/// What a check is about stands before its message.
pub(crate) fn late_message(place: Place) -> Problem {
    syntax_error(place, "a check begins with its message")
        .label("a text is expected here")
        .help("write the message, and behind it in braces what must hold: 'check \"…\" { … }'")
}

/// The `{` at `place` stands behind the condition of an `if`.
pub(crate) fn braces_of_if(place: Place) -> Problem {
    syntax_error(place, "an 'if' chooses between two values, without braces")
        .label("'then' expected")
        .help("write 'if condition then value else other'")
}

/// A text has `${}` in it.
pub(crate) fn nothing_shown(place: Place) -> Problem {
    syntax_error(place, "'${}' has no value in it")
        .label("a value is expected here")
        .help("name one, such as '${lab.domain}'; the signs themselves are written '\\${}'")
}

/// A `=` is missing behind `before`.
pub(crate) fn missing_assign(place: Place, before: &str) -> Problem {
    syntax_error(place.clone(), format!("'=' expected after '{before}'"))
        .label("'=' expected")
        .fix("add '='", place, " =")
}

/// The name `written` is several words; `gap` is between the first two.
pub(crate) fn name_of_words(place: Place, written: &str, gap: Place) -> Problem {
    let joined = written.split_whitespace().collect::<Vec<_>>().join("-");
    syntax_error(place, format!("a name is one word, and '{written}' is two"))
        .label(format!("'{joined}'?"))
        .fix("join them with '-'", gap, "-")
}

/// Two words stand where a name does: it may be in the second, or called by both.
pub(crate) fn in_or_dash(place: Place, name: &str, word: &str) -> Problem {
    syntax_error(place, format!("'in' is missing before '{word}', or '-'"))
        .label("a name is one word")
        .help(format!("'{name} in {word}' says what it is in, '{name}-{word}' is one name"))
}

/// A declaration begins with a word, and its kind and name in quotes behind that.
pub(crate) fn quoted_head(place: Place, kind: &str, name: &str) -> Problem {
    syntax_error(place, "a declaration begins with its kind and its name, without quotes")
        .label(format!("'{kind} {name}'?"))
        .help(format!("write '{kind} {name} {{ … }}'"))
}

/// A check does not say its message.
pub(crate) fn missing_message(place: Place) -> Problem {
    syntax_error(place, "a check needs a message before its '{'")
        .label("a text is expected here")
        .help("say what is wrong where it does not hold: 'check \"…\" { … }'")
}

/// A check says its message, and nothing else.
pub(crate) fn missing_condition(place: Place) -> Problem {
    syntax_error(place, "this check does not say what must hold")
        .label("braces are expected here")
        .help("write it in braces behind the message: 'check \"…\" { … }'")
}

/// What must hold, at `place`, stands behind a check's message without braces.
pub(crate) fn bare_condition(place: Place) -> Problem {
    let edit = |at: u32, text: &str| Edit {
        place: Place { span: Span::empty(at), ..place.clone() },
        text: text.to_owned(),
    };
    let edits = vec![edit(place.span.start, "{ "), edit(place.span.end, " }")];
    syntax_error(place, "what must hold stands in braces")
        .label("not in braces")
        .fix_all("put it in braces", edits)
}

/// Something that no import can name.
pub(crate) fn one_import(place: Place, found: &str) -> Problem {
    syntax_error(place, format!("an import names one module or file, and '{found}' is neither"))
        .label("not expected here")
        .help("write 'import std.apps.pihole' or 'import \"./media.hl\"', each on a line of its own")
}

/// The statement `written` is only a name; `top` whether it stands in no other.
pub(crate) fn bare_name(place: Place, written: &str, top: bool) -> Problem {
    let declaration =
        if top { format!("'{written} NAME {{ … }}'") } else { format!("'{written} {{ … }}'") };
    syntax_error(place, format!("'{written}' is not finished: a value or braces are missing"))
        .label("nothing follows")
        .help(format!("write '{written} = …' or {declaration}"))
}

/// A `{` at the start of a line; `gap` is what separates it from its head, if nothing but space.
pub(crate) fn brace_on_next_line(place: Place, gap: Option<Place>) -> Problem {
    let problem = syntax_error(place, "this '{' belongs to nothing")
        .label("a line cannot begin with it")
        .help("the '{' of a body stands on the line of what it belongs to");
    match gap {
        Some(gap) => problem.fix("move it to the line before", gap, " "),
        None => problem,
    }
}

/// A function is declared as in another language; `name` is what it is called.
pub(crate) fn other_function(place: Place, name: &str) -> Problem {
    Problem::new(&SYNTAX_ERROR, place, format!("function '{name}' is not declared as functions are"))
        .help(format!("write 'fn {name}(x: TYPE) -> TYPE = VALUE'"))
}
