// The parts of the style that a program can check: sizes, words, paths, assertions that stay on.
#include <gtest/gtest.h>

#include <algorithm>
#include <cassert>
#include <string>
#include <string_view>
#include <vector>

#include "tests/lint/source_tree.h"

namespace lint {
namespace {

constexpr size_t kMaxFileLines = 500;
constexpr size_t kMaxFunctionLines = 70;
constexpr size_t kMaxColumns = 100;

using Findings = std::vector<std::string>;

bool IsBuildFile(std::string_view path) {
  return path.ends_with(".cmake") || path.ends_with("CMakeLists.txt") ||
         path.ends_with("CMakePresets.json");
}

bool IsScript(const SourceFile& file) {
  return file.path.ends_with(".sh") || file.text.starts_with("#!");
}

// --- Files and lines ---------------------------------------------------------------------------

Findings CheckFileLength(std::string_view path, std::string_view text) {
  const size_t count = Lines(text).size();
  if (count <= kMaxFileLines) return {};
  return {Finding(path, count, "a file has at most 500 lines")};
}

// Columns are characters, not bytes: the first byte of each UTF-8 character counts.
size_t Columns(std::string_view line) {
  return static_cast<size_t>(std::count_if(line.begin(), line.end(), [](char c) {
    return (static_cast<unsigned>(c) & 0xC0u) != 0x80u;
  }));
}

Findings CheckLineLength(std::string_view path, std::string_view text) {
  Findings findings;
  const std::vector<std::string_view> lines = Lines(text);
  for (size_t i = 0; i < lines.size(); ++i) {
    if (Columns(lines[i]) <= kMaxColumns) continue;
    findings.push_back(Finding(path, i + 1, "a line has at most 100 columns"));
  }
  return findings;
}

// --- Functions ---------------------------------------------------------------------------------

// Finds where functions begin and end from braces alone. What stands before a '{' decides: a
// parameter list makes it a function, unless the text opens a class or a namespace. Macros that
// define functions (TEST) look alike. An estimate for formatted code, not a parser.
class FunctionFinder {
 public:
  explicit FunctionFinder(std::string_view text) : code_(TakeApart(text).code) {
    BlankDirectives();
  }

  struct Function {
    size_t first_line;
    size_t last_line;
  };

  std::vector<Function> Run() {
    for (size_t i = 0; i < code_.size(); ++i) {
      const char c = code_[i];
      if (c == '\n') ++line_;
      if (c == '{') {
        Open();
      } else if (c == '}') {
        Close(i);
      } else if (c == ';' && !InFunction()) {
        header_.clear();
      } else if (!InFunction() && !(header_.empty() && IsSpace(c))) {
        if (header_.empty()) header_line_ = line_;
        header_ += c;
        if (header_ == "public:" || header_ == "private:" || header_ == "protected:") {
          header_.clear();
        }
      }
    }
    return functions_;
  }

 private:
  static bool IsSpace(char c) { return c == ' ' || c == '\n' || c == '\t'; }

  bool InFunction() const { return function_depth_ > 0; }

  // A directive is no part of the declaration after it; nor are its continuation lines.
  void BlankDirectives() {
    bool inside = false;
    size_t begin = 0;
    while (begin < code_.size()) {
      const size_t end = std::min(code_.find('\n', begin), code_.size());
      const size_t first = code_.find_first_not_of(" \t", begin);
      inside = inside || (first < end && code_[first] == '#');
      const bool continues = inside && end > begin && code_[end - 1] == '\\';
      if (inside) std::fill(code_.begin() + Signed(begin), code_.begin() + Signed(end), ' ');
      inside = continues;
      begin = end + 1;
    }
  }

  static std::ptrdiff_t Signed(size_t at) { return static_cast<std::ptrdiff_t>(at); }

