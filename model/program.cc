#include "model/program.h"

#include <algorithm>
#include <cassert>
#include <numeric>

namespace model {
namespace {

// How many calls statement `index` has with all its blocks.
uint32_t CallsOf(const Call& call) {
  return std::accumulate(call.blocks.begin(), call.blocks.end(), uint32_t{1});
}

// The calls from `begin` to `end` are a block, after whose end `skip` calls are for others.
void LinkBlock(std::vector<Call>* calls, uint32_t begin, uint32_t end, uint32_t skip) {
  for (uint32_t index = begin; index < end;) {
    Call& call = (*calls)[index];
    const uint32_t next = index + CallsOf(call);
    call.skip = next == end ? skip : 0;
    uint32_t block_begin = index + 1;
    for (const uint32_t length : call.blocks) {
      const uint32_t block_end = block_begin + length;
      LinkBlock(calls, block_begin, block_end, next - block_end + call.skip);
      block_begin = block_end;
    }
    index = next;
  }
}

}  // namespace

uint32_t NextCall(const ThreadProgram& thread, uint32_t index) {
  const Call& call = thread.calls[index];
  assert(call.kind != CallKind::kChoose);
  return index + 1 + call.skip;
}

uint32_t ChosenCall(const ThreadProgram& thread, uint32_t index, uint32_t block) {
  const Call& choose = thread.calls[index];
  assert(choose.kind == CallKind::kChoose && block < choose.blocks.size());
  const auto chosen = choose.blocks.begin() + block;
  const auto end = *chosen == 0 ? choose.blocks.end() : chosen;
  const uint32_t passed = std::accumulate(choose.blocks.begin(), end, uint32_t{0});
  return index + 1 + passed + (*chosen == 0 ? choose.skip : 0);
}

void LinkBlocks(ThreadProgram* thread) {
  LinkBlock(&thread->calls, 0, static_cast<uint32_t>(thread->calls.size()), 0);
}

std::vector<std::string> ThreadNames(const Program& program) {
  std::vector<std::string> names;
  for (const ThreadProgram& thread : program.threads) names.push_back(thread.name);
  return names;
}

namespace {

template <typename Predicate>
bool AnyCall(const Program& program, Predicate predicate) {
  return std::ranges::any_of(program.threads, [&](const ThreadProgram& thread) {
    return std::ranges::any_of(thread.calls, predicate);
  });
}

}  // namespace

bool HasInterruptions(const Program& program) {
  return AnyCall(program, [](const Call& call) {
    return call.kind == CallKind::kThreadKill || call.kind == CallKind::kThreadSuspend ||
           call.kind == CallKind::kProcessKill;
  });
}

bool MayBeKilled(const Program& program, ProcessIndex process) {
  return AnyCall(program, [process](const Call& call) {
    return call.kind == CallKind::kProcessKill && call.target_process == process;
  });
}

bool SuspendsThreads(const Program& program) {
  return AnyCall(program, [](const Call& call) { return call.kind == CallKind::kThreadSuspend; });
}

bool MayBeSuspended(const Program& program, ThreadIndex thread) {
  return AnyCall(program, [thread](const Call& call) {
    return call.kind == CallKind::kThreadSuspend && call.target_thread == thread;
  });
}

bool CountsHandles(const Call& call) {
  return call.kind == CallKind::kObjectGetInfo && call.topic == core::kInfoHandleCount;
}

}  // namespace model
