#include "model/generation.h"

namespace model {

std::string_view GenerationName(Generation generation) {
  switch (generation) {
    case Generation::kMagenta2017:
      return "magenta-2017";
    case Generation::kZircon2018_04:
      return "zircon-2018-04";
    case Generation::kZircon2018_10:
      return "zircon-2018-10";
    case Generation::kCurrent:
      break;
  }
  return "current";
}

std::optional<Generation> GenerationByName(std::string_view name) {
  for (const Generation generation : kGenerations) {
    if (GenerationName(generation) == name) return generation;
  }
  return std::nullopt;
}

}  // namespace model
