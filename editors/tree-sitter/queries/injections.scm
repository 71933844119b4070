; Documentation is Markdown; what stands in `nix"…"` is Nix.

((doc_comment (doc_text) @injection.content)
  (#set! injection.language "markdown")
  (#set! injection.combined))

((nix (nix_content) @injection.content)
  (#set! injection.language "nix"))
