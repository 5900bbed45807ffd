#include "model/history.h"

#include "model/encoder.h"

namespace model {

namespace {

class HistoryEncoder final : public Encoder<HistoryEncoder> {};

}  // namespace

std::string Encode(const History& history) {
  HistoryEncoder encoder;
  encoder.Number(history.events.size());
  for (const HistoryEvent& event : history.events) {
    encoder.PutAll(event.kind, event.thread, event.call, event.block, event.result);
  }
  encoder.Put(history.end);
  return encoder.Take();
}

}  // namespace model
