#include "model/history.h"

#include "model/encoder.h"

namespace model {

std::string Encode(const History& history) {
  Encoder encoder;
  encoder.Number(history.events.size());
  for (const HistoryEvent& event : history.events) {
    encoder.PutAll(event.kind, event.thread, event.call, event.block, event.result);
  }
  encoder.Put(history.end);
  return encoder.Take();
}

}  // namespace model
