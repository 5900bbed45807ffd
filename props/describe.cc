#include "props/describe.h"

#include <fmt/format.h>

#include <algorithm>

#include "model/litmus.h"

namespace props {

namespace {

// A list of values as `name=[a, b]`, or nothing if it is empty.
template <typename T, typename Print>
std::string DescribeList(std::string_view name, const std::vector<T>& values, Print print) {
  if (values.empty()) return "";
  std::string text;
  for (const T& value : values) text += (text.empty() ? "" : ", ") + print(value);
  return fmt::format(" {}=[{}]", name, text);
}

}  // namespace

std::string DescribeResult(const model::Call& call, const model::CallResult& result,
                           uint32_t block) {
  if (call.kind == model::CallKind::kChoose) return fmt::format("block {}", block + 1);
  std::string text(model::StatusName(result.status));
  const auto hex = [](uint32_t bits) { return fmt::format("{:#x}", bits); };
  const bool receives =
      call.kind == model::CallKind::kChannelRead || call.kind == model::CallKind::kChannelReadEtc ||
      call.kind == model::CallKind::kChannelCall || call.kind == model::CallKind::kChannelCallEtc;
  if (receives && result.status == core::Status::kOk) {
    text += fmt::format(" {}", model::PrintValue(result.bytes));
    if (result.txid != 0) text += fmt::format(" txid={:#x}", result.txid);
    if (result.handle_count != 0) text += fmt::format(" handles={}", result.handle_count);
  }
  if (result.read_status != core::Status::kOk) {
    text += fmt::format(" read_status={}", model::StatusName(result.read_status));
  }
  if (result.observed != 0) text += " observed=" + hex(result.observed);
  text += DescribeList("pending", result.pending, hex);
  const bool some_failed = std::any_of(result.results.begin(), result.results.end(),
                                       [](core::Status one) { return one != core::Status::kOk; });
  if (some_failed) {
    text += DescribeList("results", result.results,
                         [](core::Status one) { return std::string(model::StatusName(one)); });
  }
  text += DescribeList("rights", result.infos,
                       [&](const model::HandleDescription& info) { return hex(info.rights); });
  if (result.info.rights != 0) text += " rights=" + hex(result.info.rights);
  if (result.info_count != 0) text += fmt::format(" handle_count={}", result.info_count);
  if (call.kind == model::CallKind::kPortWait && result.status == core::Status::kOk) {
    text += fmt::format(" key={} count={}", result.key, result.count);
  }
  return text;
}

}  // namespace props
