//! The tree of one item.
//!
//! One [`Statement`] type serves every body (the file's top level, a declaration, a kind, a record), because the
//! grammar has the same three shapes everywhere; which statements make sense where is said by the phases that
//! know. Spans are bytes relative to the item.

use smol_str::SmolStr;
use source::Span;

/// A word and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The word.
    pub text: SmolStr,
    /// Where it stands.
    pub span: Span,
}

impl Name {
    /// Whether it is written as a text: only a word is as long as what it says.
    pub fn is_quoted(&self) -> bool {
        self.span.len() as usize != self.text.len()
    }
}

/// `a.b` as one text.
pub fn dotted(path: &[Name]) -> SmolStr {
    match path {
        [one] => one.text.clone(),
        many => many.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join(".").into(),
    }
}

/// Statements between braces, or a whole file's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// In the order written.
    pub statements: Vec<Statement>,
    /// From brace to brace.
    pub span: Span,
}

/// One statement with its documentation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The text of the `##` comment lines above, without the marks.
    pub doc: Option<SmolStr>,
    /// What it says.
    pub kind: StatementKind,
    /// The statement without its documentation.
    pub span: Span,
}

/// What a statement says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StatementKind {
    /// `a.b."c d" = value` or `a += value`; at the top of a file, `a: type = value`.
    Set(Set),
    /// `let a = value`.
    Let(Box<Let>),
    /// `name { … }`, `a.b { … }`: a nested record, or a declaration whose name is left out.
    Record(Record),
    /// `KIND [NAME] [[key]] [in X] [: TEMPLATES] [for v in xs] [if c] [{ … } | = value]` in any form that is not also
    /// one of the above.
    Declare(Box<Declare>),
    /// `name: type = default`, in a kind.
    Field(Box<Field>),
    /// `derived name: type = value`, in a kind.
    Derived(Box<Field>),
    /// `kind name(params) { … }`.
    Kind(Box<Kind>),
    /// `make { … }`, in a kind.
    Make(Body),
    /// `template name(params) : kind { … }`.
    Template(Box<Template>),
    /// `fn name(params) -> type = value`.
    Function(Box<Function>),
    /// `type name = type`.
    Alias(Alias),
    /// `import "./file.hl"` or `import std.apps.pihole`.
    Import(Import),
    /// `check "message" { for a in apps => condition }`.
    Check(Box<Check>),
    /// What could not be read; its problem has been reported.
    Error,
}

/// A segment of a path that is computed: `"${name}.enabled"`. In the path it stands as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Which segment it is, from 0 on.
    pub at: usize,
    /// The text.
    pub value: Expr,
}

/// `path = value` or `path += value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Set {
    /// One segment or more.
    pub path: Vec<Name>,
    /// Those of them that are computed.
    pub keys: Vec<Key>,
    /// The type of a constant that says it.
    pub ty: Option<Box<TypeExpr>>,
    /// Whether it is `+=`.
    pub append: bool,
    /// The value.
    pub value: Expr,
}

/// `let name = value`: a name for a value, known in the block behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Let {
    /// The name.
    pub name: Name,
    /// The value.
    pub value: Expr,
}

/// `path { … }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// One segment or more.
    pub path: Vec<Name>,
    /// Those of them that are computed.
    pub keys: Vec<Key>,
    /// The statements.
    pub body: Body,
}

/// A declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declare {
    /// The kind's name, one segment or more (`network.pool`).
    pub kind: Vec<Name>,
    /// The declared name; left out, it is the kind's own. A string is allowed (`file "/etc/x" = …`).
    pub name: Option<Name>,
    /// `exporter[h] for h in hosts`.
    pub repeat: Option<Box<Repeat>>,
    /// `side[1]` without a `for`: which of those is meant that something else declares.
    pub pick: Option<Box<Expr>>,
    /// `in X`.
    pub place: Option<Expr>,
    /// `: template(args) + other`, the lowest first.
    pub templates: Vec<TemplateUse>,
    /// `if condition`.
    pub condition: Option<Expr>,
    /// What follows.
    pub content: Content,
}

/// What follows a declaration's head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Nothing.
    None,
    /// `{ … }`.
    Body(Body),
    /// `= value`: sets the kind's primary field.
    Primary(Expr),
}

