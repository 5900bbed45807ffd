// Summaries as text: one JSON object that ends with a check sum, so that a file that was cut or
// edited is told from a whole one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "props/summary.h"

namespace props {

std::string PrintSummary(const Summary& summary);
/// The mistake, in words, or the summary. Never throws.
std::variant<Summary, std::string> ParseSummary(std::string_view text);

/// One part alone, as workers tell it. `litmus` is the program that is searched.
std::string PrintPart(const model::Litmus& litmus, uint32_t part, const PartReport& report);
std::variant<std::pair<uint32_t, PartReport>, std::string> ParsePart(const model::Litmus& litmus,
                                                                     std::string_view text);

}  // namespace props
