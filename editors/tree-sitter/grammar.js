/**
 * HL for editors that read trees: Neovim, Helix, Zed, Emacs.
 *
 * The rules are those of docs/grammar.md. What is not said there is read all the same where that makes a rule simpler: a
 * tree is for colours and folds, and `hlc` says what is wrong. Where a line's end ends a statement, `src/scanner.c` knows.
 */
/// <reference types="tree-sitter-cli/dsl" />
// @ts-check

/** Words that begin a statement, and are names elsewhere. */
const STATEMENT_WORDS = ["kind", "template", "fn", "type", "import", "check", "make", "derived", "let"];
/** Words that are names only as segments of a path, and behind a dot. */
const RESERVED = [
  "and", "or", "not", "in", "contains", "if", "then", "else", "match", "for", "true", "false", "none", "self",
];

const PREC = { otherwise: 1, or: 2, and: 3, not: 4, compare: 5, range: 6, add: 7, multiply: 8, sign: 9, postfix: 10 };

const IPV4 = /[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}/;
const GROUP = /[0-9A-Fa-f]{1,4}/;
const IPV6 = choice(
  seq(GROUP, ":", GROUP, ":", GROUP, ":", GROUP, ":", GROUP, ":", GROUP, ":", GROUP, ":", GROUP),
  seq(
    optional(seq(GROUP, repeat(seq(":", GROUP)))),
    "::",
    optional(seq(repeat(seq(GROUP, ":")), choice(GROUP, IPV4))),
  ),
);
const ADDRESS = choice(IPV4, IPV6);
const DIGITS = /[0-9]+(_[0-9]+)*/;

const commas = (rule) => seq(rule, repeat(seq(",", rule)), optional(","));

/** What stands between braces: elements, each on a line of its own or behind a `,` or `;`. */
const lines = ($, rule) =>
  seq(repeat($._end), optional(seq(rule, repeat(seq(repeat1($._end), rule)), repeat($._end))));

/** An operation of two sides. */
const operation = ($, precedence, operator, left, right) =>
  prec.left(precedence, seq(field("left", left), field("operator", operator), field("right", right)));

/** Operations that words make, and comparisons, of operands of one sort. */
const logic = ($, operand, comparators) => [
  prec.right(PREC.otherwise, seq(field("left", operand), field("operator", "??"), field("right", operand))),
  operation($, PREC.or, "or", operand, operand),
  operation($, PREC.and, "and", operand, operand),
  operation($, PREC.compare, choice(...comparators), operand, operand),
];

const COMPARATORS = ["==", "!=", "<", "<=", ">", ">=", "contains"];

