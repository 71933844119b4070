; Colours. No node is named twice, so that it does not matter which of two an editor prefers.

(comment) @comment
(doc_comment) @comment.documentation

[
  "and" "or" "not" "in" "contains" "if" "then" "else" "match" "for" "let"
  "kind" "template" "fn" "type" "check" "make" "derived" "import"
] @keyword

; --- what is declared

(declaration kind: (path (identifier) @type))
(declaration name: (identifier) @constant)
(constant name: (identifier) @constant)
(let name: (identifier) @constant)
(let_step name: (identifier) @variable.parameter)
(let_expression name: (identifier) @variable.parameter)
(each variable: (identifier) @variable.parameter)
(repeat_clause variable: (identifier) @variable.parameter)

(kind_definition name: (identifier) @type)
(type_definition name: (identifier) @type)
(template_definition name: (identifier) @type)
(template_use template: (dotted_name (identifier) @type))
(function_definition name: (identifier) @function)
(parameter name: (identifier) @variable.parameter)
(module (identifier) @module)

(assignment path: (path (identifier) @property))
(block path: (path (identifier) @property))
(field name: (identifier) @property)
(derived_field name: (identifier) @property)
(member member: (identifier) @property)
(argument name: (identifier) @property)
(attribute "@" @attribute name: (identifier) @attribute)

(named_type (identifier) @type)
(generic_type name: (identifier) @type)
(limited_type name: (identifier) @type)

; --- values

(call function: (name (identifier) @function.call))
(self) @variable.builtin
(none) @constant.builtin
(boolean) @constant.builtin
(wildcard) @constant.builtin

[(integer) (float) (quantity) (version)] @number
[(address) (network) (mac)] @number.address
(path_literal) @string.special.path

(text ["\"" "\"\"\""] @string)
(text_content) @string
(escape) @string.escape
(interpolation ["${" "}"] @punctuation.special)
(nix) @string

; --- signs

["=" "+=" "=>" "->" "==" "!=" "<" "<=" ">" ">=" "+" "-" "*" "/" "%" ".." "??" "|" "?"] @operator
["." "?." "," ";" ":"] @punctuation.delimiter
["(" ")" "[" "]"] @punctuation.bracket
(body ["{" "}"] @punctuation.bracket)
(record ["{" "}"] @punctuation.bracket)
(record_type ["{" "}"] @punctuation.bracket)
(map_comprehension ["{" "}"] @punctuation.bracket)
(match ["{" "}"] @punctuation.bracket)
(check ["{" "}"] @punctuation.bracket)
