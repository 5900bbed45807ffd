#include "core/handle_table.h"

namespace core {
inline namespace CORE_PLATFORM {

namespace {

constexpr size_t kFirstBuckets = 64;  // A power of two.

template <typename Bucket>
Bucket* NewBuckets(size_t count) {
  auto* buckets = static_cast<Bucket*>(AllocateBytes(count * sizeof(Bucket), "handle table"));
  for (size_t i = 0; buckets != nullptr && i < count; ++i) new (&buckets[i]) Bucket();
  return buckets;
}

}  // namespace

HandleTable::HandleTable()
    : lock_("handle table"), by_value_(ByValue::bucket_traits(&only_bucket_, 1)) {}

HandleTable::~HandleTable() {
  ASSERT(by_age_.empty());
  by_value_.rehash(ByValue::bucket_traits(&only_bucket_, 1));
  if (buckets_ != nullptr) platform::Free(buckets_);
}

bool HandleTable::Init() {
  const WriterLock guard(lock_);
  GrowLocked();
  return buckets_ != nullptr;
}

void HandleTable::GrowLocked() {
  const size_t count = bucket_count_ == 0 ? kFirstBuckets : bucket_count_ * 2;
  auto* buckets = NewBuckets<ByValue::bucket_type>(count);
  if (buckets == nullptr) return;  // Longer chains are slower, not wrong.
  by_value_.rehash(ByValue::bucket_traits(buckets, count));
  if (buckets_ != nullptr) platform::Free(buckets_);
  buckets_ = buckets;
  bucket_count_ = count;
}

void HandleTable::Add(HandleOwner handle, HandleValue value) {
  ASSERT(handle->table_ == nullptr);
  ASSERT((value & kHandleFixedBits) == kHandleFixedBits);
  handle->value_ = value;
  const WriterLock guard(lock_, value);
  if (by_value_.size() >= bucket_count_) GrowLocked();
  handle->table_ = this;
  by_age_.push_back(*handle);
  const bool is_new = by_value_.insert(*handle).second;
  ASSERT(is_new);
  static_cast<void>(handle.release());
}

HandleOwner HandleTable::TakeLocked(Handle& handle) {
  by_value_.erase(by_value_.iterator_to(handle));
  by_age_.erase(by_age_.iterator_to(handle));
  ASSERT(handle.table_ == this);
  handle.table_ = nullptr;
  return HandleOwner(&handle);
}

HandleOwner HandleTable::TakeValueLocked(HandleValue value) {
  const auto found = by_value_.find(value);
  return found == by_value_.end() ? nullptr : TakeLocked(*found);
}

HandleOwner HandleTable::Remove(HandleValue value) {
  const WriterLock guard(lock_, value);
  return TakeValueLocked(value);
}

void HandleTable::RemoveAll(std::span<const HandleValue> values, std::span<HandleOwner> out) {
  ASSERT(values.size() == out.size());
  if (values.empty()) return;
  // One value is a section about that value alone; several are a section about the table.
  const WriterLock guard(lock_, values.size() == 1 ? values[0] : 0);
  for (size_t i = 0; i < values.size(); ++i) out[i] = TakeValueLocked(values[i]);
}

HandleOwner HandleTable::RemoveNewest() {
  const WriterLock guard(lock_);
  return by_age_.empty() ? nullptr : TakeLocked(by_age_.back());
}

const Handle* HandleTable::FindLocked(HandleValue value) const {
  const auto found = by_value_.find(value);
  return found == by_value_.end() ? nullptr : &*found;
}

Status HandleTable::Lookup(HandleValue value, ObjectType type, Rights rights,
                           RefPtr<Dispatcher>* out) const {
  const ReaderLock guard(lock_, value);
  const Handle* handle = FindLocked(value);
  if (handle == nullptr) return Status::kBadHandle;
  if (type != ObjectType::kNone && handle->object().type() != type) {
    return Status::kWrongType;  // Before kAccessDenied: its rights mean nothing here.
  }
  if (!handle->Permits(rights)) return Status::kAccessDenied;
  *out = RefPtr<Dispatcher>(&handle->object());
  return Status::kOk;
}

Status HandleTable::Observe(HandleValue value, SignalObserver& observer, Signals wanted,
                            RefPtr<Dispatcher>* out) const {
  const ReaderLock guard(lock_);
  const Handle* handle = FindLocked(value);
  if (handle == nullptr) return Status::kBadHandle;
  if (!handle->Permits(kRightWait)) return Status::kAccessDenied;
  *out = RefPtr<Dispatcher>(&handle->object());
  handle->object().AddObserver(observer, *handle, wanted);
  return Status::kOk;
}

}  // namespace CORE_PLATFORM
}  // namespace core
