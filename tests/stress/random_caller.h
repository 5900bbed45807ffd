// One thread of the operating system that makes system calls at random, as one thread of the kernel
// after another, and checks that each answer is one that the call can give.
//
// Two rules keep what happens judgeable. Only whoever reads a message touches its cargo. And an
// endpoint is sent only over channels that are older than its own, so that no endpoint ends up,
// through others or not, in its own pair's queue, where nobody could reach it any more.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <random>
#include <span>
#include <string_view>
#include <vector>

#include "tests/stress/ledger.h"
#include "tests/stress/population.h"

namespace core {
inline namespace CORE_PLATFORM {

/// Every system call; the names are those of core/syscalls.h.
enum class Syscall : uint8_t {
  kChannelCreate,
  kChannelWrite,
  kChannelWriteEtc,
  kChannelRead,
  kChannelReadEtc,
  kChannelCall,
  kChannelCallEtc,
  kChannelCallNoRetry,
  kChannelCallFinish,
  kEventCreate,
  kEventPairCreate,
  kObjectSignal,
  kObjectSignalPeer,
  kObjectGetInfo,
  kHandleClose,
  kHandleCloseMany,
  kHandleDuplicate,
  kHandleReplace,
  kHandleCheckValid,
  kObjectWaitOne,
  kObjectWaitMany,
  kObjectWaitAsync,
  kPortCreate,
  kPortQueue,
  kPortWait,
  kPortCancel,
};
inline constexpr size_t kSyscalls = static_cast<size_t>(Syscall::kPortCancel) + 1;
std::string_view NameOf(Syscall call);

/// How often each was made, and how often it was kOk.
struct CallCounts {
  std::array<uint64_t, kSyscalls> made{};
  std::array<uint64_t, kSyscalls> fine{};
};

class RandomCaller {
 public:
  RandomCaller(Kernel& kernel, Population& population, uint32_t caller, uint32_t seed)
      : population_(population), caller_(caller), random_(seed), ledger_(kernel, caller) {}

  /// Until `steps` have been made, or the round is over.
  void Run(uint32_t steps);

  const Ledger& ledger() const { return ledger_; }
  const CallCounts& counts() const { return counts_; }

 private:
  // One step; the weight says how often it is drawn.
  struct Step {
    uint32_t weight;
    void (RandomCaller::*make)();
  };
  // A message that is to be sent: its handles are the cargo, then some others.
  struct Parcel {
    Stamp stamp;
    std::array<HandleValue, 4> handles{};
    uint32_t num_handles = 0;
  };
  // Room for a message that comes, and for less than its bytes or handles now and then.
  struct Room {
    Stamp stamp;
    std::array<HandleValue, kMaxMessageHandles> handles{};
    uint32_t num_bytes = sizeof(Stamp);
    uint32_t num_handles = kMaxMessageHandles;
  };
  struct CallMemory;
  static const std::vector<Step>& Steps();

  void CreateChannel();
  void CreateEvent();
  void CreateEventPair();
  void CreatePort();
  void Write();
  void WriteIovecs();
  void WriteEtc();
  void WriteBadly();
  void Read();
  void ReadEtc();
  void ReadBadly();
  void ReadBoot();
  void Serve();
  void Call();
  void CallEtc();
  void CallInterrupted();
  void WaitOne();
  void WaitMany();
  void WaitAsync();
  void QueuePacket();
  void WaitForPacket();
  void CancelWait(HandleValue port, HandleValue source, uint64_t key);
  void Close();
  void CloseMany();
  void Duplicate();
  void Replace();
  void CheckValid();
  void Signal();
  void SignalPeer();
  void GetInfo();
  void SuspendSomebody();
  void KillSomebody();
  void KillSomeProcess();
  void ConnectSomebody();

  const Step& DrawStep();
  bool Chance(uint32_t one_in) { return random_() % one_in == 0; }
  uint32_t Below(uint32_t limit) { return static_cast<uint32_t>(random_() % limit); }
  static constexpr uint32_t kShortWaitNs = 50'000;
  static constexpr uint32_t kWaitForReplyNs = 500'000;
  Time DrawDeadline(uint32_t longest_wait_ns = kShortWaitNs);
  Signals DrawSignals();
  template <size_t kCount>
  HandleValue LoadOne(const Home::Places<kCount>& places);
  HandleValue PickChannel();
  HandleValue PickEvent();
  HandleValue PickPort();
  HandleValue PickAny();

  // Counts the call; anything but kOk and the answers of `expected` fails the test.
  Status Note(Syscall call, Status status, std::initializer_list<Status> expected = {});
  Status GetBasicInfo(HandleValue handle, InfoHandleBasic* info);
  bool MayTravel(HandleValue handle, HandleValue channel);
  Parcel Pack(HandleValue channel);
  std::array<HandleDisposition, 4> DispositionsOf(const Parcel& parcel);
  // The kernel was given the parcel, and has consumed it in any case.
  void OnGiven(const Parcel& parcel, Told told);
  void OnWritten(const Parcel& parcel, Status status);
  // What was read; of its handles the first is the cargo.
  void Unpack(const Stamp& stamp, std::span<const HandleValue> handles);
  void Put(HandleValue handle);
  void PutInto(std::span<std::atomic<HandleValue>> places, HandleValue handle);
  // Most of what is gone is not tried again; somebody else may have drawn it already.
  void Forget(HandleValue handle);
  Room DrawRoom();
  Status ReadInto(HandleValue channel, uint32_t options, Room* room);
  Status FinishCall(CallMemory& memory);
  void EndCall(const CallMemory& memory, Status status);

  Population& population_;
  const uint32_t caller_;
  std::mt19937 random_;
  Ledger ledger_;
  CallCounts counts_;
  // Of this life.
  Thread* self_ = nullptr;
  Home* home_ = nullptr;
  bool gives_up_ = false;  // This life, by its own decision.
};

}  // namespace CORE_PLATFORM
}  // namespace core
