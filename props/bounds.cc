#include "props/bounds.h"

#include <fmt/format.h>

#include <charconv>
#include <string_view>
#include <vector>

#include "props/failure_text.h"
#include "props/generations.h"

namespace props {

namespace {

constexpr std::string_view kDelays = "Delays";
constexpr std::string_view kEarly = "Early";

const std::string* ValueOf(const model::Litmus& litmus, std::string_view key) {
  for (const auto& [known, value] : litmus.metadata) {
    if (known == key) return &value;
  }
  return nullptr;
}

std::optional<uint32_t> NumberOf(const model::Litmus& litmus, std::string_view key) {
  const std::string* text = ValueOf(litmus, key);
  if (text == nullptr) return std::nullopt;
  uint32_t number = 0;
  const char* const end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data(), end, number);
  return error == std::errc() && stop == end ? std::optional(number) : std::nullopt;
}

void SetNumber(model::Litmus* litmus, std::string_view key, std::optional<uint32_t> number) {
  if (number) {
    SetMetadata(litmus, key, fmt::format("{}", *number));
  } else {
    std::erase_if(litmus->metadata, [=](const auto& entry) { return entry.first == key; });
  }
}

}  // namespace

std::optional<uint32_t> PreemptionBound(const model::Litmus& litmus, Search search) {
  const std::optional<uint32_t>& bound = litmus.within.preemptions;
  return !KindOf(search).is_complete || bound == model::Within::kAny ? std::nullopt : bound;
}

std::optional<uint32_t> DelayBound(const model::Litmus& litmus, Search search) {
  return KindOf(search).is_complete ? NumberOf(litmus, kDelays) : std::nullopt;
}

std::optional<uint32_t> EarlyBound(const model::Litmus& litmus) {
  return NumberOf(litmus, kEarly);
}

bool IsBounded(const model::Litmus& litmus, Search search) {
  return PreemptionBound(litmus, search) || DelayBound(litmus, search);
}

std::string BoundsText(const model::Litmus& litmus, Search search) {
  std::string text;
  const auto add = [&](const std::optional<uint32_t>& bound, const char* noun) {
    if (bound) text += (text.empty() ? "" : " and ") + CountOf(*bound, noun);
  };
  add(PreemptionBound(litmus, search), "preemption");
  add(DelayBound(litmus, search), "delay");
  add(EarlyBound(litmus), "early deadline");
  return text;
}

void SetDelayBound(model::Litmus* litmus, std::optional<uint32_t> delays) {
  SetNumber(litmus, kDelays, delays);
}

void SetEarlyBound(model::Litmus* litmus, std::optional<uint32_t> deadlines) {
  SetNumber(litmus, kEarly, deadlines);
}

std::optional<std::string> FindBoundMistake(const model::Litmus& litmus) {
  for (const std::string_view key : {kDelays, kEarly}) {
    const std::string* text = ValueOf(litmus, key);
    if (text == nullptr || NumberOf(litmus, key)) continue;
    return fmt::format("{} = \"{}\" is no bound; say how many, as in {} = \"1\"", key, *text, key);
  }
  const bool two = litmus.within.preemptions.value_or(model::Within::kAny) != model::Within::kAny &&
                   NumberOf(litmus, kDelays);
  if (two) return std::string("a bound of preemptions and one of delays do not go together");
  return std::nullopt;
}

}  // namespace props
