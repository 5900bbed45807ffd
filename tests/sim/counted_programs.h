// Programs whose numbers of interleavings and of traces are known: from the literature (readers,
// lastzero, indexer, file system: Flanagan and Godefroid, POPL 2005, Abdulla et al., POPL 2014, and
// the test suite of Concuerror; try-locks and deadlocks: Nidhugg) or from a closed formula. One
// visible event per operation; releases are events.
#pragma once

#include <cstddef>
#include <vector>

#include "tests/sim/lambda_scenario.h"

namespace sim {

/// One thread writes a word, the others read it.
LambdaProgram Readers(size_t readers);
/// Every thread writes one word.
LambdaProgram Writers(size_t writers);
/// Thread 0 looks for the last zero of an array; thread i sets element i from element i - 1.
LambdaProgram LastZero(size_t n);
/// Sections of one lock, or of a lock for each thread.
LambdaProgram Lockers(size_t threads, size_t sections, bool one_lock);
/// Each takes the left fork, then the right one.
LambdaProgram Philosophers(size_t count);
/// Each tries to take the lock, and releases it if that worked.
LambdaProgram TryLockers(size_t threads);
LambdaProgram LockAndTry();
/// Each takes the lock and keeps it.
LambdaProgram Keepers(size_t threads);
LambdaProgram StoreBuffering();
/// One thread stores values in a word, which is 0 before; another awaits one of them.
LambdaProgram StoresAndAwait(const std::vector<int>& values, int awaited);
/// Each thread chooses one of two values and then takes and releases the lock.
LambdaProgram Choosers();
/// A thread chooses one of three values and writes unless it is 0; another reads.
LambdaProgram ChosenWrite();
/// Setters write a, then b; a checker reads them in that order.
LambdaProgram Reorder(size_t setters);
/// The four threads of section 2 of Abdulla et al. (POPL 2014).
LambdaProgram SourceSetExample();
/// Each thread adds 1 to x, y, x, y.
LambdaProgram Adders(size_t threads);
/// Each thread loads a word and stores one more than that.
LambdaProgram LostUpdates(size_t threads);
/// Each thread inserts four entries into a hash table of 128 with open addressing.
LambdaProgram Indexer(size_t threads);
/// Each thread takes an inode of 32, and a block of 26 if the inode has none.
LambdaProgram FileSystem(size_t threads);

}  // namespace sim
