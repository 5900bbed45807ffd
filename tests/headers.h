// The headers that are read once for all tests; see CMakeLists.txt.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tools/cmake/headers.h"