  // A brace between parentheses is an argument, as in `void F(A a = {})`.
  bool InArgument() const {
    return !InFunction() && std::count(header_.begin(), header_.end(), '(') >
                                std::count(header_.begin(), header_.end(), ')');
  }

  void Open() {
    if (InArgument()) return;
    ++depth_;
    if (InFunction()) return;
    if (IsFunctionHeader()) {
      function_depth_ = depth_;
      function_header_ = header_;
    } else {
      header_.clear();
    }
  }

  void Close(size_t at) {
    if (InArgument()) return;
    if (InFunction() && depth_ == function_depth_) {
      function_depth_ = 0;
      // `Foo::Foo(int a) : a_{a}, b_{b} {`: that was a member's initializer, the body comes later.
      const size_t next = code_.find_first_not_of(" \n\t", at + 1);
      const bool goes_on = next != std::string::npos && (code_[next] == ',' || code_[next] == '{');
      if (goes_on) {
        header_ = function_header_;
      } else {
        functions_.push_back({header_line_, line_});
        header_.clear();
      }
    } else if (!InFunction()) {
      header_.clear();
    }
    if (depth_ > 0) --depth_;
  }

  bool IsFunctionHeader() const {
    const std::string_view rest = WithoutTemplate(header_);
    for (std::string_view word :
         {"namespace", "class", "struct", "union", "enum", "inline namespace"}) {
      if (FindWord(rest, word) == 0) return false;
    }
    const size_t last = rest.find_last_not_of(" \n\t");
    if (last == std::string_view::npos || rest[last] == '=' || rest[last] == '(') return false;
    return rest.find('(') != std::string_view::npos;
  }

  // Drops `template <...>`.
  static std::string_view WithoutTemplate(std::string_view text) {
    while (FindWord(text, "template") == 0) {
      text.remove_prefix(TemplateLength(text));
      text.remove_prefix(std::min(text.find_first_not_of(" \n\t"), text.size()));
    }
    return text;
  }

  static size_t TemplateLength(std::string_view text) {
    int depth = 0;
    for (size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '<') ++depth;
      if (text[i] == '>' && --depth == 0) return i + 1;
    }
    return text.size();
  }

