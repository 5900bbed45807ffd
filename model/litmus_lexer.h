// Cuts a litmus text into tokens, with exact positions.
//
// The text may be anything: a byte that cannot be part of a litmus file becomes one token of kind
// kError, and nothing is read beyond it. Every byte is looked at once, so time is linear.
// Internal to this library.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/litmus.h"
#include "model/program.h"

namespace model {

inline constexpr size_t kMaxLitmusBytes = 1 << 20;
inline constexpr size_t kMaxLitmusStringBytes = 64 << 10;
inline constexpr size_t kMaxLitmusNameBytes = 64;

struct CodePoint {
  char32_t value = 0;
  uint32_t length = 0;  // In bytes; 0: the bytes are not UTF-8.
};
/// The code point that starts at `offset`, which is inside `text`.
CodePoint DecodeUtf8(std::string_view text, size_t offset);
/// True of what would do something to a terminal, and of line ends and tabs.
bool IsControlCharacter(char32_t value);
/// The number of code points in valid UTF-8.
size_t CountCodePoints(std::string_view text);

enum class TokenKind : uint8_t {
  kEnd,
  kError,
  kIdentifier,
  kNumber,
  kString,
  kTime,  // `@15ms`
  kSymbol,
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string_view text;  // As written.
  std::string value;      // kString: without quotes and escapes. kError: what is wrong.
  uint64_t number = 0;    // kNumber; kTime: in nanoseconds.
  SourcePosition position;
  size_t offset = 0;  // Of its first byte in the text.
};

class LitmusLexer {
 public:
  explicit LitmusLexer(std::string_view text) : text_(text) {}

  /// The next token. After kEnd or kError, the same token again.
  Token Next();
  /// The rest of the line up to a blank, as an identifier; kError if there is nothing.
  Token NextTestName();
  /// kEnd if only blanks and a comment are left on the line; otherwise kError.
  Token FinishLine();

 private:
  bool AtEnd() const { return offset_ >= text_.size(); }
  char Peek(size_t ahead = 0) const;
  // Takes one code point; reports what must not stand in a litmus file.
  bool Advance();
  void AdvanceAscii(size_t count);
  bool SkipBlanks(bool across_lines);
  bool SkipComment();

  Token StartToken(TokenKind kind) const;
  Token Finish(Token token) const;
  Token FailAt(Token token, std::string message);
  bool FailHere(std::string message);

  Token LexIdentifier();
  Token LexNumber();
  Token LexTime();
  Token LexString();
  bool LexEscape(std::string* value);
  Token LexSymbol();
  // Reads digits into `number`; false if it does not fit.
  bool LexDigits(uint32_t base, uint64_t* number);

  std::string_view text_;
  size_t offset_ = 0;
  uint32_t line_ = 1;
  uint32_t column_ = 1;
  std::optional<Token> failure_;
};

/// The error at a place in the text, with the part of its line that is worth showing.
LitmusError MakeLitmusError(std::string_view text, size_t offset, SourcePosition position,
                            std::string message);

}  // namespace model
