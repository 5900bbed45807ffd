// Two properties of the litmus language. Whatever the text, reading it ends in a value that
// survives being printed, or in a mistake with a place in the text. And whatever the value, what is
// printed is read as that value.
//
// The first draws damage to the files of the catalogue, for two seconds or as many as
// HEDDLE_FUZZ_SECONDS says. Round n always draws the same, so a failure is found again.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "model/litmus.h"
#include "tests/model/litmus_generator.h"
#include "tests/model/smallest.h"

namespace model {
namespace {

// Nothing if the text is treated as it should be; otherwise what is wrong.
std::string CheckMistake(std::string_view text, const LitmusError& error) {
  const size_t lines = static_cast<size_t>(std::ranges::count(text, '\n')) + 1;
  if (error.line < 1 || error.line > lines) return fmt::format("no line {}", error.line);
  if (error.column < 1 || error.column > text.size() + 1) {
    return fmt::format("no column {}", error.column);
  }
  if (error.message.empty()) return "no message";
  if (error.message.find('\n') != std::string::npos) return "message of several lines";
  if (error.source_column < 1 || error.source_line.size() > 600) return "long line";
  const std::string report = FormatLitmusError(error, "text");
  if (std::ranges::count(report, '\n') != 3)
    return "a report of other than three lines:\n" + report;
  return "";
}

std::string CheckValue(const Litmus& litmus) {
  const std::string printed = PrintLitmus(litmus);
  const auto again = ParseLitmus(printed);
  if (const LitmusError* error = std::get_if<LitmusError>(&again)) {
    return "cannot read what was printed:\n" + FormatLitmusError(*error, "printed");
  }
  if (std::get<Litmus>(again) != litmus) return "printed and read as another value:\n" + printed;
  if (PrintLitmus(std::get<Litmus>(again)) != printed) return "printed differently:\n" + printed;
  return "";
}

std::string CheckText(std::string_view text) {
  const auto result = ParseLitmus(text);
  const LitmusError* error = std::get_if<LitmusError>(&result);
  return error != nullptr ? CheckMistake(text, *error) : CheckValue(std::get<Litmus>(result));
}

// What no canonical text has.
constexpr std::string_view kRepeats = R"(Zircon repeats
{ process p; channel a : p.a0 <-> p.a1; }
thread p.t {
  repeat 3 {
    w = zx_channel_write(a0, "x", handles: [], options: 0);
    repeat 2 { r = zx_channel_read(a1); choose { zx_channel_write(a1, r.bytes); } or { } }
    zx_handle_replace(rights: SAME_RIGHTS, handle: a0);
  }
}
exists (t:w_3 = ZX_OK /\ t:r_3_2.bytes = "x")
within { steps: any; }
)";

std::vector<std::string> Catalogue() {
  std::vector<std::filesystem::path> paths;
  const std::filesystem::path folder = std::filesystem::path(HEDDLE_SOURCE_DIR) / "props/litmus";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".litmus") paths.push_back(entry.path());
  }
  std::ranges::sort(paths);  // The order of a folder is the file system's.
  paths.push_back(std::filesystem::path(HEDDLE_SOURCE_DIR) / "tests/model/everything.litmus");
  std::vector<std::string> texts;
  for (const std::filesystem::path& path : paths) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    texts.push_back(text.str());
  }
  texts.emplace_back(kRepeats);
  return texts;
}

// One piece of damage. The numbers are places and lengths, taken modulo what there is.
struct Mutation {
  enum class Kind {
    kFlip,
    kDelete,
    kInsert,
    kSwap,
    kReplace,
    kTruncate,
    kDuplicate,
    kMove,
    kCount
  };
  int kind = 0;
  uint32_t at = 0;
  uint32_t other = 0;
  uint32_t length = 0;
  uint8_t byte = 0;
};