module.exports = grammar({
  name: "hl",

  externals: ($) => [$._newline, $.doc_text, $._error],
  extras: ($) => [/[\s\uFEFF]/, $.comment, $.doc_comment],
  word: ($) => $.identifier,

  supertypes: ($) => [$._expression, $._statement, $._type],

  conflicts: ($) => [
    [$._reserved_word, $.each],
    [$._steps],
    [$.constant, $._segment],
    [$._word, $._let],
    [$._word, $.check],
    [$._word, $.import],
    [$._word, $.type_definition],
    [$._word, $.function_definition],
    [$._word, $.template_definition],
    [$._word, $.kind_definition],],

  rules: {
    source_file: ($) => lines($, choice($.constant, $._statement)),

    _end: ($) => choice($._newline, ",", ";"),

    comment: () => token(choice(/#([^#\r\n][^\r\n]*)?/, /###[^\r\n]*/)),
    doc_comment: ($) => seq("##", $.doc_text),

    // --- statements

    _statement: ($) =>
      choice(
        $.assignment,
        $.block,
        $.declaration,
        $.kind_definition,
        $.template_definition,
        $.function_definition,
        $.type_definition,
        $.check,
        $.import,
        $.let,
      ),

    constant: ($) =>
      prec.dynamic(2, seq(field("name", $._word), ":", field("type", $._type), "=", field("value", $._expression))),

    assignment: ($) => seq(field("path", $.path), field("operator", choice("=", "+=")), field("value", $._expression)),
    block: ($) => seq(field("path", $.path), field("body", $.body)),

    declaration: ($) =>
      seq(
        field("kind", $.path),
        choice(
          seq(field("name", $._name), repeat($._clause)),
          seq(optional(field("name", $._name)), field("key", $.key), repeat(choice($._clause, $.repeat_clause))),
          repeat1($._clause),
        ),
        optional(choice(field("body", $.body), seq("=", field("value", $._expression)))),
      ),

    path: ($) => seq($._segment, repeat(seq(".", $._segment))),
    _segment: ($) => choice($._word, $._reserved_word, $.text),
    _name: ($) => choice($._word, $.text),
    _word: ($) => choice($.identifier, alias(choice(...STATEMENT_WORDS), $.identifier)),
    _reserved_word: ($) => alias(choice(...RESERVED), $.identifier),

    body: ($) => seq("{", lines($, $._statement), "}"),

    key: ($) => seq("[", $._expression, "]"),
    _clause: ($) => choice($.place_clause, $.template_clause, $.condition_clause),
    place_clause: ($) => seq("in", $._place),
    template_clause: ($) => seq(":", $._templates),
    condition_clause: ($) => seq("if", field("condition", $._condition)),
    repeat_clause: ($) => seq("for", $._variables, "in", field("over", $._sum)),

    _place: ($) => choice($.name, $.self, alias($.place_member, $.member), alias($.place_index, $.index)),
    place_member: ($) => seq(field("value", $._place), choice(".", "?."), field("member", $._segment)),
    place_index: ($) => seq(field("value", $._place), "[", field("index", $._expression), "]"),

    _templates: ($) => seq($.template_use, repeat(seq("+", $.template_use))),
    template_use: ($) => seq(field("template", $.dotted_name), optional($.arguments)),
    dotted_name: ($) => seq($._word, repeat(seq(".", $._word))),
    _variables: ($) => seq(field("variable", $._word), optional(seq(",", field("variable", $._word)))),

    kind_definition: ($) =>
      prec.dynamic(
        1,
        seq(
          "kind",
          field("name", $._word),
          optional($.parameters),
          repeat($.attribute),
          field("body", alias($.members, $.body)),
        ),
      ),
    members: ($) => seq("{", lines($, $._member), "}"),
    _member: ($) => choice($.field, $.derived_field, $.make, $.kind_definition, $.check),
    field: ($) => seq($._field),
    _field: ($) =>
      seq(
        field("name", $._word),
        ":",
        field("type", $._type),
        repeat($.attribute),
        optional(seq("=", field("default", $._expression), repeat($.attribute))),
      ),
    derived_field: ($) => seq("derived", $._field),
    make: ($) => seq("make", field("body", $.body)),
    attribute: ($) => prec.right(seq("@", field("name", $._word), optional(seq("(", optional(commas($._expression)), ")")))),

    template_definition: ($) =>
      prec.dynamic(
        1,
        seq(
          "template",
          field("name", $._word),
          optional($.parameters),
          ":",
          $._templates,
          field("body", $.body),
        ),
      ),
    function_definition: ($) =>
      prec.dynamic(
        1,
        seq(
          "fn",
          field("name", $._word),
          $.parameters,
          "->",
          field("result", $._type),
          "=",
          field("value", $._expression),
        ),
      ),
    parameters: ($) => seq("(", optional(commas($.parameter)), ")"),
    parameter: ($) =>
      seq(
        optional("in"),
        field("name", $._word),
        ":",
        field("type", $._type),
        optional(seq("=", field("default", $._expression))),
      ),
    type_definition: ($) => prec.dynamic(1, seq("type", field("name", $._word), "=", field("type", $._type))),
    check: ($) =>
      prec.dynamic(
        1,
        seq(
          "check",
          field("message", $.text),
          "{",
          repeat($._end),
          optional($._steps),
          field("condition", $._expression),
          repeat($._end),
          "}",
        ),
      ),
    import: ($) => prec.dynamic(1, seq("import", choice($.text, alias($.dotted_name, $.module)))),
    let: ($) => prec.dynamic(1, seq($._let)),
    _let: ($) => seq("let", field("name", $._word), "=", field("value", $._expression)),

    // --- types

    _type: ($) =>
      choice(
        $.union_type,
        $.optional_type,
        $.named_type,
        $.generic_type,
        $.limited_type,
        $.record_type,
        $.parenthesized_type,
        $.text,
      ),
    union_type: ($) => prec.left(1, seq($._type, "|", $._type)),
    optional_type: ($) => prec(2, seq($._type, "?")),
    named_type: ($) => seq($._word, repeat(seq(".", $._word))),
    generic_type: ($) => seq(field("name", $._word), "<", $._type, ">"),
    limited_type: ($) => seq(field("name", $._word), "(", optional(commas($._expression)), ")"),
    record_type: ($) => seq("{", lines($, $.field), "}"),
    parenthesized_type: ($) => seq("(", $._type, ")"),

    // --- expressions

    _expression: ($) =>
      choice($._sum, alias($.logic, $.binary_expression), alias($.negation, $.unary_expression)),
    logic: ($) => choice(...logic($, $._expression, [...COMPARATORS, "in"])),
    negation: ($) => prec(PREC.not, seq("not", field("operand", $._expression))),

    // As an expression without `in`, which begins a clause in a head.
    _condition: ($) =>
      choice($._sum, alias($.condition_logic, $.binary_expression), alias($.condition_negation, $.unary_expression)),
    condition_logic: ($) => choice(...logic($, $._condition, COMPARATORS)),
    condition_negation: ($) => prec(PREC.not, seq("not", field("operand", $._condition))),

    _sum: ($) =>
      choice(
        $.binary_expression,
        $.unary_expression,
        $.member,
        $.index,
        $.call,
        $.conditional,
        $.match,
        $.let_expression,
        $.name,
        $.self,
        $._literal,
        $.text,
        $.list,
        $.list_comprehension,
        $.record,
        $.map_comprehension,
        $.parenthesized,
      ),
    binary_expression: ($) =>
      choice(
        operation($, PREC.range, "..", $._sum, $._sum),
        operation($, PREC.add, choice("+", "-"), $._sum, $._sum),
        operation($, PREC.multiply, choice("*", "/", "%"), $._sum, $._sum),
      ),
    unary_expression: ($) => prec(PREC.sign, seq("-", field("operand", $._sum))),

    member: ($) =>
      prec.left(PREC.postfix, seq(field("value", $._sum), choice(".", "?."), field("member", $._segment))),
    index: ($) => prec.left(PREC.postfix, seq(field("value", $._sum), "[", field("index", $._expression), "]")),
    call: ($) => prec.left(PREC.postfix, seq(field("function", $._sum), $.arguments)),
    arguments: ($) => seq("(", optional(commas($.argument)), ")"),
    argument: ($) => seq(optional(seq(field("name", $._word), "=")), field("value", $._expression)),

    conditional: ($) =>
      prec.right(
        seq(
          "if",
          field("condition", $._expression),
          "then",
          field("consequence", $._expression),
          "else",
          field("alternative", $._expression),
        ),
      ),
    match: ($) => seq("match", field("value", $._expression), "{", lines($, $.arm), "}"),
    arm: ($) => seq(choice($.wildcard, seq($._sum, repeat(seq("|", $._sum)))), "=>", field("value", $._expression)),
    wildcard: () => "_",
    let_expression: ($) => prec.right(seq($._let, "=>", field("result", $._expression))),

    name: ($) => $._word,
    self: () => "self",
    parenthesized: ($) => seq("(", $._expression, ")"),

    list: ($) => seq("[", optional(commas($._expression)), "]"),
    list_comprehension: ($) => seq("[", $._steps, field("value", $._expression), optional(","), "]"),
    record: ($) => seq("{", lines($, $._statement), "}"),
    map_comprehension: ($) =>
      seq(
        "{",
        repeat($._end),
        $._steps,
        field("key", $._expression),
        ":",
        field("value", $._expression),
        repeat($._end),
        "}",
      ),
    _steps: ($) => seq($.each, repeat(choice($.each, $.let_step))),
    each: ($) =>
      seq(
        "for",
        $._variables,
        "in",
        field("over", $._expression),
        optional(seq("if", field("condition", $._expression))),
        "=>",
      ),
    let_step: ($) => seq($._let, "=>"),

    // --- literals

    _literal: ($) =>
      choice($.none, $.boolean, $.integer, $.float, $.quantity, $.version, $.address, $.network, $.mac, $.path_literal, $.nix),
    none: () => "none",
    boolean: () => choice("true", "false"),

    identifier: () => /[A-Za-z_][A-Za-z0-9_]*(-[A-Za-z0-9][A-Za-z0-9_]*)*/,
    integer: () => token(DIGITS),
    float: () => token(seq(DIGITS, ".", DIGITS)),
    quantity: () => token(repeat1(seq(DIGITS, optional(seq(".", DIGITS)), /[A-Za-z]+/))),
    version: () => token(seq(DIGITS, ".", DIGITS, ".", DIGITS, optional(/[-+][A-Za-z0-9]+([-+.][A-Za-z0-9]+)*/))),
    address: () => token(ADDRESS),
    network: () => token(seq(ADDRESS, "/", choice(/[0-9]{1,3}/, IPV4))),
    mac: () => token(prec(1, /[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}/)),
    path_literal: () => token(/\/([A-Za-z0-9._~]([A-Za-z0-9_.\/@%+~-]|:[A-Za-z0-9_.\/@%+~-])*)?/),

    // --- texts

    text: ($) =>
      choice(
        seq('"', repeat(choice(alias($._line, $.text_content), $._inside)), token.immediate('"')),
        seq(
          '"""',
          repeat(choice(alias(choice($._lines, $._quotes), $.text_content), $._inside)),
          token.immediate(prec(2, '"""')),
        ),
      ),
    _inside: ($) => choice(alias($._dollar, $.text_content), $.escape, $.interpolation),
    _line: () => token.immediate(prec(1, /[^"\\$\n]+/)),
    _lines: () => token.immediate(prec(1, /[^"\\$]+/)),
    _dollar: () => token.immediate("$"),
    _quotes: () => token.immediate(prec(1, /""?/)),
    escape: () => token.immediate(/\\([nrt"\\$]|u\{[0-9A-Fa-f]+\})/),
    interpolation: ($) => seq(token.immediate("${"), $._expression, "}"),

    nix: ($) =>
      choice(
        seq('nix"', optional(alias($._nix_line, $.nix_content)), token.immediate('"')),
        seq('nix"""', optional(alias($._nix_lines, $.nix_content)), token.immediate(prec(2, '"""'))),
      ),
    _nix_line: () => token.immediate(prec(1, /([^"\\\n]|\\[^\n])+/)),
    _nix_lines: () => token.immediate(prec(1, /("{0,2}([^"\\]|\\[^\n]))+/)),
  },
});
