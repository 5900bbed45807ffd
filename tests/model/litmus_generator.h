// Draws litmus values: every kind of declaration, call, location and claim, with any names and any
// bytes. To be used inside a RapidCheck property.
#pragma once

#include "model/litmus.h"

namespace model {

Litmus DrawLitmus();

}  // namespace model
