// The four generations of the interface, as the reference model and litmus files name them.
//
// What differs between them is said where the model uses it; this file holds the names.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace model {

/// In order of time. A program runs under one of them from its start to its end.
enum class Generation : uint8_t { kMagenta2017, kZircon2018_04, kZircon2018_10, kCurrent };

inline constexpr std::array kGenerations = {Generation::kMagenta2017, Generation::kZircon2018_04,
                                            Generation::kZircon2018_10, Generation::kCurrent};

/// "magenta-2017", "zircon-2018-04", "zircon-2018-10", "current".
std::string_view GenerationName(Generation generation);
std::optional<Generation> GenerationByName(std::string_view name);

}  // namespace model
