#include "tests/lint/source_tree.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace lint {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSourceDir = HEDDLE_SOURCE_DIR;

std::string ReadFile(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// In a linked work tree, .git is a file.
bool IsSkipped(std::string_view name) {
  return name == ".git" || name == ".heddle" || name == ".cache" || name.starts_with("build");
}

// Walks a C++ text once and sorts its characters. Not a full lexer: it knows comments, literals
// (raw ones too) and digit separators, as everything else can't hide a quote or a slash.
class Splitter {
 public:
  explicit Splitter(std::string_view text)
      : text_(text), parts_{std::string(text.size(), ' '), std::string(text.size(), ' ')} {}

  CppParts Run() {
    while (at_ < text_.size()) Next();
    for (size_t i = 0; i < text_.size(); ++i) {
      if (text_[i] == '\n') parts_.code[i] = parts_.comments[i] = '\n';
    }
    return std::move(parts_);
  }

 private:
  char Peek(size_t ahead) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

  void Next() {
    const char c = text_[at_];
    if (c == '/' && Peek(1) == '/') {
      Comment(std::min(text_.find('\n', at_), text_.size()));
    } else if (c == '/' && Peek(1) == '*') {
      Comment(Past("*/", at_ + 2));
    } else if (c == '"' || c == '\'') {
      Literal(c);
    } else if (IsWordChar(c)) {
      Word();
    } else {
      parts_.code[at_++] = c;
    }
  }

  size_t Past(std::string_view end, size_t from) const {
    const size_t found = text_.find(end, from);
    return found == std::string_view::npos ? text_.size() : found + end.size();
  }

  void Comment(size_t end) {
    for (; at_ < end; ++at_) parts_.comments[at_] = text_[at_];
  }

  // A literal that lacks its end stops with the line, so that an odd quote spoils one line only.
  void Literal(char quote) {
    parts_.code[at_++] = quote;
    while (at_ < text_.size() && text_[at_] != quote && text_[at_] != '\n') {
      at_ += text_[at_] == '\\' ? 2 : 1;
    }
    if (at_ < text_.size() && text_[at_] == quote) parts_.code[at_++] = quote;
  }

  void Word() {
    const size_t begin = at_;
    const bool is_number = std::isdigit(static_cast<unsigned char>(text_[at_])) != 0;
    while (at_ < text_.size() && (IsWordChar(text_[at_]) || (is_number && IsSeparator()))) {
      parts_.code[at_] = text_[at_];
      ++at_;
    }
    const std::string_view word = text_.substr(begin, at_ - begin);
    if (Peek(0) == '"' && (word == "R" || word == "u8R" || word == "uR" || word == "LR")) Raw();
  }

  bool IsSeparator() const { return text_[at_] == '\'' && IsWordChar(Peek(1)); }

  void Raw() {
    parts_.code[at_] = '"';
    const size_t open = std::min(text_.find('(', at_), text_.size());
    const std::string end = ")" + std::string(text_.substr(at_ + 1, open - at_ - 1)) + "\"";
    at_ = Past(end, open);
    parts_.code[at_ - 1] = '"';
  }

  std::string_view text_;
  CppParts parts_;
  size_t at_ = 0;
};

}  // namespace

std::vector<SourceFile> ReadTree() {
  std::vector<SourceFile> files;
  const fs::path top(kSourceDir);
  for (auto it = fs::recursive_directory_iterator(top); it != fs::end(it); ++it) {
    if (IsSkipped(it->path().filename().string())) {
      if (it->is_directory()) it.disable_recursion_pending();
    } else if (it->is_regular_file()) {
      std::string text = ReadFile(it->path());
      if (text.find('\0') != std::string::npos) continue;
      files.push_back({fs::relative(it->path(), top).generic_string(), std::move(text)});
    }
  }
  std::sort(files.begin(), files.end(),
            [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
  return files;
}

std::string ReadSource(std::string_view path) {
  return ReadFile(fs::path(kSourceDir) / path);
}

bool IsCpp(std::string_view path) {
  return path.ends_with(".h") || path.ends_with(".cc");
}

std::vector<std::string_view> Lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return lines;
}

CppParts TakeApart(std::string_view text) {
  return Splitter(text).Run();
}

bool IsWordChar(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

size_t FindWord(std::string_view text, std::string_view word, size_t from) {
  for (size_t at = text.find(word, from); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    const size_t end = at + word.size();
    if ((at == 0 || !IsWordChar(text[at - 1])) && (end == text.size() || !IsWordChar(text[end]))) {
      return at;
    }
  }
  return std::string_view::npos;
}

std::string Finding(std::string_view path, size_t line, std::string_view message) {
  return std::string(path) + ":" + std::to_string(line) + ": " + std::string(message);
}

std::string Joined(const std::vector<std::string>& findings) {
  std::string text;
  for (const std::string& finding : findings) text += finding + "\n";
  return text;
}

}  // namespace lint
