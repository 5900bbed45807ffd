// Smaller programs of any program: each is one, and shrinking ends.
#include "props/smaller_programs.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

#include "tests/model/litmus_generator.h"

namespace props {
namespace {

RC_GTEST_PROP(SmallerPrograms, EachIsValidAndSmaller, ()) {
  const model::Litmus litmus = model::DrawLitmus();
  const ProgramSize size = SizeOf(litmus);
  for (const model::Litmus& smaller : SmallerPrograms(litmus)) {
    const auto parsed = model::ParseLitmus(model::PrintLitmus(smaller));
    RC_ASSERT(std::holds_alternative<model::Litmus>(parsed));
    RC_ASSERT(std::get<model::Litmus>(parsed) == smaller);
    RC_ASSERT(SizeOf(smaller) < size);
  }
}

RC_GTEST_PROP(SmallerPrograms, TheFirstOfTheFirstAndSoOnEndsWithAnEmptyProgram, ()) {
  model::Litmus litmus = model::DrawLitmus();
  for (;;) {
    std::vector<model::Litmus> smaller = SmallerPrograms(litmus);
    if (smaller.empty()) break;
    litmus = std::move(smaller[0]);
  }
  RC_ASSERT(litmus.program.threads.empty());
  RC_ASSERT(litmus.program.objects.empty());
  RC_ASSERT(litmus.program.processes.empty());
  RC_ASSERT(litmus.faults == model::Faults());
}

}  // namespace
}  // namespace props
