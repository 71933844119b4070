[
  (body)
  (record)
  (record_type)
  (list)
  (list_comprehension)
  (map_comprehension)
  (arguments)
  (match)
  (check)
  (text)
  (nix)
] @fold
