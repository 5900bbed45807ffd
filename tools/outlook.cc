#include "tools/outlook.h"

#include <fmt/format.h>

#include <algorithm>

namespace tools {

namespace {

constexpr double kUseless = 0.5;  // Relative error from which on a size is none.

}  // namespace

std::string Grouped(uint64_t number) {
  std::string digits = std::to_string(number);
  for (size_t at = digits.size(); at > 3;) digits.insert(at -= 3, 1, ',');
  return digits;
}

std::string Rounded(double number) {
  constexpr double kKilo = 1000;
  if (number < 10 * kKilo) return fmt::format("{:.0f}", number);
  for (const char* unit : {"k", "M", "G"}) {
    number /= kKilo;
    if (number < 10) return fmt::format("{:.1f}{}", number, unit);
    if (number < kKilo) return fmt::format("{:.0f}{}", number, unit);
  }
  return fmt::format("{:.1e}", number * kKilo * kKilo * kKilo);
}

std::string Outlook::Describe(uint64_t executions, const std::optional<Size>& size,
                              double seconds) {
  const auto done = static_cast<double>(executions);
  if (!size || size->error > kUseless * size->executions) return "~?";
  const double total = size->executions;
  if (done > total + 2 * size->error || done == 0) return "~?";  // It was wrong.
  const double share = std::min(done / total, 0.99);
  told_ = std::max(told_, share);
  const std::string error = size->error == 0 ? "" : " ±" + Rounded(size->error);
  return fmt::format("{:.0f}% of ~{}{} eta {:.0f}s", told_ * 100, Rounded(total), error,
                     seconds * (1 - share) / share);
}

}  // namespace tools
