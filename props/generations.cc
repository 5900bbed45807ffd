#include "props/generations.h"

#include <string>
#include <string_view>

namespace props {

void SetMetadata(model::Litmus* litmus, std::string_view key, const std::string& value) {
  for (auto& [known, text] : litmus->metadata) {
    if (known != key) continue;
    text = value;
    return;
  }
  litmus->metadata.emplace_back(key, value);
}

model::Litmus UnderGeneration(const model::Litmus& litmus, model::Generation generation) {
  model::Litmus variant = litmus;
  if (generation == litmus.generation) return variant;
  variant.generation = generation;
  variant.conditions.clear();
  variant.outcomes.reset();
  variant.allow_blocked = true;
  variant.allow_leak = true;
  SetMetadata(&variant, "Abi", std::string(model::GenerationName(generation)));
  SetMetadata(&variant, "Allow", "blocked, leak");
  return variant;
}

}  // namespace props
