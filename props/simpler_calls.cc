#include "props/simpler_calls.h"

#include <array>
#include <bit>
#include <optional>
#include <utility>

namespace props {

namespace {

using model::Buffers;
using model::Call;
using model::Deadline;
using model::Memory;

constexpr std::array kPointers = {
    &Buffers::args,       &Buffers::bytes,        &Buffers::handles,        &Buffers::rd_bytes,
    &Buffers::rd_handles, &Buffers::actual_bytes, &Buffers::actual_handles, &Buffers::read_status,
    &Buffers::out,        &Buffers::second_out};
constexpr std::array kNumbers = {&Call::count, &Call::handle_count, &Call::max_bytes,
                                 &Call::max_handles};

uint64_t BitsOf(uint32_t set) {
  return static_cast<uint64_t>(std::popcount(set));
}

// In the order of what they make of a wait.
uint64_t WeightOf(const Deadline& deadline) {
  switch (deadline.kind) {
    case Deadline::Kind::kNever:
      return 0;
    case Deadline::Kind::kNow:
      return 1;
    case Deadline::Kind::kMay:
      return 2;
    case Deadline::Kind::kAt:
      break;
  }
  return 3;
}

// Of the bytes of an earlier result; more than of a short literal.
constexpr uint64_t kFieldWeight = 2;

uint64_t WeightOf(const model::BytesArgument& bytes) {
  uint64_t weight = bytes.empty() ? 0 : bytes.size() - 1;
  for (const auto& piece : bytes) {
    const auto* literal = std::get_if<std::string>(&piece);
    weight += literal == nullptr ? kFieldWeight : literal->size();
  }
  return weight;
}

uint64_t WeightOf(const model::Iovec& piece) {
  return 1 + piece.bytes.size() + (piece.memory != Memory::kFine ? 1 : 0) +
         (piece.capacity ? 1 : 0) + (piece.reserved ? 1 : 0);
}

uint64_t WeightOf(const model::Disposition& disposition) {
  return 1 + (disposition.operation != model::Disposition::Operation::kMove ? 1 : 0) +
         (disposition.type != core::ObjectType::kNone ? 1 : 0) +
         props::WeightOf(disposition.rights);
}

// Collects variants of one call.
class Simplifier {
 public:
  explicit Simplifier(const Call& call) : call_(call) {}

  std::vector<Call> Simplify() {
    SimplifyBytes();
    SimplifyIovecs();
    DropEach(&Call::handles, /*may_be_empty=*/true);
    SimplifyDispositions();
    DropEach(&Call::items, /*may_be_empty=*/false);
    for (const auto number : kNumbers) {
      if (call_.*number) Add([=](Call& call) { (call.*number).reset(); });
    }
    for (const auto pointer : kPointers) {
      if (call_.buffers.*pointer == Memory::kFine) continue;
      Add([=](Call& call) { call.buffers.*pointer = Memory::kFine; });
    }
    if (call_.options != 0) Add([](Call& call) { call.options = 0; });
    if (call_.key != 0) Add([](Call& call) { call.key = 0; });
    if (props::WeightOf(call_.rights) != 0) Add([](Call& call) { call.rights = {}; });
    if (call_.clear != core::kSignalNone) Add([](Call& call) { call.clear = core::kSignalNone; });
    DropSignals([](Call& call) -> core::Signals& { return call.signals; });
    for (size_t i = 0; i < call_.items.size(); ++i) {
      DropSignals([=](Call& call) -> core::Signals& { return call.items[i].signals; });
    }
    for (const auto kind : {Deadline::Kind::kNever, Deadline::Kind::kNow, Deadline::Kind::kMay}) {
      if (WeightOf(Deadline{.kind = kind}) >= WeightOf(call_.deadline)) break;
      Add([=](Call& call) { call.deadline = {.kind = kind}; });
    }
    return std::move(simpler_);
  }

 private:
  template <typename Change>
  void Add(Change change) {
    change(simpler_.emplace_back(call_));
  }

