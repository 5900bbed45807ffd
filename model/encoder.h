// Values as bytes: equal values give equal bytes and different ones different bytes.
//
// Internal to this library. Every variable length is preceded by its count and every optional by a
// flag, so that no two values run together into the same bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "model/observation.h"

namespace model {

/// `Derived` adds a Put for each type of its own, and brings those of the base into view.
template <typename Derived>
class Encoder {
 public:
  std::string Take() {
    bytes_.resize(size_);
    return std::move(bytes_);
  }

  /// Seven bits a byte, low bits first: most numbers here are tiny.
  void Number(uint64_t value) {
    MakeRoom(kMaxNumberBytes);
    while (value >= 0x80) {
      bytes_[size_++] = static_cast<char>(static_cast<unsigned char>(value | 0x80));
      value >>= 7;
    }
    bytes_[size_++] = static_cast<char>(value);
  }
  template <typename T>
  requires std::is_enum_v<T> || std::is_integral_v<T>
  void Put(T value) {
    Number(static_cast<uint64_t>(static_cast<int64_t>(value)) & (~uint64_t{0} >> Unused<T>()));
  }
  void Put(std::string_view text) {
    Number(text.size());
    MakeRoom(text.size());
    text.copy(&bytes_[size_], text.size());
    size_ += text.size();
  }
  void Put(const std::string& text) { Put(std::string_view(text)); }
  template <typename T>
  void Put(const std::optional<T>& value) {
    Put(value.has_value());
    if (value) self().Put(*value);
  }
  template <typename T>
  void Put(const std::vector<T>& values) {
    Number(values.size());
    for (const T& value : values) self().Put(value);
  }
  void Put(const std::vector<bool>& values) {
    Number(values.size());
    for (const bool value : values) Put(value);
  }
  void Put(const HandleDescription& description) { PutAll(description.type, description.rights); }
  void Put(const CallResult& result) {
    PutAll(result.status, result.bytes, result.txid, result.actual_bytes, result.actual_handles);
    PutAll(result.handle_count, result.observed, result.read_status, result.results);
    PutAll(result.pending, result.infos, result.info, result.info_count, result.key);
    PutAll(result.from_user, result.trigger, result.count);
  }
  void Put(const EndpointObservation& endpoint) {
    PutAll(endpoint.place, endpoint.owner, endpoint.queue, endpoint.signals);
  }
  void Put(const Observation& observation) {
    PutAll(observation.results, observation.endpoints, observation.blocked);
  }

  template <typename... Ts>
  void PutAll(const Ts&... values) {
    (self().Put(values), ...);
  }

 private:
  Derived& self() { return static_cast<Derived&>(*this); }

  // Negative values are cut to their own width, so that a status takes five bytes and not ten.
  template <typename T>
  static constexpr unsigned Unused() {
    return 64 - 8 * sizeof(T);
  }

  static constexpr size_t kFirstBytes = 512;  // As many as most states take.
  static constexpr size_t kMaxNumberBytes = 10;

  void MakeRoom(size_t bytes) {
    if (bytes_.size() - size_ < bytes) bytes_.resize(2 * bytes_.size() + bytes);
  }

  std::string bytes_ = std::string(kFirstBytes, '\0');
  size_t size_ = 0;  // What is written; behind it there is room.
};

}  // namespace model
