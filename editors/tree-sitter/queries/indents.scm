; Neovim's names; Helix reads @indent.begin as @indent and @indent.branch as @outdent (see docs/editors.md).

[
  (body)
  (record)
  (record_type)
  (list)
  (list_comprehension)
  (map_comprehension)
  (parenthesized)
  (parameters)
  (arguments)
  (match)
  (check)
] @indent.begin

["}" "]" ")"] @indent.branch
(text) @indent.ignore
