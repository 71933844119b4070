; Zed's outline.

(declaration kind: (path) @context name: (_) @name) @item
(constant name: (identifier) @name) @item
(kind_definition "kind" @context name: (identifier) @name) @item
(template_definition "template" @context name: (identifier) @name) @item
(type_definition "type" @context name: (identifier) @name) @item
(function_definition "fn" @context name: (identifier) @name) @item
