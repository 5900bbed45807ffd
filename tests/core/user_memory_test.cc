// Bad addresses on real threads: an answer where user memory is checked, and as little as possible
// on the way where it is trusted.
#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "tests/core/native_fixture.h"

namespace native {
namespace {

using heddle::Kernel;
using heddle::ThreadBinding;
using heddle::UserMemory;

Kernel MakeTrustingKernel() {
  heddle::KernelOptions options;
  options.user_memory = UserMemory::kTrusted;
  return MakeKernel(options);
}

/// Two pages that can be used and, right after them, one that cannot.
class Pages {
 public:
  Pages() {
    void* memory =
        mmap(nullptr, 3 * size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    EXPECT_NE(memory, MAP_FAILED);
    start_ = static_cast<char*>(memory);
    Protect(2, PROT_NONE);
  }
  ~Pages() { EXPECT_EQ(munmap(start_, 3 * size_), 0); }

  char* page(size_t number) const { return start_ + number * size_; }
  char* bad() const { return page(2); }
  void Protect(size_t number, int protection) const {
    EXPECT_EQ(mprotect(page(number), size_, protection), 0);
  }
  void UnmapBad() const { EXPECT_EQ(munmap(bad(), size_), 0); }

 private:
  const size_t size_ = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  char* start_ = nullptr;
};

template <typename T>
T* Address(uintptr_t number) {
  return reinterpret_cast<T*>(number);
}

class CheckedMemory : public ::testing::Test {
 protected:
  CheckedMemory() : binding_(MakeProcess(MakeKernel())), ends_(MakeChannel()) {}

  zx_status_t WriteFrom(const void* bytes, uint32_t size) {
    return zx_channel_write(ends_.a, 0, bytes, size, nullptr, 0);
  }
  zx_status_t ReadTo(void* bytes, uint32_t size) {
    return zx_channel_read(ends_.b, 0, bytes, nullptr, size, 0, nullptr, nullptr);
  }

