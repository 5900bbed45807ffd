// handle_close, handle_close_many, handle_duplicate, handle_replace, handle_check_valid.
#include <algorithm>
#include <array>

#include "core/kernel.h"
#include "core/syscalls.h"

namespace core {
inline namespace CORE_PLATFORM {

namespace {

// Closes what `values` name, in this order; false if one of them is not there, or no more.
bool CloseAll(HandleTable& table, std::span<const HandleValue> values) {
  std::array<HandleOwner, kMaxMessageHandles> buffer;
  const std::span<HandleOwner> owners(buffer.data(), values.size());
  table.RemoveAll(values, owners);
  bool all_found = true;
  for (size_t i = 0; i < values.size(); ++i) {
    all_found &= owners[i] != nullptr || values[i] == kInvalidHandle;
    owners[i].reset();
  }
  return all_found;
}

// What a replacement is made of, in the order in which it can fail.
struct Replacement {
  Rights rights = kRightNone;
  HandleMemory memory;
  HandleValue value = kInvalidHandle;
};

Status PrepareReplacement(Thread& caller, HandleValue handle, Rights rights,
                          UserPtr<HandleValue> out, Replacement* replacement) {
  const Status fine =
      caller.process().handles().RightsOfReplacement(handle, rights, &replacement->rights);
  if (fine != Status::kOk) return fine;
  if (!replacement->memory.Allocate()) return Status::kNoMemory;
  if (!caller.NextHandleValues(1, &replacement->value)) return Status::kNoMemory;
  return out.CopyOut(&replacement->value, 1) ? Status::kOk : Status::kInvalidArgs;
}

// The end of a replacement that failed because of `why`.
Status FailReplacement(Thread& caller, HandleValue handle, Status why) {
  const AbiProfile& profile = ProfileOf(caller);
  const OnFailure what =
      why == Status::kNoMemory ? profile.replace_without_memory : profile.failed_replace;
  if (what == OnFailure::kKeep) return why;
  // Only one call gets the handle: if that was another, this one came too late for any answer
  // about it.
  const HandleOwner consumed = caller.process().handles().Remove(handle);
  return consumed == nullptr ? Status::kBadHandle : why;
}

}  // namespace

Status HandleClose(Thread& caller, HandleValue handle) {
  if (handle == kInvalidHandle) return Status::kOk;
  const HandleOwner owner = caller.process().handles().Remove(handle);
  return owner == nullptr ? Status::kBadHandle : Status::kOk;
}

Status HandleCloseMany(Thread& caller, UserPtr<const HandleValue> handles, size_t num_handles) {
  if (!ProfileOf(caller).calls.close_many) return Status::kBadSyscall;
  // Of several chunks the kernel of today answers for the last alone, whatever was wrong before.
  // Nobody can want that: here a bad entry anywhere is told.
  Status status = Status::kOk;
  std::array<HandleValue, kMaxMessageHandles> values;
  for (size_t offset = 0; offset < num_handles;) {
    const size_t count = std::min(num_handles - offset, values.size());
    if (!handles.CopyInFrom(offset, values.data(), count)) return Status::kInvalidArgs;
    if (!CloseAll(caller.process().handles(), {values.data(), count})) status = Status::kBadHandle;
    offset += count;
  }
  return status;
}

Status HandleDuplicate(Thread& caller, HandleValue handle, Rights rights,
                       UserPtr<HandleValue> out) {
  HandleTable& table = caller.process().handles();
  HandleOwner copy;  // Closed on every failure below, with no lock held.
  const Status made = table.Duplicate(handle, rights, &copy);
  if (made != Status::kOk) return made;
  HandleValue value;
  if (!caller.NextHandleValues(1, &value)) return Status::kNoMemory;
  if (!out.CopyOut(&value, 1)) return Status::kInvalidArgs;
  table.Add(std::move(copy), value);
  return Status::kOk;
}

Status HandleReplace(Thread& caller, HandleValue handle, Rights rights, UserPtr<HandleValue> out) {
  Replacement replacement;
  const Status prepared = PrepareReplacement(caller, handle, rights, out, &replacement);
  if (prepared == Status::kBadHandle) return prepared;
  if (prepared != Status::kOk) return FailReplacement(caller, handle, prepared);
  // Closing the old handle ends the waits through it and nothing else: the object has another one,
  // and its owner stays. HO-5, WT-32.
  const HandleOwner old = caller.process().handles().Replace(handle, std::move(replacement.memory),
                                                             replacement.rights, replacement.value);
  return old == nullptr ? Status::kBadHandle : Status::kOk;
}

Status HandleCheckValid(Thread& caller, HandleValue handle) {
  return caller.process().handles().Contains(handle) ? Status::kOk : Status::kBadHandle;
}

}  // namespace CORE_PLATFORM
}  // namespace core
