// The words of litmus files and their values: rights, signals, system calls, result fields; and the
// search for the word that a mistaken one was meant to be.
//
// Internal to this library; the names of statuses are in model/litmus.h.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/abi.h"
#include "model/litmus.h"
#include "model/program.h"

namespace model {

/// `a, b, c`.
template <typename Strings>
std::string Join(const Strings& strings, std::string_view separator) {
  std::string text;
  bool first = true;
  for (const auto& each : strings) {
    if (!first) text += separator;
    text += each;
    first = false;
  }
  return text;
}

/// A bit of a set of rights or signals, and its name.
struct NamedBit {
  uint32_t bit;
  std::string_view name;
};
std::span<const NamedBit> RightNames();
std::span<const NamedBit> SignalNames();
/// The options of such a call; empty if none has a name.
std::span<const NamedBit> OptionNames(CallKind kind);
std::optional<uint32_t> BitByName(std::span<const NamedBit> table, std::string_view name);

/// A number that is not a set, and its name.
struct NamedNumber {
  uint32_t number;
  std::string_view name;
};
std::span<const NamedNumber> ObjectTypeNames();
std::span<const NamedNumber> TopicNames();
std::optional<uint32_t> NumberByName(std::span<const NamedNumber> table, std::string_view name);
std::optional<std::string_view> NameOfNumber(std::span<const NamedNumber> table, uint32_t number);

/// `channel` for ObjectType::kChannel: the word of its declaration.
std::string_view ObjectWord(core::ObjectType type);

/// `READABLE | 0x01000000`: names in the order of the bits, then what has no name; `0` if empty.
std::string PrintSignals(core::Signals signals);
std::string PrintRightsSum(core::Rights rights);
/// `[READ, WAIT]`, `[-TRANSFER]` or `[NONE]`; nothing for the default.
std::string PrintRights(const RightsArgument& rights);

/// `zx_channel_write`; the word of the statement for what is no system call.
std::string_view SyscallName(CallKind kind);
std::optional<CallKind> SyscallByName(std::string_view name);
/// True for system calls of Zircon that litmus files do not have.
bool IsForeignSyscall(std::string_view name);
/// Whether such a call sends, or receives, a message.
bool Sends(CallKind kind);
bool Receives(CallKind kind);

/// `bytes` for Field::kBytes, ...
std::string_view FieldName(Location::Field field);
/// Whether the answer of such a call carries the field. Never true of the fields of endpoints.
bool CallProduces(CallKind kind, Location::Field field);
/// Whether such an answer has a list of the field, so that an index follows it.
bool IsIndexed(CallKind kind, Location::Field field);
/// The fields that the answer of such a call carries, in the order of the table.
std::vector<std::string_view> FieldsProducedBy(CallKind kind);
/// The most handles that such a call brings; 0 if it brings none.
uint32_t MaxResultHandles(CallKind kind);
/// True of the fields of endpoints: kQueue, kSignals, kOwner.
bool IsEndpointField(Location::Field field);
std::optional<Location::Field> ResultFieldByName(std::string_view name);
std::optional<Location::Field> EndpointFieldByName(std::string_view name);

/// What the value of a location is: says how it is written and what it can be compared with.
enum class ValueType : uint8_t {
  kStatus,
  kNumber,
  kBytes,
  kSignals,
  kRights,
  kObjectType,
  kQueue,
  kOwner,
};
ValueType TypeOf(Location::Field field);

/// Words with a meaning of their own in the language; none of them can be a name.
bool IsReservedWord(std::string_view word);

/// `; did you mean 'x'?` with the nearest of `candidates`, or nothing if none is near.
std::string DidYouMean(std::string_view word, std::span<const std::string_view> candidates);

/// All that can be meant, for DidYouMean.
std::vector<std::string_view> AllStatusNames();
std::vector<std::string_view> AllSyscallNames();
std::vector<std::string_view> NamesOf(std::span<const NamedBit> table);
std::vector<std::string_view> NamesOf(std::span<const NamedNumber> table);

}  // namespace model