constexpr std::string_view kVocabulary[] = {
    "Zircon",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    ";",
    ":",
    ",",
    ".",
    "=",
    "!=",
    "<->",
    "<=",
    "/\\",
    "\\/",
    "~",
    "+",
    "-",
    "|",
    "@15ms",
    "@",
    "\"",
    "\"x\"",
    "\\x",
    "//",
    "\n",
    "0x",
    "0xFFFFFFFF",
    "99999999999999999999",
    "process",
    "channel",
    "event",
    "thread",
    "locations",
    "exists",
    "forall",
    "outcomes",
    "exact",
    "none",
    "in",
    "blocked",
    "gone",
    "transit",
    "queue",
    "signals",
    "handles",
    "handle",
    "raw",
    "txid",
    "deadline",
    "options",
    "may",
    "never",
    "READABLE",
    "ZX_OK",
    "\xFF",
    "\xC3\xA9",
    "\xE2\x80\xAE",
    std::string_view("\0", 1),
    "\t",
    "\r",
    "zx_channel_read",
    "eventpair",
    "choose",
    "within",
    "Allow = \"leak\"",
    "[-TRANSFER]",
    "[NONE]",
    "a0.owner=gone;",
    "repeat",
    "repeat 1000 {",
    "or",
    "note",
    "any",
    "null",
    "unmapped",
    "reserved",
    "move",
    "as",
    "iovecs",
    "dispositions",
    "rights",
    "NONE",
    "key",
    "zx_channel_call_etc",
    "zx_object_wait_many",
    "zx_port_wait",
    "zx_thread_kill",
    "handles: unmapped",
    "Abi = \"current\"",
    "Faults = \"nomem=1\"",
};

// Words, numbers and single other characters.
std::vector<std::string_view> Tokens(std::string_view text) {
  const auto is_word = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  std::vector<std::string_view> tokens;
  for (size_t at = 0; at < text.size();) {
    size_t end = at + 1;
    while (is_word(text[at]) && end < text.size() && is_word(text[end])) ++end;
    tokens.push_back(text.substr(at, end - at));
    at = end;
  }
  return tokens;
}

std::string SwapTokens(const std::string& text, size_t first, size_t second, bool keep_second) {
  std::vector<std::string_view> tokens = Tokens(text);
  const std::string_view moved = tokens[second % tokens.size()];
  if (!keep_second) tokens[second % tokens.size()] = tokens[first % tokens.size()];
  tokens[first % tokens.size()] = moved;
  std::string swapped;
  for (std::string_view token : tokens) swapped += token;
  return swapped;
}

std::string Mutate(std::string text, const Mutation& mutation) {
  if (text.empty()) return text;
  const size_t at = mutation.at % text.size();
  const size_t other = mutation.other % text.size();
  const size_t length = 1 + mutation.length % 40;
  switch (static_cast<Mutation::Kind>(mutation.kind)) {
    case Mutation::Kind::kFlip:
      text[at] = static_cast<char>(text[at] ^ (1 << (mutation.byte % 8)));
      break;
    case Mutation::Kind::kDelete:
      text.erase(at, length);
      break;
    case Mutation::Kind::kInsert:
      text.insert(at, kVocabulary[mutation.other % std::size(kVocabulary)]);
      break;
    case Mutation::Kind::kSwap:
      return SwapTokens(text, mutation.at, mutation.other, false);
    case Mutation::Kind::kReplace:
      return SwapTokens(text, mutation.at, mutation.other, true);
    case Mutation::Kind::kTruncate:
      text.resize(at);
      break;
    case Mutation::Kind::kDuplicate:
      text.insert(other, text.substr(at, 8 * length));
      break;
    case Mutation::Kind::kMove: {
      const std::string chunk = text.substr(at, length);
      text.erase(at, length);
      text.insert(std::min(other, text.size()), chunk);
      break;
    }
    case Mutation::Kind::kCount:
      break;
  }
  return text;
}

rc::Gen<std::vector<Mutation>> Damage() {
  const auto number = rc::gen::inRange<uint32_t>(0, 1 << 20);
  const auto mutation = rc::gen::build<Mutation>(
      rc::gen::set(&Mutation::kind, rc::gen::inRange(0, static_cast<int>(Mutation::Kind::kCount))),
      rc::gen::set(&Mutation::at, number), rc::gen::set(&Mutation::other, number),
      rc::gen::set(&Mutation::length, number),
      rc::gen::set(&Mutation::byte, rc::gen::arbitrary<uint8_t>()));
  // Mostly little: a text with much damage ends at the first of it.
  return rc::gen::mapcat(rc::gen::inRange<size_t>(1, 6), [=](size_t count) {
    return rc::gen::container<std::vector<Mutation>>(count, mutation);
  });
}

