#include "sim/engine/fiber.h"

#include <cxxabi.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <boost/context/detail/fcontext.hpp>
#include <cassert>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "sim/engine/sanitizer.h"

namespace sim {

namespace context = boost::context::detail;

FiberStack::FiberStack(size_t bytes) {
  const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  size_ = (bytes + page - 1) / page * page;
  mapping_size_ = size_ + page;
  mapping_ = mmap(nullptr, mapping_size_, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
  if (mapping_ == MAP_FAILED || mprotect(mapping_, page, PROT_NONE) != 0) {
    fmt::print(stderr, "heddle: cannot map a stack of {} bytes\n", size_);
    std::abort();
  }
  bottom_ = static_cast<std::byte*>(mapping_) + page;
}

FiberStack::~FiberStack() {
  UnpoisonMemory(bottom_, size_);
  munmap(mapping_, mapping_size_);
}

FiberStack& StackPool::Get(size_t n) {
  while (stacks_.size() <= n) stacks_.push_back(std::make_unique<FiberStack>(stack_bytes_));
  return *stacks_[n];
}

Fiber::Exceptions& Fiber::ExceptionsOfSystemThread() {
  static constinit thread_local Exceptions* known = nullptr;
  if (known == nullptr) known = reinterpret_cast<Exceptions*>(abi::__cxa_get_globals());
  return *known;
}

// What a switch carries to its target, on the stack that it leaves.
struct Fiber::Arrival {
  Fiber* from;
  Fiber* to;
  context::fcontext_t from_context;
};

void Fiber::Trampoline(void* switch_data) {
  auto* arrival = static_cast<Arrival*>(switch_data);
  Fiber* self = arrival->to;
  Fiber* from = arrival->from;
  from->context_ = arrival->from_context;
  // The first switch to a fiber learns the bounds of the stack it came from; later ones repeat it.
  FinishSwitch(nullptr, &from->stack_bottom_, &from->stack_size_);
  self->entry_(self->argument_);
  std::abort();  // Entries do not return: the engine never switches back to an ended fiber.
}

void Fiber::Start(FiberStack& stack, Entry entry, void* argument) {
  // An abandoned flow may have left poisoned frames behind.
  UnpoisonMemory(stack.bottom(), stack.size());
  entry_ = entry;
  argument_ = argument;
  stack_bottom_ = stack.bottom();
  stack_size_ = stack.size();
  fake_stack_ = nullptr;
  exceptions_ = {};
  context_ = context::make_fcontext(static_cast<std::byte*>(stack.bottom()) + stack.size(),
                                    stack.size(), [](context::transfer_t transfer) {
                                      auto* arrival = static_cast<Arrival*>(transfer.data);
                                      arrival->from_context = transfer.fctx;
                                      Trampoline(arrival);
                                    });
}

void Fiber::SwitchFrom(Fiber& from) {
  assert(this != &from);
  Arrival departure{&from, this, nullptr};
  // Before the switch only: who continues `from` may be another thread of the system.
  Exceptions& exceptions = ExceptionsOfSystemThread();
  from.exceptions_ = std::exchange(exceptions, exceptions_);
  StartSwitch(&from.fake_stack_, stack_bottom_, stack_size_);
  context::transfer_t transfer = context::jump_fcontext(context_, &departure);
  // Back in `from`: tell whoever switched here where to be continued.
  auto* arrival = static_cast<Arrival*>(transfer.data);
  arrival->from->context_ = transfer.fctx;
  FinishSwitch(from.fake_stack_, &arrival->from->stack_bottom_, &arrival->from->stack_size_);
}

}  // namespace sim
