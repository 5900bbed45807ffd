// Pointers that a caller gave: never followed, only copied through, and a copy can fail.
#pragma once

#include <cstddef>

#include "core/platform_contract.h"

namespace core {
inline namespace CORE_PLATFORM {

/// An array of T in the caller's memory; const T for input.
template <typename T>
class UserPtr {
 public:
  UserPtr() = default;
  UserPtr(std::nullptr_t) {}
  explicit UserPtr(T* address) : address_(address) {}

  bool is_null() const { return address_ == nullptr; }
  /// The same address, for calls whose options say what it points to.
  template <typename U>
  UserPtr<U> As() const {
    return UserPtr<U>(reinterpret_cast<U*>(address_));
  }

  /// False on a fault; a copy of no element never faults.
  [[nodiscard]] bool CopyIn(std::remove_const_t<T>* to, size_t count) const {
    return platform::CopyIn(to, address_, count * sizeof(T));
  }
  [[nodiscard]] bool CopyInFrom(size_t offset, std::remove_const_t<T>* to, size_t count) const {
    return platform::CopyIn(to, address_ + offset, count * sizeof(T));
  }
  [[nodiscard]] bool CopyOut(const T* from, size_t count) const {
    return platform::CopyOut(address_, from, count * sizeof(T));
  }
  /// As CopyOut of one element, but null means that the caller does not want it.
  [[nodiscard]] bool CopyOutOptional(const T& value) const {
    return is_null() || CopyOut(&value, 1);
  }

 private:
  T* address_ = nullptr;
};

}  // namespace CORE_PLATFORM
}  // namespace core
