#include "core/handle_table.h"

#include <algorithm>

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

// One value is a section about that value alone; several are a section about the table.
uint32_t KeyOf(std::span<const HandleValue> values) {
  return values.size() == 1 ? values[0] : 0;
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
  // A section about that value alone, unless somebody will see which of two came first.
  const WriterLock guard(lock_, order_matters_ ? 0 : value);
  if (by_value_.size() >= bucket_count_) GrowLocked();
  InsertLocked(std::move(handle));
}

void HandleTable::InsertLocked(HandleOwner handle) {
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
  const WriterLock guard(lock_, KeyOf(values));
  for (size_t i = 0; i < values.size(); ++i) out[i] = TakeValueLocked(values[i]);
}

Status HandleTable::TakeAllOrNone(std::span<const HandleValue> values, const Dispatcher& channel,
                                  const AbiProfile& profile, std::span<HandleOwner> out) {
  ASSERT(values.size() == out.size());
  if (values.empty()) return Status::kOk;
  const WriterLock guard(lock_, KeyOf(values));
  for (HandleValue value : values) {
    const Handle* handle = FindLocked(value);
    if (handle == nullptr) return Status::kBadHandle;
    const bool is_self = &handle->object() == &channel;
    if (is_self && profile.self_before_transfer) return Status::kNotSupported;
    if (!handle->Permits(kRightTransfer)) return Status::kAccessDenied;
    if (is_self) return Status::kNotSupported;
  }
  for (size_t i = 0; i < values.size(); ++i) {
    const auto before = values.first(i);
    if (std::find(before.begin(), before.end(), values[i]) != before.end()) {
      return profile.duplicate_handle;
    }
  }
  for (size_t i = 0; i < values.size(); ++i) out[i] = TakeValueLocked(values[i]);
  return Status::kOk;
}

void HandleTable::PutBack(HandleOwner handle) {
  const HandleValue value = handle->value();
  Add(std::move(handle), value);
}

HandleOwner HandleTable::RemoveNewest() {
  const WriterLock guard(lock_);
  return by_age_.empty() ? nullptr : TakeLocked(by_age_.back());
}

const Handle* HandleTable::FindLocked(HandleValue value) const {
  const auto found = by_value_.find(value);
  return found == by_value_.end() ? nullptr : &*found;
}

Status HandleTable::FindLocked(HandleValue value, ObjectType type, Rights rights,
                               const AbiProfile& profile, const Handle** out) const {
  const Handle* handle = FindLocked(value);
  if (handle == nullptr) return Status::kBadHandle;
  const bool permitted = handle->Permits(rights);
  if (profile.rights_before_type && !permitted) return Status::kAccessDenied;
  if (type != ObjectType::kNone && handle->object().type() != type) return Status::kWrongType;
  if (!permitted) return Status::kAccessDenied;
  *out = handle;
  return Status::kOk;
}

Status HandleTable::Lookup(HandleValue value, ObjectType type, Rights rights,
                           const AbiProfile& profile, RefPtr<Dispatcher>* out) const {
  const ReaderLock guard(lock_, value);
  const Handle* handle = nullptr;
  const Status found = FindLocked(value, type, rights, profile, &handle);
  if (found == Status::kOk) *out = RefPtr<Dispatcher>(&handle->object());
  return found;
}

bool HandleTable::Contains(HandleValue value) const {
  const ReaderLock guard(lock_, value);
  return FindLocked(value) != nullptr;
}

Status HandleTable::Describe(HandleValue value, RefPtr<Dispatcher>* out, Rights* rights) const {
  const ReaderLock guard(lock_, value);
  const Handle* handle = FindLocked(value);
  if (handle == nullptr) return Status::kBadHandle;
  *out = RefPtr<Dispatcher>(&handle->object());
  *rights = handle->rights();
  return Status::kOk;
}

Status HandleTable::Duplicate(HandleValue value, Rights wanted, HandleOwner* out) const {
  // Without a key: how many handles an object has is for others to see.
  const ReaderLock guard(lock_);
  const Handle* handle = FindLocked(value);
  if (handle == nullptr) return Status::kBadHandle;
  if (!handle->Permits(kRightDuplicate)) return Status::kAccessDenied;
  Rights rights = kRightNone;
  const Status reduced = handle->Reduce(wanted, &rights);
  if (reduced != Status::kOk) return reduced;
  // Memory first: a reference that had to be dropped again would be more than this section may do.
  HandleMemory memory;
  if (!memory.Allocate()) return Status::kNoMemory;
  *out = memory.MakeHandle(RefPtr<Dispatcher>(&handle->object()), rights);
  return Status::kOk;
}

Status HandleTable::RightsOfReplacement(HandleValue value, Rights wanted, Rights* rights) const {
  const ReaderLock guard(lock_, value);
  const Handle* handle = FindLocked(value);
  return handle == nullptr ? Status::kBadHandle : handle->Reduce(wanted, rights);
}

HandleOwner HandleTable::Replace(HandleValue value, HandleMemory memory, Rights rights,
                                 HandleValue replacement) {
  ASSERT((replacement & kHandleFixedBits) == kHandleFixedBits);
  // Two values, so this is a section about the whole table.
  const WriterLock guard(lock_);
  const Handle* found = FindLocked(value);
  // If it does not permit that much, it is one that has got the value since.
  if (found == nullptr || !found->Permits(rights)) return nullptr;
  HandleOwner old = TakeValueLocked(value);
  // Counted only now, and not when the caller began: until here a close by somebody else is the
  // close of the last handle, and has to be done with when that call returns.
  HandleOwner handle = memory.MakeHandle(RefPtr<Dispatcher>(&old->object()), rights);
  handle->value_ = replacement;
  InsertLocked(std::move(handle));
  return old;
}

}  // namespace CORE_PLATFORM
}  // namespace core
