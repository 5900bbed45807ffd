// How far a search has come, and how long it will take.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace tools {

/// How many executions a search has, as far as one can tell.
struct Size {
  double executions = 0;
  double error = 0;  // Standard error; 0: they were counted.
};

/// "412,883".
std::string Grouped(uint64_t number);
/// "1.3M", "412k", "18".
std::string Rounded(double number);

/// What of that is told.
class Outlook {
 public:
  /// "31% of ~1.3M ±0.4M eta 23s", or "~?" where nobody can tell. The percentage never falls.
  std::string Describe(uint64_t executions, const std::optional<Size>& size, double seconds);

 private:
  double told_ = 0;
};

}  // namespace tools
