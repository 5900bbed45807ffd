// Traces as tables.
#include "traces/table.h"

#include <gtest/gtest.h>

#include <string>

#include "model/litmus.h"
#include "traces/trace.h"

namespace traces {
namespace {

using Kind = TraceNote::Kind;

const model::Litmus& TwoThreads() {
  static const model::Litmus litmus = std::get<model::Litmus>(model::ParseLitmus(R"(Zircon T
{ process p, q; channel a : p.a0 <-> q.a1; }
thread p.w { s = zx_channel_write(a0, "x"); }
thread q.r { m = zx_channel_read(a1); }
locations [ a1.queue; r:m; ]
)"));
  return litmus;
}

Trace Of(std::vector<TraceLine> lines, const std::string& verdict = "none") {
  Trace trace;
  trace.verdict.id = verdict;
  trace.lines = std::move(lines);
  return trace;
}

TraceEvent By(const std::string& thread, const std::string& enabled = "w,r") {
  return {thread, "acquire queue main.1", enabled, 0};
}
TraceNote Call(const std::string& thread, const std::string& result, const std::string& text) {
  return {Kind::kCall, thread, result, text};
}
TraceNote Return(const std::string& thread, const std::string& text) {
  return {Kind::kReturn, thread, "", text};
}

TEST(Table, ACallThatNobodyInterruptsIsOneRow) {
  const Trace trace =
      Of({Call("w", "s", "write()"), By("w"), TraceNote{Kind::kQueue, "a1.queue", "", "[\"x\"]"},
          By("w"), Return("w", "ZX_OK"), Call("r", "", "read()"), By("r"), Return("r", "ZX_OK")});
  EXPECT_EQ(RenderTable(trace, TwoThreads()),
            "   #  p.w                  q.r             a1.queue\n"
            "   1  s = write() → ZX_OK                  [\"x\"]\n"
            "   2                       read() → ZX_OK  [\"x\"]\n");
}

TEST(Table, AnInterruptedCallIsShownInPartsWithWhatItWasAboutToDo) {
  const Trace trace = Of({Call("w", "", "write()"), By("w"), Call("r", "", "read()"), By("r"),
                          Return("r", "ZX_OK"), By("w"), Return("w", "ZX_OK")},
                         "HD101");
  EXPECT_EQ(RenderTable(trace, TwoThreads()),
            "   #  p.w                                        q.r             a1.queue\n"
            "   1  write()                                                    []\n"
            "      ─ preempted before acquire queue main.1 ─                  []\n"
            "   2                                             read() → ZX_OK  []\n"
            "      → ZX_OK                                                    []        ← here\n");
}

TEST(Table, AThreadThatCannotRunWaitsAndMayNeverReturn) {
  const Trace trace = Of({Call("w", "", "write()"), By("w"), Call("r", "", "read()"), By("r", "r"),
                          Return("r", "ZX_OK")});
  EXPECT_EQ(RenderTable(trace, TwoThreads()),
            "   #  p.w                q.r             a1.queue\n"
            "   1  write()                            []\n"
            "      ─ waits ─                          []\n"
            "   2                     read() → ZX_OK  []\n"
            "      ─ never returns ─                  []\n");
}

TEST(Table, DeadlinesAndRemarksHaveRowsOfTheirOwn) {
  const Trace trace =
      Of({Call("r", "", "wait()"), By("r"), By("r:timer", "r:timer"),
          TraceNote{Kind::kRemark, "", "", "owner of a0: p -> q"}, Return("r", "ZX_OK")});
  EXPECT_EQ(RenderTable(trace, TwoThreads()),
            "   #  p.w  q.r                      a1.queue\n"
            "           ─ the deadline passes ─  []\n"
            "      !! owner of a0: p -> q\n"
            "   1       wait() → ZX_OK           []\n");
}

TEST(Table, AnEmptyTraceIsAHeading) {
  EXPECT_EQ(RenderTable(Of({}), TwoThreads()), "   #  p.w  q.r  a1.queue\n");
}

}  // namespace
}  // namespace traces
