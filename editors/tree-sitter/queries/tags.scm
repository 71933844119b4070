; What a file declares, for outlines and symbols.

(declaration kind: (path) @kind name: (_) @name) @definition.constant
(constant name: (identifier) @name) @definition.constant
(kind_definition name: (identifier) @name) @definition.class
(template_definition name: (identifier) @name) @definition.class
(type_definition name: (identifier) @name) @definition.type
(function_definition name: (identifier) @name) @definition.function
(call function: (name (identifier) @name)) @reference.call
