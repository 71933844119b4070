; Names that hold in a part of a file only.

[
  (template_definition)
  (function_definition)
  (kind_definition)
  (list_comprehension)
  (map_comprehension)
  (let_expression)
  (declaration)
] @local.scope

(parameter name: (identifier) @local.definition.parameter)
(each variable: (identifier) @local.definition.var)
(repeat_clause variable: (identifier) @local.definition.var)
(let_step name: (identifier) @local.definition.var)
(let_expression name: (identifier) @local.definition.var)
(name (identifier) @local.reference)
