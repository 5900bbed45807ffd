#include "tests/sim/counted_programs.h"

#include <array>
#include <memory>
#include <vector>

#include "sim/api/atomic.h"
#include "sim/api/clock.h"
#include "sim/api/mutex.h"

namespace sim {

namespace {

using Variables = std::vector<std::unique_ptr<Variable>>;

std::shared_ptr<Variables> NewVariables(size_t count) {
  auto variables = std::make_shared<Variables>();
  for (size_t i = 0; i < count; ++i) variables->push_back(std::make_unique<Variable>(0, "word"));
  return variables;
}
std::shared_ptr<Mutex> NewMutex() {
  return std::make_shared<Mutex>("mutex");
}
std::string Digits(const std::vector<int>& values) {
  std::string text;
  for (int value : values) text += std::to_string(value) + ' ';
  return text;
}
// What each thread noted last, by its number in the program.
std::shared_ptr<std::vector<int>> NewNotes(size_t threads) {
  return std::make_shared<std::vector<int>>(threads, -1);
}

}  // namespace

LambdaProgram Readers(size_t readers) {
  LambdaProgram program;
  auto x = NewVariable();
  auto seen = NewNotes(readers);
  program.threads.push_back([x] { x->Store(1, kSc); });
  for (size_t i = 0; i < readers; ++i) {
    program.threads.push_back([x, seen, i] { (*seen)[i] = x->Load(kSc); });
  }
  program.outcome = [seen] { return Digits(*seen); };
  return program;
}

LambdaProgram Writers(size_t writers) {
  LambdaProgram program;
  auto x = NewVariable();
  for (size_t i = 0; i < writers; ++i) {
    program.threads.push_back([x, i] { x->Store(static_cast<int>(i), kSc); });
  }
  program.outcome = [x] { return std::to_string(x->peek()); };
  return program;
}

LambdaProgram LastZero(size_t n) {
  LambdaProgram program;
  auto array = NewVariables(n + 1);
  program.threads.push_back([array, n] {
    for (size_t i = n; (*array)[i]->Load(kSc) != 0;) --i;
  });
  for (size_t i = 1; i <= n; ++i) {
    program.threads.push_back(
        [array, i] { (*array)[i]->Store((*array)[i - 1]->Load(kSc) + 1, kSc); });
  }
  program.outcome = [array] {
    std::string text;
    for (const auto& element : *array) text += std::to_string(element->peek());
    return text;
  };
  return program;
}

LambdaProgram Lockers(size_t threads, size_t sections, bool one_lock) {
  LambdaProgram program;
  auto shared = NewMutex();
  for (size_t i = 0; i < threads; ++i) {
    program.threads.push_back([mutex = one_lock ? shared : NewMutex(), sections] {
      for (size_t k = 0; k < sections; ++k) {
        mutex->Acquire();
        mutex->Release();
      }
    });
  }
  return program;
}

LambdaProgram Philosophers(size_t count) {
  LambdaProgram program;
  auto forks = std::make_shared<std::vector<std::shared_ptr<Mutex>>>();
  for (size_t i = 0; i < count; ++i) forks->push_back(NewMutex());
  for (size_t i = 0; i < count; ++i) {
    program.threads.push_back([forks, i, count] {
      Mutex& left = *(*forks)[i];
      Mutex& right = *(*forks)[(i + 1) % count];
      left.Acquire();
      right.Acquire();
      right.Release();
      left.Release();
    });
  }
  return program;
}

LambdaProgram TryLockers(size_t threads) {
  LambdaProgram program;
  auto mutex = NewMutex();
  auto got = NewNotes(threads);
  for (size_t i = 0; i < threads; ++i) {
    program.threads.push_back([mutex, got, i] {
      if (!mutex->TryAcquire()) return;
      (*got)[i] = 1;
      mutex->Release();
    });
  }
  program.outcome = [got] { return Digits(*got); };
  return program;
}

LambdaProgram LockAndTry() {
  LambdaProgram program;
  auto mutex = NewMutex();
  auto got = NewNotes(1);
  program.threads.push_back([mutex] {
    mutex->Acquire();
    mutex->Release();
  });
  program.threads.push_back([mutex, got] {
    if (!mutex->TryAcquire()) return;
    (*got)[0] = 1;
    mutex->Release();
  });
  program.outcome = [got] { return Digits(*got); };
  return program;
}

LambdaProgram Keepers(size_t threads) {
  LambdaProgram program;
  auto mutex = NewMutex();
  auto owner = NewNotes(1);
  for (size_t i = 0; i < threads; ++i) {
    program.threads.push_back([mutex, owner, i]() SIM_THREAD_ATTRIBUTE(no_thread_safety_analysis) {
      mutex->Acquire();
      (*owner)[0] = static_cast<int>(i);
    });
  }
  program.outcome = [owner] { return Digits(*owner); };
  return program;
}

LambdaProgram StoreBuffering() {
  LambdaProgram program;
  auto x = NewVariable();
  auto y = NewVariable();
  auto seen = NewNotes(2);
  program.threads.push_back([=] {
    x->Store(1, kSc);
    (*seen)[0] = y->Load(kSc);
  });
  program.threads.push_back([=] {
    y->Store(1, kSc);
    (*seen)[1] = x->Load(kSc);
  });
  program.outcome = [seen] { return Digits(*seen); };
  return program;
}

LambdaProgram StoresAndAwait(const std::vector<int>& values, int awaited) {
  LambdaProgram program;
  auto x = NewVariable();
  program.threads.push_back([x, values] {
    for (int value : values) x->Store(value, kSc);
  });
  program.threads.push_back([x, awaited] { x->Await(awaited, kSc); });
  program.outcome = [x] { return std::to_string(x->peek()); };
  return program;
}

LambdaProgram Choosers() {
  LambdaProgram program;
  auto mutex = NewMutex();
  auto chosen = NewNotes(2);
  for (size_t i = 0; i < 2; ++i) {
    program.threads.push_back([=] {
      (*chosen)[i] = static_cast<int>(Choose(2));
      mutex->Acquire();
      mutex->Release();
    });
  }
  program.outcome = [chosen] { return Digits(*chosen); };
  return program;
}

LambdaProgram ChosenWrite() {
  LambdaProgram program;
  auto x = NewVariable();
  auto notes = NewNotes(2);
  program.threads.push_back([=] {
    const auto chosen = static_cast<int>(Choose(3));
    (*notes)[0] = chosen;
    if (chosen != 0) x->Store(chosen, kSc);
  });
  program.threads.push_back([=] { (*notes)[1] = x->Load(kSc); });
  program.outcome = [notes] { return Digits(*notes); };
  return program;
}

LambdaProgram Reorder(size_t setters) {
  LambdaProgram program;
  auto a = NewVariable();
  auto b = NewVariable();
  auto seen = NewNotes(2);
  for (size_t i = 0; i < setters; ++i) {
    program.threads.push_back([=] {
      a->Store(1, kSc);
      b->Store(1, kSc);
    });
  }
  program.threads.push_back([=] {
    (*seen)[0] = a->Load(kSc);
    (*seen)[1] = b->Load(kSc);
  });
  program.outcome = [seen] { return Digits(*seen); };
  return program;
}

LambdaProgram SourceSetExample() {
  LambdaProgram program;
  auto x = NewVariable();
  auto y = NewVariable();
  auto z = NewVariable();
  auto notes = NewNotes(3);
  program.threads.push_back([=] { x->Store(1, kSc); });
  program.threads.push_back([=] { y->Store(1, kSc); });
  program.threads.push_back([=] {
    (*notes)[0] = y->Load(kSc);
    if ((*notes)[0] == 0) z->Store(1, kSc);
  });
  program.threads.push_back([=] {
    (*notes)[1] = z->Load(kSc);
    if ((*notes)[1] == 0) return;
    (*notes)[2] = y->Load(kSc);
    if ((*notes)[2] == 0) x->Store(2, kSc);
  });
  program.outcome = [notes] { return Digits(*notes); };
  return program;
}

LambdaProgram Adders(size_t threads) {
  LambdaProgram program;
  auto x = NewVariable();
  auto y = NewVariable();
  for (size_t i = 0; i < threads; ++i) {
    program.threads.push_back([=] {
      for (int k = 0; k < 2; ++k) {
        x->FetchAdd(1, kSc);
        y->FetchAdd(1, kSc);
      }
    });
  }
  return program;
}

LambdaProgram LostUpdates(size_t threads) {
  LambdaProgram program;
  auto x = NewVariable();
  for (size_t i = 0; i < threads; ++i) {
    program.threads.push_back([=] { x->Store(x->Load(kSc) + 1, kSc); });
  }
  program.outcome = [x] { return std::to_string(x->peek()); };
  return program;
}

LambdaProgram Indexer(size_t threads) {
  constexpr size_t kSlots = 128;
  LambdaProgram program;
  auto table = NewVariables(kSlots);
  for (size_t id = 0; id < threads; ++id) {
    program.threads.push_back([=] {
      for (size_t message = 1; message <= 4; ++message) {
        const size_t key = message * 11 + id;
        size_t slot = key * 7 % kSlots;
        int free = 0;
        while (!(*table)[slot]->CompareExchange(free, static_cast<int>(key), kSc)) {
          slot = (slot + 1) % kSlots;
          free = 0;
        }
      }
    });
  }
  return program;
}

LambdaProgram FileSystem(size_t threads) {
  constexpr size_t kInodes = 32;
  constexpr size_t kBlocks = 26;
  struct Disk {
    std::vector<std::unique_ptr<Mutex>> inode_locks;
    std::vector<std::unique_ptr<Mutex>> block_locks;
    std::array<size_t, kInodes> inodes{};  // Block + 1, or 0.
    std::array<bool, kBlocks> busy{};
  };
  LambdaProgram program;
  auto disk = std::make_shared<Disk>();
  for (size_t i = 0; i < kInodes; ++i) {
    disk->inode_locks.push_back(std::make_unique<Mutex>("inode"));
  }
  for (size_t i = 0; i < kBlocks; ++i) {
    disk->block_locks.push_back(std::make_unique<Mutex>("block"));
  }
  for (size_t id = 0; id < threads; ++id) {
    program.threads.push_back([disk, id] {
      const size_t inode = id % kInodes;
      disk->inode_locks[inode]->Acquire();
      for (size_t block = inode * 2 % kBlocks; disk->inodes[inode] == 0;
           block = (block + 1) % kBlocks) {
        disk->block_locks[block]->Acquire();
        if (!disk->busy[block]) {
          disk->busy[block] = true;
          disk->inodes[inode] = block + 1;
        }
        disk->block_locks[block]->Release();
      }
      disk->inode_locks[inode]->Release();
    });
  }
  return program;
}

}  // namespace sim
