#include "props/reached.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "model/names.h"

namespace props {

std::map<std::string, uint64_t> Reached::AllClauses() {
  std::map<std::string, uint64_t> all;
  for (const std::string_view clause : ClausesKnown()) all.emplace(clause, 0);
  return all;
}

void Reached::Note(const model::Litmus& litmus, const model::History& history) {
  for (const model::HistoryEvent& event : history.events) {
    if (event.kind == model::HistoryEvent::Kind::kInvoke) continue;
    const model::CallKind kind = litmus.program.threads[event.thread].calls[event.call].kind;
    if (kind == model::CallKind::kChoose || kind == model::CallKind::kNote) continue;
    ++answers_[{kind, event.result.status}];
  }
  for (const std::string_view clause : ClausesShown(litmus, history)) {
    ++clauses_[std::string(clause)];
  }
}

void Reached::Add(const Reached& other) {
  for (const auto& [answer, count] : other.answers_) answers_[answer] += count;
  for (const auto& [clause, count] : other.clauses_) clauses_[clause] += count;
}

std::vector<std::string> Reached::NeverReached() const {
  std::vector<std::string> never;
  for (const auto& [clause, count] : clauses_) {
    if (count == 0) never.push_back(clause);
  }
  return never;
}

std::string Reached::Print() const {
  std::string text;
  for (const auto& [answer, count] : answers_) {
    text += fmt::format("answer {} {} {}\n", model::SyscallName(answer.first),
                        model::StatusName(answer.second), count);
  }
  for (const auto& [clause, count] : clauses_) text += fmt::format("clause {} {}\n", clause, count);
  return text;
}

bool Reached::Read(std::string_view line) {
  std::vector<std::string_view> words;
  while (!line.empty()) {
    const size_t end = std::min(line.find(' '), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  if (words.size() < 3) return false;
  uint64_t count = 0;
  const std::string_view digits = words.back();
  std::from_chars(digits.data(), digits.data() + digits.size(), count);
  if (words[0] == "clause") {
    clauses_[std::string(words[1])] += count;
    return true;
  }
  const auto kind = model::SyscallByName(words[1]);
  const auto status = model::StatusByName(words[2]);
  if (words[0] != "answer" || !kind || !status) return false;
  answers_[{*kind, *status}] += count;
  return true;
}

}  // namespace props