  std::string code_;
  std::string header_;  // What stands since the last declaration ended.
  std::string function_header_;
  std::vector<Function> functions_;
  size_t line_ = 1;
  size_t header_line_ = 1;
  int depth_ = 0;
  int function_depth_ = 0;  // The depth of the function we are in; 0 outside.
};

Findings CheckFunctionLength(std::string_view path, std::string_view text) {
  Findings findings;
  for (const FunctionFinder::Function& function : FunctionFinder(text).Run()) {
    const size_t lines = function.last_line - function.first_line + 1;
    if (lines <= kMaxFunctionLines) continue;
    findings.push_back(
        Finding(path, function.first_line,
                "a function has at most 70 lines, this has " + std::to_string(lines)));
  }
  return findings;
}

// --- Words -------------------------------------------------------------------------------------

// Written in pieces, so that this file passes its own test.
const std::vector<std::string>& BannedWords() {
  static const std::vector<std::string> words = {
      "TO"
      "DO",
      "FIX"
      "ME",
      "XX"
      "X",
      "HA"
      "CK"};
  return words;
}

Findings CheckWords(std::string_view path, std::string_view text) {
  Findings findings;
  const std::vector<std::string_view> lines = Lines(text);
  for (size_t i = 0; i < lines.size(); ++i) {
    for (const std::string& word : BannedWords()) {
      if (FindWord(lines[i], word) == std::string_view::npos) continue;
      findings.push_back(Finding(path, i + 1, word + ": do it, or leave it"));
    }
  }
  return findings;
}

// A path that exists on one machine only. It begins where no path goes on: `a/home/b` is none.
Findings CheckPaths(std::string_view path, std::string_view text) {
  Findings findings;
  const std::vector<std::string_view> lines = Lines(text);
  const std::vector<std::string> machine_folders = {
      "/wo"
      "rk/",
      "/ho"
      "me/"};
  for (size_t i = 0; i < lines.size(); ++i) {
    for (const std::string& folder : machine_folders) {
      for (size_t at = lines[i].find(folder); at != std::string_view::npos;
           at = lines[i].find(folder, at + 1)) {
        const char before = at == 0 ? ' ' : lines[i][at - 1];
        if (IsWordChar(before) || std::string_view(".}*)").find(before) < 4) continue;
        findings.push_back(Finding(path, i + 1, "the path of one machine: " + folder));
      }
    }
  }
  return findings;
}

// Where the statement that begins at `at` is over: at a `;` outside all brackets, at the bracket
// that closes what it stands in, or at the brace that ends a function's body.
size_t EndOfStatement(std::string_view code, size_t at) {
  int depth = 0;
  for (; at < code.size(); ++at) {
    const char c = code[at];
    if (c == '(' || c == '{') ++depth;
    if (c == ')' || c == '}') --depth;
    if (depth < 0 || (depth == 0 && c == ';')) return at;
  }
  return at;
}

// Nobody switches assertions off. A build file may name the macro to take it out of the flags.
Findings CheckAssertionsStayOn(std::string_view path, std::string_view text) {
  Findings findings;
  if (!IsCpp(path) && !IsBuildFile(path)) return findings;
  const std::string code = IsCpp(path) ? TakeApart(text).code : std::string(text);
  const std::vector<std::string_view> lines = Lines(code);
  for (size_t i = 0; i < lines.size(); ++i) {
    const bool names_it = lines[i].find("NDEBUG") != std::string_view::npos;
    const bool removes_it = IsBuildFile(path) && lines[i].find("REPLACE") != std::string_view::npos;
    if (names_it && !removes_it) {
      findings.push_back(Finding(path, i + 1, "assertions are on in every build of ours"));
    }
  }
  return findings;
}

// A property that fails by EXPECT_ fails a hundred times over and is never made smaller. What is
// looked at: the arguments of whatever runs properties, and functions that answer what broke.
Findings CheckProperties(std::string_view path, std::string_view text) {
  Findings findings;
  if (!IsCpp(path)) return findings;
  const std::string code = TakeApart(text).code;
  const std::vector<std::string> runners = {"rc::check(", "CheckProperty(", "RunProperty(",
                                            "KeptBy ",    "RC_GTEST_PROP(", "checkTestable("};
  for (const std::string& runner : runners) {
    for (size_t at = code.find(runner); at != std::string::npos; at = code.find(runner, at + 1)) {
      const bool is_word = at == 0 || !IsWordChar(code[at - 1]);
      const size_t end = EndOfStatement(code, at);
      for (const std::string_view word : {"EXPECT_", "ASSERT_"}) {
        const size_t found = code.find(word, at);
        if (!is_word || found >= end) continue;
        const auto line =
            std::count(code.begin(), code.begin() + static_cast<ptrdiff_t>(found), '\n');
        findings.push_back(Finding(path, static_cast<size_t>(line) + 1,
                                   "a property says what is wrong; it expects nothing"));
      }
    }
  }
  return findings;
}

template <typename Check>
Findings CheckTree(Check check) {
  Findings findings;
  for (const SourceFile& file : ReadTree()) {
    for (const std::string& finding : check(file)) findings.push_back(finding);
  }
  return findings;
}

TEST(Style, FilesHaveAtMost500Lines) {
  const Findings findings = CheckTree([](const SourceFile& file) {
    const bool is_code = IsCpp(file.path) || IsBuildFile(file.path) || IsScript(file);
    return is_code ? CheckFileLength(file.path, file.text) : Findings();
  });
  EXPECT_TRUE(findings.empty()) << Joined(findings);
}

TEST(Style, LinesHaveAtMost100Columns) {
  const Findings findings = CheckTree([](const SourceFile& file) {
    return IsCpp(file.path) ? CheckLineLength(file.path, file.text) : Findings();
  });
  EXPECT_TRUE(findings.empty()) << Joined(findings);
}

TEST(Style, FunctionsHaveAtMost70Lines) {
  size_t functions = 0;
  const Findings findings = CheckTree([&](const SourceFile& file) {
    if (!IsCpp(file.path)) return Findings();
    functions += FunctionFinder(file.text).Run().size();
    return CheckFunctionLength(file.path, file.text);
  });
  EXPECT_TRUE(findings.empty()) << Joined(findings);
  EXPECT_GT(functions, 0u);
}

TEST(Style, NoFileHoldsANoteToSelf) {
  const Findings findings =
      CheckTree([](const SourceFile& file) { return CheckWords(file.path, file.text); });
  EXPECT_TRUE(findings.empty()) << Joined(findings);
}

TEST(Style, NoFileNamesAPathOfOneMachine) {
  const Findings findings =
      CheckTree([](const SourceFile& file) { return CheckPaths(file.path, file.text); });
  EXPECT_TRUE(findings.empty()) << Joined(findings);
}

TEST(Style, NoPropertyExpects) {
  const Findings findings =
      CheckTree([](const SourceFile& file) { return CheckProperties(file.path, file.text); });
  EXPECT_TRUE(findings.empty()) << Joined(findings);
}

TEST(Style, NobodySwitchesAssertionsOff) {
  const Findings findings =
      CheckTree([](const SourceFile& file) { return CheckAssertionsStayOn(file.path, file.text); });
  EXPECT_TRUE(findings.empty()) << Joined(findings);
  bool ran = false;
  assert((ran = true));
  EXPECT_TRUE(ran) << "this build type compiles assertions away";
}

// --- The checks themselves ---------------------------------------------------------------------

std::string Repeated(std::string_view text, size_t count) {
  std::string result;
  for (size_t i = 0; i < count; ++i) result += text;
  return result;
}

std::string Function(std::string_view head, size_t lines) {
  return std::string(head) + " {\n" + Repeated("  if (x) { y({1}); }\n", lines - 2) + "}\n";
}

TEST(StyleCheck, FindsAFileOf501Lines) {
  EXPECT_TRUE(CheckFileLength("a.cc", Repeated("x\n", 500)).empty());
  EXPECT_FALSE(CheckFileLength("a.cc", Repeated("x\n", 501)).empty());
}

TEST(StyleCheck, FindsALineOf101Columns) {
  EXPECT_TRUE(CheckLineLength("a.cc", Repeated("x", 100)).empty());
  EXPECT_FALSE(CheckLineLength("a.cc", Repeated("x", 101)).empty());
  EXPECT_TRUE(CheckLineLength("a.cc", Repeated("→", 100)).empty());
}

TEST(StyleCheck, FindsAFunctionOf71LinesAtItsFirstLine) {
  const std::string before = "#include <a>\nnamespace b {\nclass C {\n public:\n";
  const std::string after = "};\n}\n";
  for (std::string_view head :
       {"void F(int a)", "TEST(Claim, Holds)", "int C::F() const noexcept",
        "Foo::Foo(int a) : a_{a}, b_{b}", "Foo::Foo(int a)\n    : a_(a), b_{b}",
        "template <typename T, class U = A<B>>\nU F(T t)", "auto F() -> std::vector<int>",
        "bool operator==(const A& a, const B& b)", "bool operator()(int a)",
        "void F() REQUIRES(lock)", "void F(A a = {})",
        "void F(std::vector<int> a = {1, 2}, int b)"}) {
    SCOPED_TRACE(head);
    const size_t fitting = kMaxFunctionLines - Lines(head).size() + 1;
    const Findings none = CheckFunctionLength("a.cc", before + Function(head, fitting) + after);
    EXPECT_TRUE(none.empty()) << Joined(none);
    const Findings one = CheckFunctionLength("a.cc", before + Function(head, fitting + 1) + after);
    ASSERT_EQ(one.size(), 1u);
    EXPECT_EQ(one[0], "a.cc:5: a function has at most 70 lines, this has 71");
  }
}

TEST(StyleCheck, CountsEachFunctionOnce) {
  const std::string text =
      "int a{3};\nstatic const B b = {1, {2}};\nint F(int a) { return a; }\n"
      "#define G(x) { x }\nclass C : D<int(int)> {\n public:\n  C() : c_{1} {}\n"
      "  int H() {\n    auto l = [&](int x) { return x; };\n    if (l(1)) { return 2; }\n"
      "    return 3;\n  }\n private:\n  int c_ = 0;\n};\n";
  EXPECT_EQ(FunctionFinder(text).Run().size(), 3u);
}

TEST(StyleCheck, LongClassesNamespacesAndTablesAreNoFunctions) {
  for (std::string_view head :
       {"class A : public B<decltype(c())>", "namespace a", "struct CAPABILITY(x) A",
        "enum class A : int", "constexpr A kTable[] =", "inline namespace A"}) {
    const std::string text = std::string(head) + " {\n" + Repeated("  {1, 2},\n", 100) + "};\n";
    EXPECT_TRUE(CheckFunctionLength("a.cc", text).empty()) << head;
  }
}

TEST(StyleCheck, FindsNotesToSelf) {
  for (const std::string& word : BannedWords()) {
    EXPECT_FALSE(CheckWords("a.md", "// " + word + ": later\n").empty()) << word;
    EXPECT_TRUE(CheckWords("a.md", "x" + word + "\n").empty()) << word;
  }
}

TEST(StyleCheck, FindsExpectationsInsideProperties) {
  const std::string word = "EXPECT_" + std::string("EQ(a, b);");
  EXPECT_EQ(CheckProperties("a.cc", "rc::check([] {\n  " + word + "\n});\n").size(), 1u);
  EXPECT_EQ(CheckProperties("a.cc", "const KeptBy k = [] {\n  " + word + "\n};\n").size(), 1u);
  EXPECT_TRUE(CheckProperties("a.cc", "rc::check(f);\n" + word + "\n").empty());
  EXPECT_TRUE(CheckProperties("a.cc", "using KeptBy = int;\n" + word + "\n").empty());
  EXPECT_TRUE(CheckProperties("a.md", "rc::check([] { " + word + " });\n").empty());
}

TEST(StyleCheck, FindsPathsOfOneMachine) {
  const std::string folder =
      "/ho"
      "me/";
  EXPECT_FALSE(CheckPaths("a.md", "see " + folder + "me/x\n").empty());
  EXPECT_FALSE(CheckPaths("a.md", folder + "me/x\n").empty());
  EXPECT_FALSE(CheckPaths("a.md", "\"" + folder + "me/x\"\n").empty());
  EXPECT_TRUE(CheckPaths("a.md", "$dir" + folder + "x, ${dir}" + folder + "x\n").empty());
}

TEST(StyleCheck, FindsAssertionsSwitchedOff) {
  EXPECT_FALSE(CheckAssertionsStayOn("a.cc", "#define NDEBUG\n").empty());
  EXPECT_FALSE(CheckAssertionsStayOn("a.cc", "#ifdef NDEBUG\n").empty());
  EXPECT_FALSE(
      CheckAssertionsStayOn("x/CMakeLists.txt", "add_compile_definitions(NDEBUG)").empty());
  EXPECT_TRUE(CheckAssertionsStayOn("x.cmake", "string(REPLACE \"-DNDEBUG\" \"\" a)").empty());
  EXPECT_TRUE(CheckAssertionsStayOn("a.cc", "// NDEBUG is never defined.\n").empty());
}

}  // namespace
}  // namespace lint
