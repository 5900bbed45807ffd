// From the top: characters; moving through the text; tokens; the report of a mistake.
#include "model/litmus_lexer.h"

#include <fmt/format.h>

#include <array>
#include <limits>
#include <utility>

#include "core/abi.h"

namespace model {
namespace {

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}
bool IsNameStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool IsNamePart(char c) {
  return IsNameStart(c) || IsDigit(c);
}
bool IsBlank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

int HexDigit(char c) {
  if (IsDigit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

uint8_t ByteAt(std::string_view text, size_t offset) {
  return static_cast<uint8_t>(text[offset]);
}

// Longer ones first: the first that fits is taken.
constexpr auto kSymbols = std::to_array<std::string_view>({
    "<->", "<=", ">=", "!=", "/\\", "\\/", "{", "}", "[", "]", "(", ")",
    ",",   ";",  ":",  ".",  "=",   "<",   ">", "+", "-", "|", "~",
});

// What people write who come from other languages.
constexpr auto kForeignSymbols = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"==", "="},
    {"&&", "/\\"},
    {"||", "\\/"},
});

}  // namespace

CodePoint DecodeUtf8(std::string_view text, size_t offset) {
  const uint8_t first = ByteAt(text, offset);
  if (first < 0x80) return {first, 1};
  uint32_t length = 0;
  char32_t smallest = 0;  // Anything below was encoded longer than necessary.
  if ((first & 0xE0) == 0xC0) {
    length = 2;
    smallest = 0x80;
  } else if ((first & 0xF0) == 0xE0) {
    length = 3;
    smallest = 0x800;
  } else if ((first & 0xF8) == 0xF0) {
    length = 4;
    smallest = 0x10000;
  }
  if (length == 0 || text.size() - offset < length) return {};
  char32_t value = first & (0x7Fu >> length);
  for (uint32_t i = 1; i < length; ++i) {
    const uint8_t byte = ByteAt(text, offset + i);
    if ((byte & 0xC0) != 0x80) return {};
    value = (value << 6) | (byte & 0x3F);
  }
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < smallest || value > 0x10FFFF || surrogate) return {};
  return {value, length};
}

bool IsControlCharacter(char32_t value) {
  return value < 0x20 || (value >= 0x7F && value < 0xA0);
}

size_t CountCodePoints(std::string_view text) {
  size_t count = 0;
  for (char c : text) count += (static_cast<uint8_t>(c) & 0xC0) != 0x80 ? 1 : 0;
  return count;
}

char LitmusLexer::Peek(size_t ahead) const {
  return offset_ + ahead < text_.size() ? text_[offset_ + ahead] : '\0';
}

bool LitmusLexer::Advance() {
  const CodePoint point = DecodeUtf8(text_, offset_);
  if (point.length == 0) {
    return FailHere(fmt::format("byte {:#04x} is not valid UTF-8 here", ByteAt(text_, offset_)));
  }
  const bool line_end = point.value == '\n' || (point.value == '\r' && Peek(1) == '\n');
  if (IsControlCharacter(point.value) && point.value != '\t' && !line_end) {
    return FailHere(
        fmt::format("control character U+{:04X} in the text", static_cast<uint32_t>(point.value)));
  }
  offset_ += point.length;
  ++column_;
  if (point.value == '\n') {
    ++line_;
    column_ = 1;
  }
  return true;
}

void LitmusLexer::AdvanceAscii(size_t count) {
  offset_ += count;
  column_ += static_cast<uint32_t>(count);
}

bool LitmusLexer::SkipBlanks(bool across_lines) {
  while (!AtEnd()) {
    const char c = Peek();
    if (IsBlank(c) || (across_lines && c == '\n')) {
      if (!Advance()) return false;
    } else if (c == '/' && Peek(1) == '/') {
      if (!SkipComment()) return false;
    } else {
      return true;
    }
  }
  return true;
}

bool LitmusLexer::SkipComment() {
  while (!AtEnd() && Peek() != '\n') {
    if (!Advance()) return false;
  }
  return true;
}

Token LitmusLexer::StartToken(TokenKind kind) const {
  Token token;
  token.kind = kind;
  token.position = {line_, column_};
  token.offset = offset_;
  return token;
}

Token LitmusLexer::Finish(Token token) const {
  token.text = text_.substr(token.offset, offset_ - token.offset);
  return token;
}

Token LitmusLexer::FailAt(Token token, std::string message) {
  token.kind = TokenKind::kError;
  token.value = std::move(message);
  failure_ = token;
  return token;
}

bool LitmusLexer::FailHere(std::string message) {
  FailAt(StartToken(TokenKind::kError), std::move(message));
  return false;
}

