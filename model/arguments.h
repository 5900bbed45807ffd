// The places of a call where it names a handle, or a result of an earlier call.
#pragma once

#include <variant>

#include "model/program.h"

namespace model {

/// Visits every handle that the call is given; `AnyCall` is Call or const Call.
template <typename AnyCall, typename Visitor>
void ForEachHandle(AnyCall& call, Visitor visit) {
  visit(call.handle);
  visit(call.port);
  for (auto& handle : call.handles) visit(handle);
  for (auto& disposition : call.dispositions) visit(disposition.handle);
  for (auto& item : call.items) visit(item.handle);
}

/// Visits the index of every variable that the call uses.
template <typename AnyCall, typename Visitor>
void ForEachUse(AnyCall& call, Visitor visit) {
  ForEachHandle(call, [&](auto& argument) {
    if (auto* of_result = std::get_if<ResultHandle>(&argument)) visit(of_result->variable);
  });
  if (auto* field = std::get_if<ResultField>(&call.txid)) visit(field->variable);
  for (auto& piece : call.bytes) {
    if (auto* field = std::get_if<ResultField>(&piece)) visit(field->variable);
  }
}

}  // namespace model
