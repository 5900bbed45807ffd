#include "props/summary_text.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <vector>

#include "sim/engine/random.h"
#include "traces/schedule_text.h"

namespace props {

namespace {

using Json = nlohmann::json;  // Objects are sorted by key: the same value is the same text.

constexpr std::string_view kFormat = "heddle summary";
constexpr int kVersion = 1;

using Names = std::vector<std::string>;

Names ThreadNames(const model::Litmus& litmus) {
  Names names;
  for (const model::ThreadProgram& thread : litmus.program.threads) names.push_back(thread.name);
  return names;
}

// A payload may be any bytes, and JSON is UTF-8: each byte becomes the code point of its number.
std::string ToUtf8(std::string_view bytes) {
  std::string text;
  for (char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      text += c;
    } else {
      text += static_cast<char>(0xC0 | (byte >> 6));
      text += static_cast<char>(0x80 | (byte & 0x3F));
    }
  }
  return text;
}

std::string FromUtf8(std::string_view text) {
  std::string bytes;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80) {
      bytes += text[i];
      continue;
    }
    if ((byte & 0xFC) != 0xC0 || i + 1 == text.size()) throw std::runtime_error("no byte string");
    bytes += static_cast<char>(((byte & 0x03) << 6) | (text[++i] & 0x3F));
  }
  return bytes;
}

Json OfValue(const model::Value& value) {
  if (const auto* status = std::get_if<core::Status>(&value)) {
    return {{"status", static_cast<int32_t>(*status)}};
  }
  if (const auto* number = std::get_if<uint64_t>(&value)) return *number;
  if (const auto* bytes = std::get_if<std::string>(&value)) return ToUtf8(*bytes);
  if (const auto* list = std::get_if<std::vector<std::string>>(&value)) {
    Json json = Json::array();
    for (const std::string& bytes : *list) json.push_back(ToUtf8(bytes));
    return json;
  }
  if (const auto* owner = std::get_if<model::Owner>(&value)) return {{"owner", owner->name}};
  return nullptr;
}

model::Value ToValue(const Json& json) {
  if (json.is_null()) return std::monostate();
  if (json.is_number_unsigned()) return json.get<uint64_t>();
  if (json.is_string()) return FromUtf8(json.get_ref<const std::string&>());
  if (json.is_array()) {
    std::vector<std::string> list;
    for (const Json& item : json) list.push_back(FromUtf8(item.get_ref<const std::string&>()));
    return list;
  }
  if (json.contains("owner")) return model::Owner{json.at("owner").get<std::string>()};
  return static_cast<core::Status>(json.at("status").get<int32_t>());
}

sim::Schedule ToSchedule(const Json& json, const Names& names) {
  auto parsed = traces::ParseSchedule(json.get_ref<const std::string&>(), names);
  if (const auto* mistake = std::get_if<std::string>(&parsed)) throw std::runtime_error(*mistake);
  return std::get<sim::Schedule>(std::move(parsed));
}

CheckEnd ToEnd(const Json& json) {
  for (CheckEnd end : {CheckEnd::kComplete, CheckEnd::kFirstFailure, CheckEnd::kRunsReached,
                       CheckEnd::kBudget, CheckEnd::kInterrupted, CheckEnd::kShardDone}) {
    if (EndName(end) == json.get_ref<const std::string&>()) return end;
  }
  throw std::runtime_error("unknown end");
}

Json OfFinding(const Finding& finding, const Names& names) {
  Json json = {{"id", finding.id},
               {"name", finding.name},
               {"message", finding.message},
               {"line", finding.position.line},
               {"column", finding.position.column},
               {"events", finding.events},
               {"preemptions", finding.preemptions}};
  if (finding.schedule) json["schedule"] = traces::PrintSchedule(*finding.schedule, names);
  return json;
}

Finding ToFinding(const Json& json, const Names& names) {
  Finding finding;
  finding.id = json.at("id").get<std::string>();
  finding.name = json.at("name").get<std::string>();
  finding.message = json.at("message").get<std::string>();
  finding.position = {json.at("line").get<uint32_t>(), json.at("column").get<uint32_t>()};
  finding.events = json.at("events").get<uint32_t>();
  finding.preemptions = json.at("preemptions").get<uint32_t>();
  if (json.contains("schedule")) finding.schedule = ToSchedule(json.at("schedule"), names);
  return finding;
}

// As one number.
Json OfSet(sim::ThreadSet set) {
  static_assert(sim::ThreadSet::kWords == 1);
  return set.words()[0];
}

sim::ThreadSet ToSet(const Json& json) {
  sim::ThreadSet set;
  const auto word = json.get<uint64_t>();
  for (sim::ThreadId thread = 0; thread < 64; ++thread) {
    if (((word >> thread) & 1) != 0) set.Add(thread);
  }
  return set;
}

