// What the parts of the printer share. Internal to this library.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "model/names.h"

namespace model {

/// The literal that is read as these bytes.
std::string Quote(std::string_view bytes);
std::string PrintNumber(uint64_t number);
/// The name of the number, if it has one.
std::string PrintNamedNumber(std::span<const NamedNumber> names, uint32_t number);

}  // namespace model