/// `[key]` and `for var in over`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repeat {
    /// What tells the declared ones apart.
    pub key: Expr,
    /// What goes through what.
    pub clause: ForClause,
}

/// `for var in over [if condition]`, `for key, value in over`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForClause {
    /// The variable; of a map with two variables, the key.
    pub variable: Name,
    /// The second variable.
    pub second: Option<Name>,
    /// The collection.
    pub over: Expr,
    /// What to leave out.
    pub condition: Option<Expr>,
}

/// `name(args)` behind a `:`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateUse {
    /// The template.
    pub name: Name,
    /// The arguments.
    pub arguments: Vec<Argument>,
    /// Name and arguments.
    pub span: Span,
}

/// An argument of a call, with a name if one is given (`chart("x", version = "1")`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// The parameter's name.
    pub name: Option<Name>,
    /// The value.
    pub value: Expr,
}

/// A parameter of a kind, template or function. A kind's place parameter is written `in name: type`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// The parameter.
    pub name: Name,
    /// Whether `in` stands before it.
    pub is_place: bool,
    /// Its type.
    pub ty: TypeExpr,
    /// What it is when left out.
    pub default: Option<Expr>,
}

/// A field of a kind or of a record type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The field.
    pub name: Name,
    /// Its type.
    pub ty: TypeExpr,
    /// Its default, or a derived field's value.
    pub default: Option<Expr>,
    /// `@primary` and the like.
    pub attributes: Vec<Attribute>,
}

/// `@name` or `@name("argument")`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Without the `@`.
    pub name: Name,
    /// The arguments.
    pub arguments: Vec<Expr>,
    /// All of it.
    pub span: Span,
}

/// `kind name(params) @attributes { … }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    /// The kind.
    pub name: Name,
    /// Its parameters: at most one, the place.
    pub parameters: Vec<Parameter>,
    /// `@plural("…")` and the like.
    pub attributes: Vec<Attribute>,
    /// Fields, nested kinds, derived fields, `make`, checks.
    pub body: Body,
}

/// `template name(params) : base + other { … }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// The template.
    pub name: Name,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// The kind, or the templates that it extends, the lowest first; one or more.
    pub bases: Vec<TemplateUse>,
    /// What it sets.
    pub body: Body,
}

/// `fn name(params) -> type = value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// The function.
    pub name: Name,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// What it returns.
    pub result: TypeExpr,
    /// What it computes.
    pub value: Expr,
}

/// `type name = type`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    /// The name.
    pub name: Name,
    /// What it stands for.
    pub ty: TypeExpr,
}

/// An import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Import {
    /// `import "./media.hl"`: a file beside this one.
    File(Name),
    /// `import std.apps.pihole`: a module of the standard library.
    Module(Vec<Name>),
}

/// `check "message" { [for x in xs =>]… condition }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What to say when it does not hold; may contain `${…}`, in which the `for` variables are known.
    pub message: Expr,
    /// What the condition is asked for.
    pub clauses: Vec<ForClause>,
    /// What must hold.
    pub condition: Expr,
}

/// An expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands.
    pub span: Span,
}

/// What an expression is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExprKind {
    /// `none`.
    None,
    /// `true`, `false`.
    Bool(bool),
    /// `42`, `1_000`: as written, without `_`; may be too large for any number.
    Int(SmolStr),
    /// `1.5`, as written.
    Float(SmolStr),
    /// A literal of the domain, as written: what it is follows from its form.
    Literal(Literal, SmolStr),
    /// `"…"` or `"""…"""`, escapes resolved and indentation removed.
    Text(Vec<TextPart>),
    /// `nix"…"`: a Nix expression, verbatim.
    Nix(SmolStr),
    /// `name`.
    Name(SmolStr),
    /// `self`.
    Itself,
    /// `x.name`, `x?.name`.
    Member(Box<Member>),
    /// `x[index]`.
    Index(Box<(Expr, Expr)>),
    /// `f(a, b = c)`.
    Call(Box<Call>),
    /// `[a, b]`.
    List(Vec<Expr>),
    /// `[for x in xs => value]`.
    ListFor(Box<ListFor>),
    /// `{ a = 1, b { … } }`.
    Record(Body),
    /// `{ for x in xs => key: value }`.
    MapFor(Box<MapFor>),
    /// `if c then a else b`.
    If(Box<If>),
    /// `let a = value => result`.
    Let(Box<(Let, Expr)>),
    /// `match x { tcp => 1, _ => 2 }`.
    Match(Box<Match>),
    /// `not x`, `-x`.
    Unary(UnaryOp, Box<Expr>),
    /// `a + b`.
    Binary(BinaryOp, Box<(Expr, Expr)>),
    /// `a .. b`.
    Range(Box<(Expr, Expr)>),
    /// What could not be read; its problem has been reported.
    Error,
}

