// What the parts of the generator of litmus values share. To be used inside a RapidCheck property.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/program.h"

namespace model {

uint32_t Below(size_t bound);
bool Chance(uint32_t in);  // One in so many.
uint32_t DrawNumber();     // Small ones as often as large ones.
std::string DrawBytes();

template <typename T>
T OneOf(const std::vector<T>& choices) {
  return choices[Below(choices.size())];
}

/// Any rights; those that are taken away from something only if that is known.
RightsArgument DrawRights(bool may_remove);

/// Gives thread `index` of `program` calls, to objects and threads that are there already.
void DrawCalls(Program* program, ThreadIndex index);

}  // namespace model