std::string Apply(std::string text, const std::vector<Mutation>& damage) {
  for (const Mutation& mutation : damage) text = Mutate(std::move(text), mutation);
  return text;
}

// The size up to which RapidCheck lets values grow.
constexpr int kFullSize = 100;

double FuzzSeconds() {
  const char* seconds = std::getenv("HEDDLE_FUZZ_SECONDS");
  return seconds == nullptr ? 2.0 : std::atof(seconds);
}

TEST(LitmusFuzz, DamagedFilesAreReadOrRefusedButNeverCrash) {
  const std::vector<std::string> texts = Catalogue();
  ASSERT_FALSE(texts.empty());
  const auto damage = Damage();
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(FuzzSeconds());
  uint64_t rounds = 0;
  uint64_t read = 0;
  while (std::chrono::steady_clock::now() < end) {
    const uint64_t round = rounds++;
    const std::string& text = texts[round % texts.size()];
    const auto drawn = damage(rc::Random(round), kFullSize);
    const std::string damaged = Apply(text, drawn.value());
    read += std::holds_alternative<Litmus>(ParseLitmus(damaged)) ? 1 : 0;
    if (CheckText(damaged).empty()) continue;
    const std::string smallest = Apply(text, Smallest(drawn, [&](const auto& each) {
                                         return !CheckText(Apply(text, each)).empty();
                                       }));
    FAIL() << "in round " << round << ": " << CheckText(smallest) << "\nwith the text:\n"
           << smallest;
  }
  // Both ways out have been taken: the damage is neither too much nor too little.
  EXPECT_GT(read, rounds / 200);
  EXPECT_LT(read, rounds);
}

TEST(LitmusFuzz, AnyBytesAreReadOrRefusedButNeverCrash) {
  const auto bytes = rc::gen::arbitrary<std::string>();
  for (std::string_view head : {"", "Zircon T\n", "Zircon T\n{}\nexists ("}) {
    const auto check = [&](const std::string& drawn) {
      return CheckText(std::string(head) + drawn);
    };
    for (uint64_t round = 0; round < 2000; ++round) {
      const auto drawn = bytes(rc::Random(round), kFullSize);
      if (check(drawn.value()).empty()) continue;
      const std::string smallest =
          Smallest(drawn, [&](const std::string& each) { return !check(each).empty(); });
      FAIL() << "in round " << round << ": " << check(smallest);
    }
  }
}

TEST(LitmusFuzz, WhatIsPrintedIsReadAsTheSameValue) {
  const rc::Gen<Litmus> values = rc::gen::exec(DrawLitmus);
  size_t longest = 0;
  std::set<CallKind> kinds;
  std::set<Location::Field> fields;
  for (uint64_t round = 0; round < 3000; ++round) {
    const auto drawn = values(rc::Random(round), kFullSize);
    longest = std::max(longest, PrintLitmus(drawn.value()).size());
    for (const ThreadProgram& thread : drawn.value().program.threads) {
      for (const Call& call : thread.calls) kinds.insert(call.kind);
    }
    for (const Location& location : drawn.value().locations) fields.insert(location.field);
    if (CheckValue(drawn.value()).empty()) continue;
    const Litmus smallest =
        Smallest(drawn, [](const Litmus& each) { return !CheckValue(each).empty(); });
    FAIL() << "in round " << round << ": " << CheckValue(smallest) << "\nof the value:\n"
           << PrintLitmus(smallest);
  }
  // The values were worth the trouble.
  EXPECT_GT(longest, 1000u);
  EXPECT_EQ(kinds.size(), static_cast<size_t>(CallKind::kNote) + 1);
  EXPECT_EQ(fields.size(), static_cast<size_t>(Location::Field::kOwner) + 1);
}

}  // namespace
}  // namespace model