Token LitmusLexer::Next() {
  if (failure_) return *failure_;
  if (!SkipBlanks(true)) return *failure_;
  if (AtEnd()) return StartToken(TokenKind::kEnd);
  const char c = Peek();
  if (IsNameStart(c)) return LexIdentifier();
  if (IsDigit(c)) return LexNumber();
  if (c == '"') return LexString();
  if (c == '@') return LexTime();
  return LexSymbol();
}

Token LitmusLexer::NextTestName() {
  if (failure_) return *failure_;
  if (!SkipBlanks(false)) return *failure_;
  Token token = StartToken(TokenKind::kIdentifier);
  while (!AtEnd() && Peek() > ' ' && Peek() <= '~') AdvanceAscii(1);
  token = Finish(std::move(token));
  // What ended the name is checked by whoever reads on.
  if (token.text.empty()) return FailAt(std::move(token), "expected the name of the test");
  if (token.text.size() > kMaxLitmusNameBytes) {
    return FailAt(std::move(token), fmt::format("the name of the test is longer than {} characters",
                                                kMaxLitmusNameBytes));
  }
  return token;
}

Token LitmusLexer::FinishLine() {
  if (failure_) return *failure_;
  if (!SkipBlanks(false)) return *failure_;
  if (AtEnd() || Peek() == '\n') return StartToken(TokenKind::kEnd);
  return FailAt(StartToken(TokenKind::kError),
                "expected the end of the line: the name of a test is one word of ASCII characters");
}

Token LitmusLexer::LexIdentifier() {
  Token token = StartToken(TokenKind::kIdentifier);
  while (IsNamePart(Peek())) AdvanceAscii(1);
  token = Finish(std::move(token));
  if (token.text.size() > kMaxLitmusNameBytes) {
    return FailAt(std::move(token),
                  fmt::format("this name is longer than {} characters", kMaxLitmusNameBytes));
  }
  return token;
}

bool LitmusLexer::LexDigits(uint32_t base, uint64_t* number) {
  constexpr uint64_t kMax = std::numeric_limits<uint64_t>::max();
  *number = 0;
  bool fits = true;
  while (true) {
    const int digit = HexDigit(Peek());
    if (digit < 0 || static_cast<uint32_t>(digit) >= base) return fits;
    const uint64_t value = static_cast<uint64_t>(digit);
    fits = fits && *number <= (kMax - value) / base;
    if (fits) *number = *number * base + value;
    AdvanceAscii(1);
  }
}

Token LitmusLexer::LexNumber() {
  Token token = StartToken(TokenKind::kNumber);
  const bool hex = Peek() == '0' && (Peek(1) == 'x' || Peek(1) == 'X') && HexDigit(Peek(2)) >= 0;
  if (hex) AdvanceAscii(2);
  const bool fits = LexDigits(hex ? 16 : 10, &token.number);
  if (IsNamePart(Peek())) {
    return FailAt(std::move(token), "malformed number; numbers are written 15 or 0xF");
  }
  if (!fits) return FailAt(std::move(token), "this number does not fit into 64 bits");
  return Finish(std::move(token));
}

Token LitmusLexer::LexTime() {
  constexpr auto kUnits = std::to_array<std::pair<std::string_view, uint64_t>>(
      {{"ns", 1}, {"us", 1'000}, {"ms", 1'000'000}, {"s", 1'000'000'000}});
  Token token = StartToken(TokenKind::kTime);
  AdvanceAscii(1);
  if (!IsDigit(Peek())) return FailAt(std::move(token), "expected a time such as @15ms");
  uint64_t count = 0;
  const bool fits = LexDigits(10, &count);
  const size_t unit_offset = offset_;
  while (IsNamePart(Peek())) AdvanceAscii(1);
  const std::string_view unit = text_.substr(unit_offset, offset_ - unit_offset);
  for (const auto& [name, factor] : kUnits) {
    if (name != unit) continue;
    constexpr uint64_t kMax = static_cast<uint64_t>(core::kTimeInfinite) - 1;
    if (!fits || count > kMax / factor) {
      return FailAt(std::move(token), "this time is beyond the end of the clock");
    }
    token.number = count * factor;
    return Finish(std::move(token));
  }
  return FailAt(std::move(token), "a time ends with its unit: ns, us, ms or s");
}

