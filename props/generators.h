// Drawn programs as RapidCheck generators.
#pragma once

#include <rapidcheck.h>

#include <ostream>

#include "model/litmus.h"
#include "props/draw.h"

namespace model {

/// How RapidCheck shows a counterexample.
inline void showValue(const Litmus& litmus, std::ostream& out) {
  out << "\n" << PrintLitmus(litmus);
}

}  // namespace model

namespace props {

/// `draw` is DrawConcurrent or DrawSequential. RapidCheck does not shrink these: MinimizeFailure
/// makes program and schedule small together.
inline rc::Gen<model::Litmus> DrawnPrograms(model::Litmus (*draw)(uint64_t seed, uint32_t size)) {
  return [draw](const rc::Random& random, int size) {
    const uint64_t seed = rc::Random(random).next();
    return rc::shrinkable::just(draw(seed, static_cast<uint32_t>(size)));
  };
}

}  // namespace props
