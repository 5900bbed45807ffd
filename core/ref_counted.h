// Reference counting: objects that several owners keep alive.
#pragma once

#include <cstddef>
#include <utility>

#include "core/memory.h"

namespace core {
inline namespace CORE_PLATFORM {

/// Starts with one reference, which AdoptRef takes over. A class may hide OnLastReference to say
/// how it goes; by default it is deleted at once.
template <typename T>
class RefCounted : public Allocated {
 public:
  explicit RefCounted(const char* role) : references_(role) {}
  RefCounted(const RefCounted&) = delete;
  RefCounted& operator=(const RefCounted&) = delete;

  void AddReference() const { references_.Increment(); }
  void DropReference() const {
    if (references_.Decrement()) {
      const_cast<T*>(static_cast<const T*>(this))->OnLastReference();
    }
  }
  void OnLastReference() { delete static_cast<T*>(this); }

 protected:
  ~RefCounted() = default;

 private:
  mutable platform::RefCount references_;
};

template <typename T>
class RefPtr {
 public:
  RefPtr() = default;
  RefPtr(std::nullptr_t) {}
  explicit RefPtr(T* object) : object_(object) {
    if (object_ != nullptr) object_->AddReference();
  }
  RefPtr(const RefPtr& other) : RefPtr(other.object_) {}
  RefPtr(RefPtr&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  template <typename U>
  RefPtr(RefPtr<U>&& other) noexcept : object_(other.Leak()) {}
  RefPtr& operator=(RefPtr other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  ~RefPtr() {
    if (object_ != nullptr) object_->DropReference();
  }

  T* get() const { return object_; }
  T* operator->() const { return object_; }
  T& operator*() const { return *object_; }
  explicit operator bool() const { return object_ != nullptr; }
  /// Gives the reference away.
  [[nodiscard]] T* Leak() { return std::exchange(object_, nullptr); }

 private:
  template <typename U>
  friend RefPtr<U> AdoptRef(U* object);
  T* object_ = nullptr;
};

/// Takes over the reference that a new object starts with. Null stays null.
template <typename T>
RefPtr<T> AdoptRef(T* object) {
  RefPtr<T> pointer;
  pointer.object_ = object;
  return pointer;
}

}  // namespace CORE_PLATFORM
}  // namespace core