  void SimplifyBytes() {
    if (WeightOf(call_.bytes) != 0) Add([](Call& call) { call.bytes = {std::string()}; });
    for (size_t i = 0; i < call_.bytes.size(); ++i) {
      if (call_.bytes.size() > 1) Add([=](Call& call) { Erase(call.bytes, i); });
      const auto* literal = std::get_if<std::string>(&call_.bytes[i]);
      if (literal == nullptr) continue;
      for (std::string& text : ShorterTexts(*literal)) {
        if (text.empty() && call_.bytes.size() == 1) continue;
        Add([&](Call& call) { call.bytes[i] = std::move(text); });
      }
    }
    if (call_.txid != model::TxidArgument()) Add([](Call& call) { call.txid = uint32_t{0}; });
    if (call_.raw) Add([](Call& call) { call.raw = false; });
  }

  void SimplifyIovecs() {
    if (!call_.iovecs) return;
    Add([](Call& call) {
      call.iovecs.reset();
      call.bytes = {std::string()};
    });
    for (size_t i = 0; i < call_.iovecs->size(); ++i) {
      Add([=](Call& call) { Erase(*call.iovecs, i); });
      if (WeightOf((*call_.iovecs)[i]) > 1) Add([=](Call& call) { (*call.iovecs)[i] = {}; });
    }
  }

  void SimplifyDispositions() {
    DropEach(&Call::dispositions, /*may_be_empty=*/true);
    for (size_t i = 0; i < call_.dispositions.size(); ++i) {
      if (WeightOf(call_.dispositions[i]) == 1) continue;
      Add([=](Call& call) {
        model::Disposition plain;
        plain.handle = call.dispositions[i].handle;
        call.dispositions[i] = plain;
      });
    }
  }

  template <typename Item>
  void DropEach(std::vector<Item> Call::*list, bool may_be_empty) {
    const size_t size = (call_.*list).size();
    if (size > 1 && may_be_empty) Add([=](Call& call) { (call.*list).clear(); });
    for (size_t i = 0; i < size && (size > 1 || may_be_empty); ++i) {
      Add([=](Call& call) { Erase(call.*list, i); });
    }
  }

  // A set of signals keeps one of them.
  template <typename Signals>
  void DropSignals(Signals signals_of) {
    Call copy = call_;
    const core::Signals signals = signals_of(copy);
    if (BitsOf(signals) < 2) return;
    for (core::Signals rest = signals; rest != 0; rest &= rest - 1) {
      const core::Signals lowest = rest & (~rest + 1);
      Add([=](Call& call) { signals_of(call) = signals & ~lowest; });
    }
  }

  template <typename List>
  static void Erase(List& list, size_t index) {
    list.erase(list.begin() + static_cast<std::ptrdiff_t>(index));
  }

  const Call& call_;
  std::vector<Call> simpler_;
};

}  // namespace

uint64_t WeightOf(const model::RightsArgument& rights) {
  return rights.kind == model::RightsArgument::Kind::kDefault ? 0 : 1 + BitsOf(rights.rights);
}

uint64_t WeightOf(const Call& call) {
  uint64_t weight = WeightOf(call.bytes) + WeightOf(call.deadline) + WeightOf(call.rights);
  weight += (call.raw ? 1 : 0) + (call.txid != model::TxidArgument() ? 1 : 0);
  weight += (call.options != 0 ? 1 : 0) + (call.key != 0 ? 1 : 0);
  weight += BitsOf(call.signals) + BitsOf(call.clear) + call.handles.size();
  if (call.iovecs) {
    weight += 1;
    for (const model::Iovec& piece : *call.iovecs) weight += WeightOf(piece);
  }
  for (const model::Disposition& disposition : call.dispositions) weight += WeightOf(disposition);
  for (const model::WaitItem& item : call.items) weight += 1 + BitsOf(item.signals);
  for (const auto number : kNumbers) weight += call.*number ? 1 : 0;
  for (const auto pointer : kPointers) weight += call.buffers.*pointer != Memory::kFine ? 1 : 0;
  return weight;
}

std::vector<Call> SimplerCalls(const Call& call) {
  return Simplifier(call).Simplify();
}

std::vector<std::string> ShorterTexts(const std::string& text) {
  std::vector<std::string> shorter;
  for (const size_t size : {size_t{0}, text.size() / 2, text.size() - 1}) {
    if (size >= text.size() || (!shorter.empty() && shorter.back().size() == size)) continue;
    shorter.push_back(text.substr(0, size));
  }
  return shorter;
}

}  // namespace props