  const ThreadBinding binding_;
  const Ends ends_;
  const Pages pages_;
};

// W10
TEST_F(CheckedMemory, BytesFromAnyBadAddressAreInvalidArgs) {
  std::vector<const void*> bad = {nullptr, pages_.bad(), pages_.bad() + 100};
  for (uintptr_t address : {uintptr_t{1}, uintptr_t{4095}, uintptr_t{1} << 47, uintptr_t{1} << 63,
                            UINTPTR_MAX - 63, UINTPTR_MAX}) {
    bad.push_back(Address<void>(address));
  }
  for (const void* address : bad) EXPECT_EQ(WriteFrom(address, 64), ZX_ERR_INVALID_ARGS) << address;
  pages_.UnmapBad();
  EXPECT_EQ(WriteFrom(pages_.bad(), 64), ZX_ERR_INVALID_ARGS);
  EXPECT_EQ(Read(ends_.b), "status ZX_ERR_SHOULD_WAIT");
}

// W1
TEST_F(CheckedMemory, NothingFromABadAddressIsFine) {
  EXPECT_EQ(WriteFrom(nullptr, 0), ZX_OK);
  EXPECT_EQ(WriteFrom(pages_.bad(), 0), ZX_OK);
}

TEST_F(CheckedMemory, ARangeThatIsPartlyMappedIsInvalidArgs) {
  EXPECT_EQ(WriteFrom(pages_.bad() - 64, 64), ZX_OK);
  EXPECT_EQ(WriteFrom(pages_.bad() - 63, 64), ZX_ERR_INVALID_ARGS);
  EXPECT_EQ(WriteFrom(pages_.page(0), 65536), ZX_ERR_INVALID_ARGS);
  EXPECT_EQ(ReadTo(pages_.bad() - 64, 64), ZX_OK);
}

// the message is lost.
TEST_F(CheckedMemory, AReadIntoABadAddressLosesTheMessage) {
  for (char* address : {pages_.bad(), pages_.bad() - 3, static_cast<char*>(nullptr)}) {
    ASSERT_EQ(WriteFrom("four", 4), ZX_OK);
    EXPECT_EQ(ReadTo(address, 4), ZX_ERR_INVALID_ARGS);
    EXPECT_EQ(Read(ends_.b), "status ZX_ERR_SHOULD_WAIT");
  }
}

TEST_F(CheckedMemory, MemoryThatCanOnlyBeReadIsNoPlaceToWriteTo) {
  std::memcpy(pages_.page(1), "four", 4);
  pages_.Protect(1, PROT_READ);
  ASSERT_EQ(WriteFrom(pages_.page(1), 4), ZX_OK);
  EXPECT_EQ(ReadTo(pages_.page(1), 4), ZX_ERR_INVALID_ARGS);
  EXPECT_EQ(std::memcmp(pages_.page(1), "four", 4), 0);
  static const char kConstant[4] = {};
  ASSERT_EQ(WriteFrom("four", 4), ZX_OK);
  EXPECT_EQ(ReadTo(const_cast<char*>(kConstant), 4), ZX_ERR_INVALID_ARGS);
}

// CR-2
TEST_F(CheckedMemory, OutPointersAndArgumentsAreCheckedToo) {
  auto* const bad = reinterpret_cast<zx_handle_t*>(pages_.bad());
  auto* const good = reinterpret_cast<zx_handle_t*>(pages_.page(1));
  EXPECT_EQ(zx_channel_create(0, bad, good), ZX_ERR_INVALID_ARGS);
  EXPECT_EQ(zx_channel_create(0, good, bad), ZX_ERR_INVALID_ARGS);
  EXPECT_EQ(zx_handle_check_valid(*good), ZX_ERR_BAD_HANDLE);
  EXPECT_EQ(zx_event_create(0, bad), ZX_ERR_INVALID_ARGS);
  EXPECT_EQ(zx_channel_write(ends_.a, 0, nullptr, 0, bad, 1), ZX_ERR_INVALID_ARGS);
  EXPECT_EQ(zx_object_wait_one(ends_.a, ZX_CHANNEL_WRITABLE, 0, bad), ZX_ERR_INVALID_ARGS);
  EXPECT_EQ(
      zx_channel_call(ends_.a, 0, 0, reinterpret_cast<zx_channel_call_args_t*>(bad), good, good),
      ZX_ERR_INVALID_ARGS);
  auto* const items = reinterpret_cast<zx_wait_item_t*>(pages_.bad());
  EXPECT_EQ(zx_object_wait_many(items, 1, 0), ZX_ERR_INVALID_ARGS);
  // An array that begins well.
  zx_handle_t* const last = bad - 1;
  ASSERT_EQ(zx_event_create(0, last), ZX_OK);
  EXPECT_EQ(zx_handle_close_many(last, 2), ZX_ERR_INVALID_ARGS);
}

TEST_F(CheckedMemory, LargeMessagesTravelFromStackAndHeap) {
  char on_stack[65536];
  std::memset(on_stack, 'x', sizeof(on_stack));
  const std::unique_ptr<char[]> on_heap(new char[sizeof(on_stack)]());
  ASSERT_EQ(WriteFrom(on_stack, sizeof(on_stack)), ZX_OK);
  ASSERT_EQ(ReadTo(on_heap.get(), sizeof(on_stack)), ZX_OK);
  EXPECT_EQ(std::memcmp(on_stack, on_heap.get(), sizeof(on_stack)), 0);
  std::memset(on_heap.get(), 'y', sizeof(on_stack));
  ASSERT_EQ(WriteFrom(on_heap.get(), sizeof(on_stack)), ZX_OK);
  ASSERT_EQ(ReadTo(on_stack, sizeof(on_stack)), ZX_OK);
  EXPECT_EQ(std::memcmp(on_stack, on_heap.get(), sizeof(on_stack)), 0);
}

/// Runs `body` on a thread whose stack ends where memory does.
void RunAtTheEndOfMemory(const std::function<void(char* end)>& body) {
  const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  const size_t size = 256 * page;
  void* const memory =
      mmap(nullptr, size + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  char* const end = static_cast<char*>(memory) + size;
  ASSERT_EQ(mprotect(end, page, PROT_NONE), 0);
  pthread_attr_t attributes;
  ASSERT_EQ(pthread_attr_init(&attributes), 0);
  ASSERT_EQ(pthread_attr_setstack(&attributes, memory, size), 0);
  const std::function<void()> run = [&] { body(end); };
  const auto start = [](void* function) -> void* {
    (*static_cast<const std::function<void()>*>(function))();
    return nullptr;
  };
  pthread_t thread;
  ASSERT_EQ(pthread_create(&thread, &attributes, start,
                           const_cast<void*>(static_cast<const void*>(&run))),
            0);
  EXPECT_EQ(pthread_join(thread, nullptr), 0);
  EXPECT_EQ(pthread_attr_destroy(&attributes), 0);
  EXPECT_EQ(munmap(memory, size + page), 0);
}

TEST(StackMemory, ARangeThatBeginsInTheStackAndLeavesItIsInvalidArgs) {
  const heddle::Process process = MakeProcess(MakeKernel());
  RunAtTheEndOfMemory([&](char* end) {
    const ThreadBinding binding(process);
    const Ends ends = MakeChannel();
    EXPECT_EQ(zx_channel_write(ends.a, 0, end - 64, 64, nullptr, 0), ZX_OK);
    EXPECT_EQ(zx_channel_write(ends.a, 0, end - 64, 65, nullptr, 0), ZX_ERR_INVALID_ARGS);
    EXPECT_EQ(zx_channel_write(ends.a, 0, end, 1, nullptr, 0), ZX_ERR_INVALID_ARGS);
    EXPECT_EQ(zx_channel_read(ends.b, 0, end - 63, nullptr, 64, 0, nullptr, nullptr),
              ZX_ERR_INVALID_ARGS);
  });
}

// The stack of another thread is memory like any other.
TEST(StackMemory, AnotherThreadsStackIsReachedThroughTheSystem) {
  const heddle::Process process = MakeProcess(MakeKernel());
  const ThreadBinding binding(process);
  const Ends ends = MakeChannel();
  char bytes[8] = {};
  std::thread other;
  const auto body = [&] {
    EXPECT_EQ(zx_channel_write(ends.a, 0, "across", 7, nullptr, 0), ZX_OK);
    EXPECT_EQ(zx_channel_read(ends.b, 0, bytes, nullptr, 8, 0, nullptr, nullptr), ZX_OK);
  };
  ASSERT_EQ(process.StartThread(body, &other), ZX_OK);
  other.join();
  EXPECT_STREQ(bytes, "across");
}

TEST(TrustedMemory, OnlyTheFirstPageIsAnswered) {
  const ThreadBinding binding(MakeProcess(MakeTrustingKernel()));
  const Ends ends = MakeChannel();
  EXPECT_EQ(zx_channel_write(ends.a, 0, nullptr, 1, nullptr, 0), ZX_ERR_INVALID_ARGS);
  EXPECT_EQ(zx_channel_write(ends.a, 0, Address<void>(4095), 1, nullptr, 0), ZX_ERR_INVALID_ARGS);
  EXPECT_EQ(zx_event_create(0, nullptr), ZX_ERR_INVALID_ARGS);
  EXPECT_EQ(Write(ends.a, "good"), ZX_OK);
  EXPECT_EQ(Read(ends.b), "good");
}

TEST(TrustedMemoryDeathTest, OtherBadAddressesEndTheProgram) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  const ThreadBinding binding(MakeProcess(MakeTrustingKernel()));
  const Ends ends = MakeChannel();
  const Pages pages;
  EXPECT_DEATH(static_cast<void>(zx_channel_write(ends.a, 0, pages.bad(), 1, nullptr, 0)), "");
}

// The switch is the kernel's, whichever thread acts for its processes.
TEST(TrustedMemory, BindingsBringTheModeOfTheirKernelAndTakeItAway) {
  const Pages pages;
  const ThreadBinding checked(MakeProcess(MakeKernel()));
  const Ends ends = MakeChannel();
  {
    const ThreadBinding trusted(MakeProcess(MakeTrustingKernel()));
    EXPECT_EQ(Write(MakeChannel().a, "x"), ZX_OK);
    const ThreadBinding checked_again(MakeProcess(MakeKernel()));
    EXPECT_EQ(zx_channel_write(MakeChannel().a, 0, pages.bad(), 1, nullptr, 0),
              ZX_ERR_INVALID_ARGS);
  }
  EXPECT_EQ(zx_channel_write(ends.a, 0, pages.bad(), 1, nullptr, 0), ZX_ERR_INVALID_ARGS);
}

}  // namespace
}  // namespace native
