#include "tools/outlook.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace tools {

namespace {

constexpr double kLargeError = 0.2;  // Relative; from there on a size tells nothing of the end.
constexpr double kErrors = 2;        // So many standard errors are within what is to be expected.

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

void Outlook::Measured(const Size& size) {
  const double distance = std::abs(size.executions - size_.executions);
  const bool agrees = size_.source == Size::Source::kDrawn &&
                      distance <= kErrors * std::max(size.error, size_.error);
  settled_ =
      size.source == Size::Source::kCounted || (size.source == Size::Source::kDrawn && agrees &&
                                                size.error <= kLargeError * size.executions);
  size_ = size;
}

std::string Outlook::Describe(uint64_t executions, double seconds) {
  const Moment now{static_cast<double>(executions), seconds};
  if (!first_) first_ = now;
  const double done = now.executions - first_->executions;
  const double left = size_.executions - now.executions;
  if (!settled_ || done <= 0 || left <= 0 || left < kErrors * size_.error) return "~?";
  told_ = std::max(told_, std::min(now.executions / size_.executions, 0.99));
  const std::string error = size_.error == 0 ? "" : " ±" + Rounded(size_.error);
  return fmt::format("{:.0f}% of ~{}{} eta {:.0f}s", std::floor(told_ * 100),
                     Rounded(size_.executions), error,
                     std::ceil((seconds - first_->seconds) * left / done));
}

}  // namespace tools
