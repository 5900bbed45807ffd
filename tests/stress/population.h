// The processes of a stress round and their threads: who is born, who is connected to whom, and who
// dies.
//
// There are four seats for processes, with two callers each: threads of the operating system, which
// live on as one thread of the kernel after another. When the process of a seat is killed, the
// first of its callers to come back founds the next one.
//
// Processes are connected as on the real system. A launcher keeps a channel to each process, and
// sends the two ends of a new channel to two of them.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>

#include "core/kernel.h"
#include "tests/stress/ledger.h"

namespace core {
inline namespace CORE_PLATFORM {

inline constexpr uint32_t kSeats = 4;
inline constexpr uint32_t kCallersPerSeat = 2;
inline constexpr uint32_t kCallers = kSeats * kCallersPerSeat;

/// What the threads of a process share: the values of its handles. Relaxed accesses only, as they
/// must not order the threads.
struct Home {
  template <size_t kCount>
  using Places = std::array<std::atomic<HandleValue>, kCount>;

  Process* process = nullptr;
  HandleValue boot = kInvalidHandle;  // The channel to the launcher.
  Places<4> links{};                  // What came through it: channels to other processes.
  Places<12> channels{};
  Places<6> events{};  // And ends of pairs of events.
  Places<3> ports{};
};

class Population {
 public:
  explicit Population(Kernel& kernel);

  /// A new thread for `caller`, and the process that it lives in. Null: the round is over.
  Thread* BeginLife(uint32_t caller, Home** home);
  /// The end of the caller's thread, which may be suspended or killed, or have a call pending.
  void EndLife(uint32_t caller);
  /// No more lives; threads that wait for something that will never come are killed.
  void EndRound();

  // What happens to others; nothing if there is nobody. A caller must not wait for anything between
  // Suspend and Resume: two could wait for each other.
  struct Victim {
    Thread* thread = nullptr;
    uint32_t life = 0;
  };
  Victim Suspend(uint32_t caller);
  void Resume(uint32_t caller, const Victim& victim);
  void KillThread(uint32_t caller);
  void KillProcess(uint32_t seat);
  void Connect(uint32_t seat, uint32_t other_seat);

  /// Kills every process of the kernel, with no thread left.
  void CloseEverything();
  const Ledger& launcher_ledger() const { return ledger_; }

 private:
  struct Seat {
    Home* home = nullptr;
    HandleValue boot = kInvalidHandle;  // The launcher's end of the channel.
  };
  struct Life {
    Thread* thread = nullptr;  // Null between lives.
    uint32_t number = 0;
  };

  void FoundProcessLocked(uint32_t seat);
  void ConnectLocked(uint32_t seat, uint32_t other_seat);
  void SendLocked(uint32_t seat, HandleValue handle);

  Kernel& kernel_;
  // Guards what follows. Taken rarely, as it orders the threads.
  std::mutex lock_;
  Ledger ledger_;
  Process& launcher_;
  Thread& launcher_thread_;
  std::deque<Home> homes_;
  std::array<Seat, kSeats> seats_;
  std::array<Life, kCallers> lives_;
  bool round_is_over_ = false;
};

}  // namespace CORE_PLATFORM
}  // namespace core
