// How the generations differ: one named rule per row of the table of differences that a program
// can see. The steps of the model ask these rules and never which generation it is.
//
// Rows that no program can see have no rule: the arrangement of locks, the limit of pending
// messages, which ends nothing and answers nothing, claims about cycles.
#pragma once

#include <cstdint>

#include "core/abi.h"
#include "model/generation.h"
#include "model/program.h"

namespace model {

struct Rules {
  /// When a call whose message is shorter than a transaction id fails, if at all.
  enum class ShortCall : uint8_t { kIsTxidZero, kFailsWithOptions, kFailsAfterBytes };

  bool kernel_picks_txids;              // X-1; else the caller does.
  ShortCall short_call;
  bool failed_send_keeps_handles;       // else they are closed.
  bool failed_call_tells_read_status;   // CALL_FAILED once the request was sent.
  core::Status duplicate_handles;
  bool self_before_transfer;            // NOT_SUPPORTED beats ACCESS_DENIED.
  core::Rights call_rights;
  bool right_before_type;               // ACCESS_DENIED beats WRONG_TYPE.
  bool failed_replace_keeps;            // whatever the failure.
  bool replace_without_memory_keeps;    // for want of memory.
  bool tests_owner;
  bool receipt_cancels_calls;
  core::Rights wait_right;
  bool observed_accumulates;            // waits are listed until they are taken down.
  bool requests_match_waiters;          // and so do transaction ids of any value.
  bool destroyed_messages_close_later;  // by a worker, not by whoever destroyed them.
  uint32_t max_wait_items;
  core::Status too_many_wait_items;
  core::Rights channel_rights;
  core::Rights event_rights;            // X-22, for the other objects: bits that exist.
  core::Rights eventpair_rights;        //
  core::Rights port_rights;             //
  bool handle_copy_fault_is_ignored;
  bool own_close_shows_peer_closed;     // to a read of what is empty; else SHOULD_WAIT.
  bool has_handle_infos;                // channel_read_etc.
  bool has_close_many;
  bool has_dispositions_and_iovecs;     // channel_write_etc, channel_call_etc, USE_IOVEC.
  bool has_edge_and_timestamp;          // Options of object_wait_async (1.6).
  bool packets_count_messages;          // WT-21: `count` of a packet for what is readable already.
};

const Rules& RulesOf(Generation generation);

/// Whether the generation has such a system call; without it the call answers BAD_SYSCALL.
bool HasCall(const Rules& rules, CallKind kind);

}  // namespace model