/// The form of a literal of the domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Literal {
    /// `192.168.1.1`, `fd00::1`.
    Address,
    /// `10.42.0.0/16`, `fd00::/64`.
    Cidr,
    /// `aa:bb:cc:dd:ee:ff`.
    Mac,
    /// `8GiB`, `250m`, `30d`, `1h30m`: a number with a unit.
    Quantity,
    /// `1.2.3`.
    Version,
    /// `/dev/sda`.
    Path,
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextPart {
    /// As it is.
    Text(SmolStr),
    /// `${value}`.
    Value(Expr),
}

/// `base.name`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Of what.
    pub base: Expr,
    /// Which; a string is allowed (`labels."homelab/gpu"`).
    pub name: Name,
    /// Whether it is `?.`.
    pub optional: bool,
}

/// `callee(arguments)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// A name, or a member (`xs.map` has no meaning; kept for the error).
    pub callee: Expr,
    /// The arguments.
    pub arguments: Vec<Argument>,
}

/// `[for … => value]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListFor {
    /// One or more.
    pub clauses: Vec<ForClause>,
    /// Each element.
    pub value: Expr,
}

/// `{ for … => key: value }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapFor {
    /// One or more.
    pub clauses: Vec<ForClause>,
    /// Each key.
    pub key: Expr,
    /// Each value.
    pub value: Expr,
}

/// `if condition then then else otherwise`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct If {
    /// What decides.
    pub condition: Expr,
    /// When it holds.
    pub then: Expr,
    /// When it does not.
    pub otherwise: Expr,
}

/// `match value { pattern => result, … }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// What is looked at.
    pub value: Expr,
    /// In the order written.
    pub arms: Vec<Arm>,
}

/// `a | b => result`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arm {
    /// Any of these; empty for `_`.
    pub patterns: Vec<Expr>,
    /// The result.
    pub result: Expr,
    /// All of it.
    pub span: Span,
}

/// An operator before its operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnaryOp {
    /// `not`.
    Not,
    /// `-`.
    Minus,
}

/// An operator between its operands, loosest first:
/// `??`, `or`, `and`, comparisons with `in` and `contains`, `..`, `+ -`, `* / %`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    /// `??`: the right side where the left is none.
    Otherwise,
    /// `or`.
    Or,
    /// `and`.
    And,
    /// `==`.
    Equal,
    /// `!=`.
    NotEqual,
    /// `<`.
    Less,
    /// `<=`.
    LessEqual,
    /// `>`.
    Greater,
    /// `>=`.
    GreaterEqual,
    /// `x in xs`.
    In,
    /// `xs contains x`.
    Contains,
    /// `+`: numbers, texts, lists, records.
    Add,
    /// `-`.
    Subtract,
    /// `*`.
    Multiply,
    /// `/`.
    Divide,
    /// `%`.
    Remainder,
}

/// A type as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeExpr {
    /// What it is.
    pub kind: TypeExprKind,
    /// Where it stands.
    pub span: Span,
}

/// What a type is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypeExprKind {
    /// `string`, `host`, `host.device`, `tcp` (a literal word).
    Name(Vec<Name>),
    /// `"literal"`.
    Text(SmolStr),
    /// `list<T>`, `map<T>`, `secret<T>`.
    Generic(Name, Vec<TypeExpr>),
    /// `int(0..100)`, `string("[a-z]+")`.
    Limited(Name, Vec<Expr>),
    /// `T?`.
    Optional(Box<TypeExpr>),
    /// `a | b`.
    Union(Vec<TypeExpr>),
    /// `{ cpu: cpu?, memory: size? }`.
    Record(Body),
    /// What could not be read; its problem has been reported.
    Error,
}