Token LitmusLexer::LexString() {
  Token token = StartToken(TokenKind::kString);
  AdvanceAscii(1);
  while (true) {
    const char c = Peek();
    if (AtEnd() || c == '\n' || (c == '\r' && Peek(1) == '\n')) {
      return FailAt(std::move(token), "this string does not end on its line; expected '\"'");
    }
    if (c == '"') break;
    if (c == '\\') {
      if (!LexEscape(&token.value)) return *failure_;
    } else if (c == '\t') {
      FailHere("a tab inside a string; write \\t");
      return *failure_;
    } else {
      const size_t start = offset_;
      if (!Advance()) return *failure_;
      token.value.append(text_.substr(start, offset_ - start));
    }
    if (token.value.size() > kMaxLitmusStringBytes) {
      return FailAt(std::move(token),
                    fmt::format("this string is longer than {} bytes", kMaxLitmusStringBytes));
    }
  }
  AdvanceAscii(1);
  return Finish(std::move(token));
}

bool LitmusLexer::LexEscape(std::string* value) {
  switch (Peek(1)) {
    case '"':
    case '\\':
      value->push_back(Peek(1));
      break;
    case 'n':
      value->push_back('\n');
      break;
    case 't':
      value->push_back('\t');
      break;
    case 'x': {
      const int high = HexDigit(Peek(2));
      const int low = HexDigit(Peek(3));
      if (high < 0 || low < 0) return FailHere("expected two hexadecimal digits after \\x");
      value->push_back(static_cast<char>(high * 16 + low));
      AdvanceAscii(4);
      return true;
    }
    default:
      return FailHere("unknown escape; expected \\\", \\\\, \\n, \\t or \\xHH");
  }
  AdvanceAscii(2);
  return true;
}

Token LitmusLexer::LexSymbol() {
  Token token = StartToken(TokenKind::kSymbol);
  const std::string_view rest = text_.substr(offset_);
  for (const auto& [foreign, ours] : kForeignSymbols) {
    if (rest.starts_with(foreign)) {
      return FailAt(std::move(token),
                    fmt::format("unexpected '{}'; it is written '{}' here", foreign, ours));
    }
  }
  for (std::string_view symbol : kSymbols) {
    if (!rest.starts_with(symbol)) continue;
    AdvanceAscii(symbol.size());
    return Finish(std::move(token));
  }
  if (!Advance()) return *failure_;  // Not even text.
  const std::string_view character = text_.substr(token.offset, offset_ - token.offset);
  if (character.size() > 1) {
    return FailAt(std::move(token),
                  fmt::format("unexpected character '{}'; only strings and comments may hold "
                              "characters beyond ASCII",
                              character));
  }
  return FailAt(std::move(token), fmt::format("unexpected character '{}'", character));
}

namespace {

constexpr size_t kShownCodePoints = 120;

bool IsContinuationByte(char c) {
  return (static_cast<uint8_t>(c) & 0xC0) == 0x80;
}

// The offset `count` code points before `offset`, but not before the start of the line.
size_t BackWithinLine(std::string_view text, size_t offset, size_t count) {
  const auto at_line_start = [&] { return offset == 0 || text[offset - 1] == '\n'; };
  while (count > 0 && !at_line_start()) {
    --offset;
    // A code point has at most three continuation bytes; more of them are characters of their own.
    for (int i = 0; i < 3 && !at_line_start() && IsContinuationByte(text[offset]); ++i) --offset;
    --count;
  }
  return offset;
}

}  // namespace

LitmusError MakeLitmusError(std::string_view text, size_t offset, SourcePosition position,
                            std::string message) {
  LitmusError error;
  error.line = position.line;
  error.column = position.column;
  error.message = std::move(message);
  // A line that is short enough is shown whole; of a longer one, what surrounds the mistake.
  size_t at = BackWithinLine(text, offset, kShownCodePoints - 1);
  const bool whole = at == 0 || text[at - 1] == '\n';
  if (!whole) at = BackWithinLine(text, offset, kShownCodePoints / 2);
  if (!whole) error.source_line = "...";
  size_t shown = error.source_line.size();
  error.source_column = static_cast<uint32_t>(shown + 1);
  while (at < text.size() && text[at] != '\n') {
    if (shown == kShownCodePoints) {
      error.source_line += "...";
      break;
    }
    const CodePoint point = DecodeUtf8(text, at);
    if (text[at] == '\r' && (at + 1 == text.size() || text[at + 1] == '\n')) break;
    const bool printable =
        point.length != 0 && (point.value == '\t' || !IsControlCharacter(point.value));
    // A replacement character for what would garble the terminal.
    error.source_line += printable ? text.substr(at, point.length) : "\xEF\xBF\xBD";
    at += point.length == 0 ? 1 : point.length;
    ++shown;
    if (at <= offset) error.source_column = static_cast<uint32_t>(shown + 1);
  }
  return error;
}

}  // namespace model
