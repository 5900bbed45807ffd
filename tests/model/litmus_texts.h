// Texts for the tests of the litmus language, and what reading them should give.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "model/litmus.h"

namespace model {

inline constexpr std::string_view kInit = R"(Zircon T
{
  process client, server;
  channel a : client.a0 <-> server.a1;
  event e : client.e0, server.e1; eventpair x : client.x0 <-> server.x1;
}
)";

// Calls whose results can be used.
inline constexpr std::string_view kResults = R"(c  = zx_channel_create();
r  = zx_channel_read(a0);
d  = zx_handle_duplicate(e0);
p  = zx_port_create();
wm = zx_object_wait_many([a0: READABLE, e0: SIGNALED]);
we = zx_channel_write_etc(a0, "x", dispositions: [move e0]);
re = zx_channel_read_etc(a0);
gi = zx_object_get_info(e0, HANDLE_BASIC);
)";

// A file whose thread client.w consists of `calls`.
inline std::string InThread(std::string_view calls) {
  return fmt::format("{}\nthread client.w {{\n{}\n}}\n", kInit, calls);
}

// A file with some results to talk about, followed by `claims`.
inline std::string WithClaims(std::string_view claims) {
  return InThread(
             "st = zx_channel_write(a0, \"x\");\n"
             "m = zx_channel_read(a0);\n"
             "wt = zx_object_wait_one(e0, SIGNALED, deadline: may);") +
         std::string(claims);
}

inline Litmus Parsed(std::string_view text) {
  auto result = ParseLitmus(text);
  if (const LitmusError* error = std::get_if<LitmusError>(&result)) {
    ADD_FAILURE() << FormatLitmusError(*error, "text");
    return {};
  }
  return std::get<Litmus>(result);
}

inline LitmusError Mistake(std::string_view text) {
  auto result = ParseLitmus(text);
  if (std::holds_alternative<Litmus>(result)) {
    ADD_FAILURE() << "read without a complaint:\n" << text.substr(0, 1000);
    return {};
  }
  return std::get<LitmusError>(result);
}

// Checks the message, and that the mistake is reported at the mark.
inline void ExpectMistake(std::string text, std::string_view message) {
  constexpr std::string_view kMark = "<!>";
  const size_t mark = text.find(kMark);
  ASSERT_NE(mark, std::string::npos);
  text.erase(mark, kMark.size());
  uint32_t line = 1;
  uint32_t column = 1;
  for (char c : text.substr(0, mark)) {
    const bool starts_character = (static_cast<uint8_t>(c) & 0xC0) != 0x80;
    line += c == '\n' ? 1 : 0;
    column = c == '\n' ? 1 : column + (starts_character ? 1 : 0);
  }
  const LitmusError error = Mistake(text);
  EXPECT_EQ(error.message, message);
  EXPECT_EQ(fmt::format("{}:{}", error.line, error.column), fmt::format("{}:{}", line, column))
      << FormatLitmusError(error, "text");
}

}  // namespace model
