// How far a search has come, and how long it will take.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace tools {

/// How many executions a search has, as far as one can tell.
struct Size {
  enum class Source : uint8_t { kUnknown, kDrawn, kCounted };
  Source source = Source::kUnknown;
  double executions = 0;
  double error = 0;       // Standard error.
  uint64_t at_least = 0;  // There are so many for sure.
};

/// "412,883".
std::string Grouped(uint64_t number);
/// "1.3M", "412k", "18".
std::string Rounded(double number);

/// What of that is told. A size has settled if it was counted, or if its error is small and the one
/// that was measured before says the same within the errors.
class Outlook {
 public:
  /// The size was measured once more.
  void Measured(const Size& size);
  /// "31% of ~1.3M ±0.1M eta 23s", or "~?" where nobody can tell: the size has not settled, or
  /// what is left is within its error. `executions` and `seconds` so far. The percentage never
  /// falls.
  std::string Describe(uint64_t executions, double seconds);

 private:
  struct Moment {
    double executions = 0;
    double seconds = 0;
  };

  Size size_;
  bool settled_ = false;
  std::optional<Moment> first_;  // A search that is resumed begins with executions of before.
  double told_ = 0;
};

}  // namespace tools
