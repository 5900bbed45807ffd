#include "model/rules.h"

#include <cassert>

namespace model {

namespace {

using core::Status;

// Rights of 2017, before the bits for waiting and inspecting. Ports and events beside channels: the
// same groups, written with the bits that exist.
constexpr core::Rights kOldBasic = core::kRightDuplicate | core::kRightTransfer;

// The state of September 2017: 64 handles, both rights for a call, rights to signal.
constexpr Rules kMagenta2017 = {
    .kernel_picks_txids = false,
    .short_call = Rules::ShortCall::kIsTxidZero,
    .failed_send_keeps_handles = true,
    .failed_call_tells_read_status = true,
    .duplicate_handles = Status::kInvalidArgs,
    .self_before_transfer = true,
    .call_rights = core::kRightsIo,
    .right_before_type = true,
    .failed_replace_keeps = true,
    .replace_without_memory_keeps = true,
    .tests_owner = false,
    .receipt_cancels_calls = false,
    .wait_right = core::kRightRead,
    .observed_accumulates = true,
    .requests_match_waiters = true,
    .destroyed_messages_close_later = true,
    .max_wait_items = 1024,
    .too_many_wait_items = Status::kInvalidArgs,
    .channel_rights =
        core::kRightTransfer | core::kRightsIo | core::kRightSignal | core::kRightSignalPeer,
    .event_rights = kOldBasic | core::kRightsIo | core::kRightSignal,
    .eventpair_rights = kOldBasic | core::kRightsIo | core::kRightSignal | core::kRightSignalPeer,
    .port_rights = kOldBasic | core::kRightsIo,
    .handle_copy_fault_is_ignored = true,
    .own_close_shows_peer_closed = true,
    .has_handle_infos = false,
    .has_close_many = false,
    .has_dispositions_and_iovecs = false,
    .has_edge_and_timestamp = false,
    .packets_count_messages = true,
};
static_assert(kMagenta2017.channel_rights == 0x300E);

constexpr Rules Zircon2018_04() {
  Rules rules = kMagenta2017;
  rules.wait_right = core::kRightWait;
  rules.destroyed_messages_close_later = false;
  rules.max_wait_items = 16;
  rules.too_many_wait_items = Status::kOutOfRange;
  rules.channel_rights = core::kRightsChannelDefault | core::kRightsProperty;
  rules.event_rights = core::kRightsEventDefault;
  rules.eventpair_rights = core::kRightsEventDefault | core::kRightSignalPeer;
  rules.port_rights = core::kRightsPortDefault;
  rules.has_handle_infos = true;
  return rules;
}
constexpr Rules kZircon2018_04 = Zircon2018_04();
static_assert(kZircon2018_04.channel_rights == 0xF0CE);

constexpr Rules Zircon2018_10() {
  Rules rules = kZircon2018_04;
  rules.kernel_picks_txids = true;
  rules.short_call = Rules::ShortCall::kFailsWithOptions;
  rules.failed_send_keeps_handles = false;
  rules.failed_call_tells_read_status = false;
  rules.duplicate_handles = Status::kBadHandle;
  rules.self_before_transfer = false;
  rules.failed_replace_keeps = false;
  rules.replace_without_memory_keeps = false;
  rules.tests_owner = true;  // From the 28th on: the last days of its generation.
  rules.has_close_many = true;
  return rules;
}
constexpr Rules kZircon2018_10 = Zircon2018_10();

constexpr Rules Current() {
  Rules rules = kZircon2018_10;
  rules.short_call = Rules::ShortCall::kFailsAfterBytes;
  rules.right_before_type = false;
  rules.replace_without_memory_keeps = true;
  rules.receipt_cancels_calls = true;
  rules.observed_accumulates = false;
  rules.requests_match_waiters = false;
  rules.max_wait_items = 64;
  rules.channel_rights = core::kRightsChannelDefault;
  rules.handle_copy_fault_is_ignored = false;
  rules.own_close_shows_peer_closed = false;
  rules.has_dispositions_and_iovecs = true;
  rules.has_edge_and_timestamp = true;
  rules.packets_count_messages = false;
  return rules;
}
constexpr Rules kCurrent = Current();

}  // namespace

const Rules& RulesOf(Generation generation) {
  switch (generation) {
    case Generation::kMagenta2017:
      return kMagenta2017;
    case Generation::kZircon2018_04:
      return kZircon2018_04;
    case Generation::kZircon2018_10:
      return kZircon2018_10;
    case Generation::kCurrent:
      break;
  }
  return kCurrent;
}

bool HasCall(const Rules& rules, CallKind kind) {
  switch (kind) {
    case CallKind::kChannelWriteEtc:
    case CallKind::kChannelCallEtc:
      return rules.has_dispositions_and_iovecs;
    case CallKind::kChannelReadEtc:
      return rules.has_handle_infos;
    case CallKind::kHandleCloseMany:
      return rules.has_close_many;
    default:
      return true;
  }
}

}  // namespace model