Json OfPath(const sim::PathSearch::Path& path) {
  Json nodes = Json::array();
  for (const sim::PathSearch::Node& node : path.nodes) {
    nodes.push_back({OfSet(node.enabled), OfSet(node.sleep), OfSet(node.backtrack), node.chosen,
                     node.step, node.value, node.count, node.first_sleeper});
  }
  Json sleepers = Json::array();
  for (const sim::PathSearch::Sleeper& sleeper : path.sleepers) {
    sleepers.push_back({sleeper.thread, sleeper.access.bits()});
  }
  return {{"nodes", std::move(nodes)}, {"sleepers", std::move(sleepers)}};
}

sim::PathSearch::Path ToPath(const Json& json) {
  sim::PathSearch::Path path;
  for (const Json& node : json.at("nodes")) {
    path.nodes.push_back({ToSet(node.at(0)), ToSet(node.at(1)), ToSet(node.at(2)),
                          node.at(3).get<sim::ThreadId>(), node.at(4).get<sim::EventIndex>(),
                          node.at(5).get<uint32_t>(), node.at(6).get<uint32_t>(),
                          node.at(7).get<uint32_t>()});
  }
  for (const Json& sleeper : json.at("sleepers")) {
    path.sleepers.push_back(
        {sleeper.at(0).get<sim::ThreadId>(), sim::Access(sleeper.at(1).get<uint64_t>())});
  }
  return path;
}

Json OfPart(uint32_t part, const PartReport& part_report, const Names& names) {
  const CheckReport& report = part_report.report;
  Json json = {{"part", part},
               {"end", EndName(report.end)},
               {"executions", report.executions},
               {"cut_short", report.cut_short},
               {"histories", report.histories.judged},
               {"unknown_histories", report.histories.unknown}};
  Json& outcomes = json["outcomes"] = Json::array();
  for (const auto& [outcome, row] : report.outcomes) {
    Json values = Json::array();
    for (const model::Value& value : outcome) values.push_back(OfValue(value));
    outcomes.push_back({{"values", std::move(values)},
                        {"count", row.count},
                        {"schedule", traces::PrintSchedule(row.example, names)},
                        {"blocked", row.blocked}});
  }
  Json& conditions = json["conditions"] = Json::array();
  for (const ConditionTally& tally : report.conditions) {
    conditions.push_back({tally.holds, tally.fails});
  }
  Json& findings = json["findings"] = Json::array();
  for (const Finding& finding : report.findings) findings.push_back(OfFinding(finding, names));
  if (!part_report.path.nodes.empty()) json["path"] = OfPath(part_report.path);
  return json;
}

PartReport ToPart(const Json& json, const model::Litmus& litmus, const Names& names) {
  PartReport part;
  CheckReport& report = part.report;
  report.end = ToEnd(json.at("end"));
  report.executions = json.at("executions").get<uint64_t>();
  report.cut_short = json.at("cut_short").get<uint64_t>();
  report.histories.judged = json.at("histories").get<std::set<uint64_t>>();
  report.histories.unknown = json.at("unknown_histories").get<std::set<uint64_t>>();
  for (const Json& row : json.at("outcomes")) {
    model::Outcome outcome;
    for (const Json& value : row.at("values")) outcome.push_back(ToValue(value));
    report.outcomes[std::move(outcome)] = {row.at("count").get<uint64_t>(),
                                           ToSchedule(row.at("schedule"), names),
                                           row.at("blocked").get<bool>()};
  }
  for (const Json& tally : json.at("conditions")) {
    report.conditions.push_back({tally.at(0).get<uint64_t>(), tally.at(1).get<uint64_t>()});
  }
  if (report.conditions.size() != litmus.conditions.size()) {
    throw std::runtime_error("the conditions are not those of the program");
  }
  for (const Json& finding : json.at("findings")) {
    report.findings.push_back(ToFinding(finding, names));
  }
  if (json.contains("path")) part.path = ToPath(json.at("path"));
  return part;
}

// The lines of the claims in the file are no part of the program's canonical text.
std::vector<model::SourcePosition*> Positions(model::Litmus& litmus) {
  std::vector<model::SourcePosition*> positions;
  for (model::Condition& condition : litmus.conditions) positions.push_back(&condition.position);
  if (litmus.outcomes) positions.push_back(&litmus.outcomes->position);
  return positions;
}

