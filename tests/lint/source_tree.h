// The files of this repository as values, for the tests that hold the code to its own rules.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lint {

struct SourceFile {
  std::string path;  // From the top of the repository, with '/'.
  std::string text;
};

/// Every text file of the repository, sorted by path. Build folders, version control and files
/// that hold zero bytes are left out.
std::vector<SourceFile> ReadTree();

/// Reads one file of the repository; empty if there is none.
std::string ReadSource(std::string_view path);

bool IsCpp(std::string_view path);

/// The lines of a text, without their ends.
std::vector<std::string_view> Lines(std::string_view text);

/// A C++ text taken apart. Both parts are as long as the text and keep its line ends; what does
/// not belong to a part is blank there.
struct CppParts {
  std::string code;      // No comments, and nothing between quotes; the quotes stay.
  std::string comments;  // Only comments, with their slashes.
};
CppParts TakeApart(std::string_view text);

/// Is `c` part of a word (a letter, a digit, '_')?
bool IsWordChar(char c);

/// Where `word` stands in `text` as a whole word, from `from` on; npos if nowhere.
size_t FindWord(std::string_view text, std::string_view word, size_t from = 0);

/// "path:line: message", the form of every finding.
std::string Finding(std::string_view path, size_t line, std::string_view message);

/// The findings, one per line, for a failure message.
std::string Joined(const std::vector<std::string>& findings);

}  // namespace lint
