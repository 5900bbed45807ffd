#include "traces/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

namespace traces {

namespace {

size_t DisplayWidth(std::string_view text) {
  // One cell for each code point: names and payloads are not expected in wide scripts.
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

std::string Padded(std::string_view text, size_t width) {
  std::string padded(text);
  padded.append(width - std::min(width, DisplayWidth(text)), ' ');
  return padded;
}

struct Row {
  std::string number;  // Of a call; other rows have none.
  size_t column = 0;   // A thread, or kRemark.
  std::string text;
  std::vector<std::string> queues;
};
constexpr size_t kRemark = SIZE_MAX;
// A call and its answer share a line up to this width.
constexpr size_t kWidestCell = 60;

class Builder {
 public:
  Builder(const Trace& trace, const model::Litmus& litmus) : lines_(trace.lines) {
    for (const model::ThreadProgram& thread : litmus.program.threads) {
      threads_.push_back(thread.name);
    }
    for (const model::Location& location : litmus.locations) {
      if (location.field != model::Location::Field::kQueue) continue;
      queues_.push_back(litmus.program.handles[location.handle].name + ".queue");
    }
    state_.assign(queues_.size(), "[]");
    calls_.resize(threads_.size());
  }

  std::vector<Row> Build() {
    for (size_t i = 0; i < lines_.size(); ++i) {
      if (const auto* event = std::get_if<TraceEvent>(&lines_[i])) {
        AddEvent(*event, i);
      } else if (const auto* note = std::get_if<TraceNote>(&lines_[i])) {
        AddNote(*note, i);
      }
    }
    AddUnfinished();
    return std::move(rows_);
  }

  const std::vector<std::string>& queues() const { return queues_; }

 private:
  // The call that a thread is in: shown in one row if nobody else ran meanwhile, else in parts.
  struct OpenCall {
    bool open = false;
    bool split = false;
    bool shown = false;  // Of a split call: its first row.
    std::string text;
  };

  size_t ThreadOf(std::string_view name) const {
    const size_t colon = std::min(name.find(':'), name.size());
    const auto found = std::find(threads_.begin(), threads_.end(), name.substr(0, colon));
    return static_cast<size_t>(found - threads_.begin());
  }

  void AddRow(std::string number, size_t column, std::string text) {
    rows_.push_back({std::move(number), column, std::move(text), state_});
  }

  // True if another thread runs between the first event of the call at `start` and its answer.
  bool IsSplit(size_t start, size_t thread) const {
    bool begun = false;
    for (size_t i = start + 1; i < lines_.size(); ++i) {
      if (const auto* event = std::get_if<TraceEvent>(&lines_[i])) {
        const bool own = ThreadOf(event->thread) == thread;
        if (begun && !own) return true;
        begun = begun || own;
      } else if (const auto* note = std::get_if<TraceNote>(&lines_[i])) {
        if (note->kind == TraceNote::Kind::kReturn && ThreadOf(note->subject) == thread) {
          return false;
        }
      }
    }
    return true;
  }

  // What a thread does when it runs again.
  std::string NextOperation(size_t from, size_t thread) const {
    for (size_t i = from; i < lines_.size(); ++i) {
      const auto* event = std::get_if<TraceEvent>(&lines_[i]);
      if (event != nullptr && event->thread == threads_[thread]) return event->operation;
    }
    return {};
  }

  void AddEvent(const TraceEvent& event, size_t at) {
    const size_t thread = ThreadOf(event.thread);
    if (running_ && *running_ != thread && calls_[*running_].open && calls_[*running_].shown) {
      const std::string& name = threads_[*running_];
      const std::string enabled = "," + event.enabled + ",";
      const bool could_run = enabled.find("," + name + ",") != std::string::npos;
      const std::string next = NextOperation(at, *running_);
      if (could_run && next.empty()) {
        AddRow("", *running_, "─ preempted ─");
      } else if (could_run) {
        AddRow("", *running_, fmt::format("─ preempted before {} ─", next));
      } else {
        AddRow("", *running_, "─ waits ─");
      }
    }
    if (event.thread.ends_with(":timer")) AddRow("", thread, "─ the deadline passes ─");
    running_ = thread;
    // The first event of a call may come long after the thread could have made it; the row stands
    // where the call began to do something.
    OpenCall& call = calls_[thread];
    if (!call.open || !call.split || call.shown) return;
    AddRow(std::to_string(++calls_shown_), thread, call.text);
    call.shown = true;
  }

  void AddNote(const TraceNote& note, size_t at) {
    switch (note.kind) {
      case TraceNote::Kind::kCall:
        return OpenTheCall(note, at);
      case TraceNote::Kind::kReturn:
        return CloseTheCall(note);
      case TraceNote::Kind::kQueue:
        for (size_t i = 0; i < queues_.size(); ++i) {
          if (queues_[i] == note.subject) state_[i] = note.text;
        }
        return;
      case TraceNote::Kind::kRemark:
        return AddRow("", kRemark, "!! " + note.text);
    }
  }

  void OpenTheCall(const TraceNote& note, size_t at) {
    const size_t thread = ThreadOf(note.subject);
    OpenCall& call = calls_[thread];
    call = {true, IsSplit(at, thread), false, note.text};
    if (!note.result.empty()) call.text = note.result + " = " + call.text;
  }

  void CloseTheCall(const TraceNote& note) {
    const size_t thread = ThreadOf(note.subject);
    OpenCall& call = calls_[thread];
    if (call.split && call.shown) {
      AddRow("", thread, "→ " + note.text);
    } else {
      const std::string number = std::to_string(++calls_shown_);
      const std::string whole = call.text + " → " + note.text;
      if (DisplayWidth(whole) <= kWidestCell) {
        AddRow(number, thread, whole);
      } else {
        AddRow(number, thread, call.text);
        AddRow("", thread, "→ " + note.text);
      }
    }
    call.open = false;
  }

  void AddUnfinished() {
    for (size_t i = 0; i < calls_.size(); ++i) {
      if (!calls_[i].open) continue;
      AddRow("", i, calls_[i].shown ? "─ never returns ─" : calls_[i].text + " never returns");
    }
  }

  const std::vector<TraceLine>& lines_;
  std::vector<std::string> threads_;
  std::vector<std::string> queues_;
  std::vector<std::string> state_;  // By queue: what it holds.
  std::vector<OpenCall> calls_;     // By thread.
  std::optional<size_t> running_;
  size_t calls_shown_ = 0;
  std::vector<Row> rows_;
};

std::string Finish(std::string line) {
  while (line.ends_with(' ')) line.pop_back();
  return line + "\n";
}

}  // namespace

std::string RenderTable(const Trace& trace, const model::Litmus& litmus) {
  Builder builder(trace, litmus);
  const std::vector<Row> rows = builder.Build();
  std::vector<std::string> titles;
  for (const model::ThreadProgram& thread : litmus.program.threads) {
    titles.push_back(litmus.program.processes[thread.process] + "." + thread.name);
  }
  std::vector<size_t> widths;
  for (const std::string& title : titles) widths.push_back(DisplayWidth(title));
  for (const Row& row : rows) {
    if (row.column == kRemark) continue;
    widths[row.column] = std::max(widths[row.column], DisplayWidth(row.text));
  }
  std::vector<size_t> queue_widths;
  for (size_t q = 0; q < builder.queues().size(); ++q) {
    size_t width = DisplayWidth(builder.queues()[q]);
    for (const Row& row : rows) width = std::max(width, DisplayWidth(row.queues[q]));
    queue_widths.push_back(width);
  }
  std::string text = "   #";
  for (size_t i = 0; i < titles.size(); ++i) text += "  " + Padded(titles[i], widths[i]);
  for (size_t q = 0; q < queue_widths.size(); ++q) {
    text += "  " + Padded(builder.queues()[q], queue_widths[q]);
  }
  text = Finish(std::move(text));
  const bool failed = trace.verdict.id != "none";
  for (size_t r = 0; r < rows.size(); ++r) {
    const Row& row = rows[r];
    std::string line = fmt::format("{:>4}", row.number);
    if (row.column == kRemark) {
      text += line + "  " + row.text + "\n";
      continue;
    }
    for (size_t i = 0; i < widths.size(); ++i) {
      line += "  " + Padded(i == row.column ? row.text : "", widths[i]);
    }
    for (size_t q = 0; q < queue_widths.size(); ++q) {
      line += "  " + Padded(row.queues[q], queue_widths[q]);
    }
    if (failed && r + 1 == rows.size()) line += "  ← here";
    text += Finish(std::move(line));
  }
  return text;
}

}  // namespace traces
