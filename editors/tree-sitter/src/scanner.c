// Where a line's end ends a statement: the parser asks only where one may end, so nothing need be known of brackets.
// The rules are those of "Where a statement ends" in docs/grammar.md.

#include "tree_sitter/parser.h"

enum TokenType { NEWLINE, DOC_TEXT, ERROR };

static inline bool is_blank(int32_t c) { return c == ' ' || c == '\t'; }
static inline bool is_letter(int32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static inline bool is_in_word(int32_t c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; }

static void skip_line(TSLexer *lexer) {
  while (lexer->lookahead != '\n' && !lexer->eof(lexer)) lexer->advance(lexer, false);
}

// Whether `=` or `+=` is next, behind blanks: what stands before it is set, whatever word it is.
static bool assigns(TSLexer *lexer) {
  while (is_blank(lexer->lookahead)) lexer->advance(lexer, false);
  if (lexer->lookahead == '=') {
    lexer->advance(lexer, false);
    return lexer->lookahead != '=' && lexer->lookahead != '>';
  }
  if (lexer->lookahead == '+') {
    lexer->advance(lexer, false);
    return lexer->lookahead == '=';
  }
  return false;
}

// Whether the word that is next goes on with an expression.
static bool is_operator_word(TSLexer *lexer) {
  static const char *const WORDS[] = {"and", "or", "in", "contains", "then", "else"};
  char word[9];
  unsigned length = 0;
  while (is_in_word(lexer->lookahead)) {
    if (length + 1 >= sizeof word) return false;
    word[length++] = (char)lexer->lookahead;
    lexer->advance(lexer, false);
  }
  word[length] = 0;
  for (unsigned at = 0; at < sizeof WORDS / sizeof *WORDS; at++) {
    unsigned same = 0;
    while (word[same] && word[same] == WORDS[at][same]) same++;
    if (word[same] || WORDS[at][same]) continue;
    if (lexer->lookahead == '-' || lexer->lookahead == '.') return false;
    return !assigns(lexer);
  }
  return false;
}

// Whether what is next goes on with the statement of the line before.
static bool goes_on(TSLexer *lexer) {
  int32_t first = lexer->lookahead;
  if (is_letter(first)) return is_operator_word(lexer);
  switch (first) {
    case '=': case '+': case '-': case '<': case '>': case '*': case '%': case '.': case '|': case '@':
      return true;
    case '!':
      lexer->advance(lexer, false);
      return lexer->lookahead == '=';
    case '?':
      lexer->advance(lexer, false);
      return lexer->lookahead == '.' || lexer->lookahead == '?';
    case '/': // Directly before more it begins a path.
      lexer->advance(lexer, false);
      return is_blank(lexer->lookahead) || lexer->lookahead == '\n' || lexer->lookahead == '\r';
    default:
      return false;
  }
}

void *tree_sitter_hl_external_scanner_create(void) { return NULL; }
void tree_sitter_hl_external_scanner_destroy(void *payload) { (void)payload; }
unsigned tree_sitter_hl_external_scanner_serialize(void *payload, char *buffer) {
  (void)payload, (void)buffer;
  return 0;
}
void tree_sitter_hl_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
  (void)payload, (void)buffer, (void)length;
}

bool tree_sitter_hl_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid) {
  (void)payload;
  // What follows `##` in its line, which may be nothing. While the parser recovers it would take anything.
  if (valid[DOC_TEXT] && !valid[ERROR]) {
    if (lexer->lookahead == '#') return false;
    skip_line(lexer);
    lexer->result_symbol = DOC_TEXT;
    return true;
  }
  if (!valid[NEWLINE]) return false;
  while (is_blank(lexer->lookahead) || lexer->lookahead == '\r') lexer->advance(lexer, true);
  if (lexer->lookahead != '\n') return false;
  lexer->advance(lexer, false);
  lexer->mark_end(lexer);
  lexer->result_symbol = NEWLINE;
  // Comments belong to neither line; they are looked over, and read later.
  for (;;) {
    while (is_blank(lexer->lookahead) || lexer->lookahead == '\r' || lexer->lookahead == '\n') lexer->advance(lexer, false);
    if (lexer->lookahead != '#') break;
    skip_line(lexer);
  }
  return lexer->eof(lexer) || !goes_on(lexer);
}
