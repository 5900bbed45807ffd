// Shrinking without a test runner: from a value that fails to a small one that still does.
#pragma once

#include <rapidcheck.h>

namespace model {

/// Goes on with the first smaller value that still fails, as long as there is one.
template <typename T, typename Fails>
T Smallest(rc::Shrinkable<T> failing, const Fails& fails) {
  while (true) {
    auto smaller = failing.shrinks();
    auto next = smaller.next();
    while (next && !fails(next->value())) next = smaller.next();
    if (!next) return failing.value();
    failing = *next;
  }
}

}  // namespace model
