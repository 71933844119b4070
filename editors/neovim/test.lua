-- Drives Neovim's own LSP client: problems, completion, rename, formatting and lenses of a lab.
--
--     nvim --headless -u NONE -c 'luafile editors/neovim/test.lua'
--
-- HLC is the program; HLC_LAB a folder with a homelab.hl that is clean, and whose third line is `old = 1`; HLC_PARSER the
-- tree-sitter parser, compiled; HLC_QUERIES the folder of its queries.

local function fail(why)
  io.stderr:write("neovim: " .. why .. "\n")
  vim.cmd("cquit 1")
end

local ok, why = pcall(function()
  local folder = vim.env.HLC_LAB
  local file = folder .. "/homelab.hl"
  vim.cmd("edit " .. vim.fn.fnameescape(file))
  local buffer = vim.api.nvim_get_current_buf()
  local planned
  vim.lsp.commands["hlc.plan"] = function(command)
    planned = command.arguments
  end
  local capabilities = vim.lsp.protocol.make_client_capabilities()
  capabilities.experimental = { commands = { commands = { "hlc.plan", "hlc.apply" } } }
  local id = vim.lsp.start_client({
    name = "hlc",
    cmd = { vim.env.HLC, "lsp" },
    root_dir = folder,
    capabilities = capabilities,
  })
  vim.lsp.buf_attach_client(buffer, id)

  local function wait(what, is_so)
    if not vim.wait(60000, is_so, 20) then
      error("never came: " .. what)
    end
  end
  local function problems()
    return vim.diagnostic.get(buffer)
  end
  local function lines()
    return vim.api.nvim_buf_get_lines(buffer, 0, -1, false)
  end
  local function ask(method, more)
    local params = vim.tbl_extend("force", { textDocument = vim.lsp.util.make_text_document_params() }, more)
    local answers = vim.lsp.buf_request_sync(buffer, method, params, 60000)
    local answer = answers and answers[id]
    assert(answer and not answer.err, method .. ": " .. vim.inspect(answers))
    return answer.result
  end

  wait("the server", function()
    local client = vim.lsp.get_client_by_id(id)
    return client ~= nil and client.initialized
  end)

  -- A mistake is shown, and gone when it is mended.
  vim.api.nvim_buf_set_lines(buffer, 3, 3, false, { "wrong = no-such-name" })
  wait("a problem", function()
    return #problems() == 1 and problems()[1].code == "unknown-name"
  end)
  vim.api.nvim_buf_set_lines(buffer, 3, 4, false, {})
  wait("no problem", function()
    return #problems() == 0
  end)

  -- What is begun is completed.
  vim.api.nvim_buf_set_lines(buffer, 3, 3, false, { "new = ol" })
  local offered = ask("textDocument/completion", { position = { line = 3, character = 8 } })
  assert(offered.items[1].label == "old", vim.inspect(offered.items[1]))
  vim.api.nvim_buf_set_lines(buffer, 3, 4, false, { "new = old" })

  -- A new name is given everywhere.
  vim.api.nvim_win_set_cursor(0, { 3, 0 })
  vim.lsp.buf.rename("one")
  wait("the new name", function()
    return lines()[3] == "one = 1" and lines()[4] == "new = one"
  end)

  -- What is written anyhow is formatted.
  vim.api.nvim_buf_set_lines(buffer, 2, 3, false, { "one   =   1" })
  local edits = ask("textDocument/formatting", { options = { tabSize = 2, insertSpaces = true } })
  vim.lsp.util.apply_text_edits(edits, buffer, vim.lsp.get_client_by_id(id).offset_encoding)
  assert(lines()[3] == "one = 1", lines()[3])

  -- What is deployed is planned from above it, by the command that somebody has for it.
  vim.api.nvim_buf_set_lines(buffer, 4, 4, false, {
    "stage apps = 10",
    "namespace tools { stage = apps }",
    'app web in tools { image = "docker.io/library/httpd:2.4.65" }',
  })
  local lenses = ask("textDocument/codeLens", {})
  vim.lsp.codelens.on_codelens(nil, lenses, { method = "textDocument/codeLens", client_id = id, bufnr = buffer })
  vim.ui.select = function(all, _, chosen)
    chosen(all[1], 1)
  end
  vim.api.nvim_win_set_cursor(0, { 7, 4 })
  vim.lsp.codelens.run()
  wait("a plan", function()
    return planned ~= nil and planned[2][1] == "10_apps/web"
  end)

  vim.lsp.stop_client(id)

  -- The parser that is committed is loaded, and so are the queries that Neovim has a use for.
  local load = vim.treesitter.language and vim.treesitter.language.add
  if load then
    load("hl", { path = vim.env.HLC_PARSER })
  else
    vim.treesitter.require_language("hl", vim.env.HLC_PARSER)
  end
  local root = vim.treesitter.get_parser(buffer, "hl"):parse()[1]:root()
  assert(not root:has_error() and root:type() == "source_file", root:sexpr())
  local parse_query = vim.treesitter.query.parse or vim.treesitter.parse_query
  for _, name in ipairs({ "highlights", "injections", "folds", "indents", "locals" }) do
    local lines = vim.fn.readfile(vim.env.HLC_QUERIES .. "/" .. name .. ".scm")
    parse_query("hl", table.concat(lines, "\n"))
  end
end)
if not ok then
  fail(why)
end
print("neovim: problems, completion, rename, formatting, lenses and trees work\n")
vim.cmd("qall!")