Json OfId(const SearchId& id) {
  Json lines = Json::array();
  model::Litmus litmus = id.litmus;
  for (const model::SourcePosition* position : Positions(litmus)) {
    lines.push_back({position->line, position->column});
  }
  return {{"program", model::PrintLitmus(id.litmus)},
          {"file", ToUtf8(id.file)},
          {"lines", std::move(lines)},
          {"strategy", KindOf(id.search).name},
          {"seed", id.seed},
          {"runs", id.runs},
          {"max_steps", id.max_steps},
          {"keep_going", id.keep_going},
          {"parts", id.parts},
          {"cut", id.cut}};
}

SearchId ToId(const Json& json) {
  SearchId id;
  auto parsed = model::ParseLitmus(json.at("program").get_ref<const std::string&>());
  if (const auto* error = std::get_if<model::LitmusError>(&parsed)) {
    throw std::runtime_error("its program: " + error->message);
  }
  id.litmus = std::get<model::Litmus>(std::move(parsed));
  const std::vector<model::SourcePosition*> positions = Positions(id.litmus);
  for (size_t i = 0; i < positions.size(); ++i) {
    const Json& line = json.at("lines").at(i);
    *positions[i] = {line.at(0).get<uint32_t>(), line.at(1).get<uint32_t>()};
  }
  const SearchKind* kind = SearchNamed(json.at("strategy").get_ref<const std::string&>());
  if (kind == nullptr) throw std::runtime_error("unknown strategy");
  id.search = kind->search;
  id.file = FromUtf8(json.at("file").get_ref<const std::string&>());
  id.seed = json.at("seed").get<uint64_t>();
  id.runs = json.at("runs").get<uint64_t>();
  id.max_steps = json.at("max_steps").get<uint32_t>();
  id.keep_going = json.at("keep_going").get<bool>();
  id.parts = json.at("parts").get<uint32_t>();
  id.cut = json.at("cut").get<uint64_t>();
  return id;
}

uint64_t CheckSum(const Json& json) {
  uint64_t sum = 0;
  for (char c : json.dump()) sum = sim::Mix(sum, static_cast<unsigned char>(c));
  return sum;
}

Summary ToSummary(Json json) {
  if (!json.is_object() || !json.contains("format") || json.at("format") != kFormat) {
    throw std::runtime_error("this is no summary of heddle");
  }
  if (json.at("version") != kVersion) {
    throw std::runtime_error("this is the summary of another version of heddle");
  }
  // Compared as it stands: a digit that was changed may make it a number that is none of ours.
  const Json check = json.at("check");
  json.erase("check");
  if (check != CheckSum(json)) throw std::runtime_error("the check sum is wrong");
  Summary summary;
  summary.id = ToId(json.at("search"));
  summary.shard = json.at("shard").get<uint32_t>();
  summary.shards = json.at("shards").get<uint32_t>();
  if (summary.shard >= summary.shards) throw std::runtime_error("there is no such shard");
  summary.end = ToEnd(json.at("end"));
  summary.seconds = json.at("seconds").get<double>();
  const Names names = ThreadNames(summary.id.litmus);
  for (const Json& part : json.at("parts")) {
    const auto number = part.at("part").get<uint32_t>();
    if (number >= summary.id.parts || number % summary.shards != summary.shard) {
      throw std::runtime_error(fmt::format("part {} is none of this shard", number));
    }
    summary.parts[number] = ToPart(part, summary.id.litmus, names);
  }
  return summary;
}

}  // namespace

std::string PrintSummary(const Summary& summary) {
  const Names names = ThreadNames(summary.id.litmus);
  Json json = {{"format", kFormat},          {"version", kVersion},
               {"search", OfId(summary.id)}, {"shard", summary.shard},
               {"shards", summary.shards},   {"end", EndName(summary.end)},
               {"seconds", summary.seconds}};
  Json& parts = json["parts"] = Json::array();
  for (const auto& [part, report] : summary.parts) parts.push_back(OfPart(part, report, names));
  json["check"] = CheckSum(json);
  return json.dump() + "\n";
}

std::variant<Summary, std::string> ParseSummary(std::string_view text) {
  try {
    return ToSummary(Json::parse(text));
  } catch (const std::exception& error) {
    return std::string(error.what());
  }
}

std::string PrintPart(const model::Litmus& litmus, uint32_t part, const PartReport& report) {
  return OfPart(part, report, ThreadNames(litmus)).dump();
}

std::variant<std::pair<uint32_t, PartReport>, std::string> ParsePart(const model::Litmus& litmus,
                                                                     std::string_view text) {
  try {
    const Json json = Json::parse(text);
    return std::pair(json.at("part").get<uint32_t>(), ToPart(json, litmus, ThreadNames(litmus)));
  } catch (const std::exception& error) {
    return std::string(error.what());
  }
}

}  // namespace props
