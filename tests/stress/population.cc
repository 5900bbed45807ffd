#include "tests/stress/population.h"

#include <array>
#include <utility>
#include <vector>

namespace core {
inline namespace CORE_PLATFORM {

namespace {

using Guard = std::lock_guard<std::mutex>;

constexpr uint32_t SeatOf(uint32_t caller) {
  return caller / kCallersPerSeat;
}

}  // namespace

Population::Population(Kernel& kernel)
    : kernel_(kernel),
      ledger_(kernel, /*writer=*/kCallers),
      launcher_(*kernel.CreateProcess()),
      launcher_thread_(*kernel.CreateThread(launcher_)) {
  const Guard guard(lock_);
  for (uint32_t seat = 0; seat < kSeats; ++seat) FoundProcessLocked(seat);
}

void Population::FoundProcessLocked(uint32_t seat) {
  Home& home = homes_.emplace_back();
  home.process = kernel_.CreateProcess();
  const ChannelEnds boot = NewChannel(launcher_thread_);
  home.boot = boot.far;
  HandleOwner given = launcher_.handles().Remove(boot.far);
  given->object().OnReceived(*home.process);
  home.process->handles().Add(std::move(given), home.boot);
  // The messages that the predecessor has not read go with it.
  static_cast<void>(HandleClose(launcher_thread_, seats_[seat].boot));
  seats_[seat] = {&home, boot.near};
  for (uint32_t other = 0; other < kSeats; ++other) {
    if (other != seat && seats_[other].home != nullptr) ConnectLocked(seat, other);
  }
}

void Population::ConnectLocked(uint32_t seat, uint32_t other_seat) {
  // Younger than both channels that carry it, as RandomCaller wants it.
  const ChannelEnds link = NewChannel(launcher_thread_);
  SendLocked(seat, link.near);
  SendLocked(other_seat, link.far);
}

void Population::SendLocked(uint32_t seat, HandleValue handle) {
  std::array<HandleValue, 2> handles = {kInvalidHandle, handle};
  const Stamp stamp = ledger_.NewMessage(launcher_thread_, &handles[0]);
  const Status sent = Send(launcher_thread_, seats_[seat].boot, stamp, handles);
  ASSERT(sent == Status::kOk || sent == Status::kPeerClosed);
  ledger_.OnTold(stamp, sent == Status::kOk ? Told::kSent : Told::kRefused);
}

Thread* Population::BeginLife(uint32_t caller, Home** home) {
  const Guard guard(lock_);
  if (round_is_over_) return nullptr;
  Seat& seat = seats_[SeatOf(caller)];
  Thread* thread = kernel_.CreateThread(*seat.home->process);
  if (thread == nullptr) {
    FoundProcessLocked(SeatOf(caller));
    thread = kernel_.CreateThread(*seat.home->process);
  }
  Life& life = lives_[caller];
  life = {thread, life.number + 1};
  *home = seat.home;
  return thread;  // Null: all numbers of threads have been used.
}

void Population::EndLife(uint32_t caller) {
  Thread* thread = nullptr;
  {
    const Guard guard(lock_);
    thread = std::exchange(lives_[caller].thread, nullptr);
  }
  kernel_.ExitThread(*thread);
}

void Population::EndRound() {
  const Guard guard(lock_);
  round_is_over_ = true;
  for (const Life& life : lives_) {
    if (life.thread != nullptr) life.thread->Kill();
  }
}

Population::Victim Population::Suspend(uint32_t caller) {
  const Guard guard(lock_);
  const Life& life = lives_[caller];
  if (life.thread != nullptr) life.thread->Suspend();
  return {life.thread, life.number};
}

void Population::Resume(uint32_t caller, const Victim& victim) {
  const Guard guard(lock_);
  const Life& life = lives_[caller];
  // The next life may be at the same address.
  if (life.thread != nullptr && life.number == victim.life) life.thread->Resume();
}

void Population::KillThread(uint32_t caller) {
  const Guard guard(lock_);
  if (lives_[caller].thread != nullptr) lives_[caller].thread->Kill();
}

void Population::KillProcess(uint32_t seat) {
  const Guard guard(lock_);
  kernel_.KillProcess(*seats_[seat].home->process, /*exit_code=*/1);
}

void Population::Connect(uint32_t seat, uint32_t other_seat) {
  const Guard guard(lock_);
  ConnectLocked(seat, other_seat);
}

void Population::CloseEverything() {
  const Guard guard(lock_);
  kernel_.ExitThread(launcher_thread_);
  std::vector<Process*> processes;
  kernel_.PeekProcesses(
      [&](const Process& process) { processes.push_back(const_cast<Process*>(&process)); });
  for (Process* process : processes) kernel_.KillProcess(*process, /*exit_code=*/1);
}

}  // namespace CORE_PLATFORM
}  // namespace core
