// Every two system calls that can meet at an endpoint, in every generation: whatever the order of
// their steps, the core shows what the model allows, and nothing else goes wrong.
#include "props/pairs.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "props/check.h"
#include "props/generations.h"
#include "tests/props/only_in_the_model.h"
#include "tests/props/programs.h"

namespace props {
namespace {

class Pairs : public testing::TestWithParam<size_t> {};

std::string NameOf(const testing::TestParamInfo<size_t>& info) {
  return std::string(PairForms()[info.param]);
}

void HoldsInEveryGeneration(const model::Litmus& pair) {
  for (model::Generation generation : model::kGenerations) {
    const model::Litmus litmus = UnderGeneration(pair, generation);
    CheckOptions options;
    options.keep_going = true;
    const CheckReport report = Check(litmus, options);
    EXPECT_EQ(report.end, CheckEnd::kComplete);
    EXPECT_TRUE(report.model && report.model->complete);
    EXPECT_EQ(report.histories.unknown.size(), 0u);
    EXPECT_TRUE(report.findings.empty()) << Described(report) << "\n" << model::PrintLitmus(litmus);
    EXPECT_EQ(OnlyInTheModel(litmus, report), ReportedOnlyInTheModel(litmus))
        << "what only the model shows has changed; see props/litmus/MODEL_ONLY.md";
  }
}

TEST_P(Pairs, HoldInEveryGenerationOnEveryInterleaving) {
  for (size_t second = GetParam(); second < PairForms().size(); ++second) {
    for (PairSetting setting : {PairSetting::kQueued, PairSetting::kEmpty}) {
      HoldsInEveryGeneration(PairProgram(GetParam(), second, setting));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Litmus, Pairs, testing::Range<size_t>(0, PairForms().size()), NameOf);

TEST(PairProgram, HasATextThatReadsAsTheSameProgram) {
  for (size_t first = 0; first < PairForms().size(); ++first) {
    const model::Litmus pair = PairProgram(first, first, PairSetting::kQueued);
    EXPECT_EQ(Parsed(model::PrintLitmus(pair)), pair);
  }
}

}  // namespace
}  // namespace props
