#include "tools/options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <string_view>
#include <utility>

#include "props/bounds.h"
#include "props/properties.h"
#include "sim/object/ids.h"
#include "tools/exit_codes.h"
#include "tools/shard.h"

extern char** environ;

namespace tools {

namespace {

constexpr std::string_view kExamples =
    "Examples:\n"
    "  heddle explore props/litmus/xfer+wr.litmus          every outcome of a small program\n"
    "  heddle explore props/litmus/races/two-readers.litmus  find a race, save it, print it\n"
    "  heddle replay                                        run the latest failure again\n";

constexpr std::array<std::string_view, 10> kCommands = {"explore", "fuzz",   "merge",    "estimate",
                                                        "model",   "replay", "minimize", "show",
                                                        "corpus",  "list"};

// Levenshtein distance, for "did you mean".
size_t Distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row[b.size()];
}

template <typename Names>
std::string Suggestion(std::string_view word, const Names& names) {
  std::string_view best;
  size_t best_distance = 3;  // Farther than this is no typing mistake.
  for (std::string_view name : names) {
    const size_t distance = Distance(word, name);
    if (distance >= best_distance) continue;
    best = name;
    best_distance = distance;
  }
  return best.empty() ? "" : fmt::format("; did you mean '{}'?", best);
}

int Usage(const std::string& mistake) {
  fmt::print(stderr, "heddle: {}\n\n{}\nSee heddle --help.\n", mistake, kExamples);
  return kExitUsage;
}

// "5m", "30s", "200ms".
std::optional<std::chrono::nanoseconds> ParseDuration(const std::string& text) {
  uint64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || number > 1'000'000) return std::nullopt;
  const std::string_view unit(stop, static_cast<size_t>(end - stop));
  const auto count = static_cast<int64_t>(number);
  if (unit == "ms") return std::chrono::milliseconds(count);
  if (unit == "s") return std::chrono::seconds(count);
  if (unit == "m") return std::chrono::minutes(count);
  if (unit == "h") return std::chrono::hours(count);
  return std::nullopt;
}

// "violated:HD101".
bool NamesClass(std::string_view expectation) {
  constexpr std::string_view kPrefix = "violated:HD";
  return expectation.size() == kPrefix.size() + 3 && expectation.starts_with(kPrefix) &&
         expectation.find_first_not_of("0123456789", kPrefix.size()) == std::string_view::npos;
}

// A number as a person writes one: no sign, which would wrap around, and no fraction.
CLI::Validator WholeNumber(uint64_t least, uint64_t most = UINT64_MAX) {
  return CLI::Validator(
      [least, most](const std::string& text) -> std::string {
        uint64_t number = 0;
        const char* end = text.data() + text.size();
        const auto [stop, error] = std::from_chars(text.data(), end, number);
        if (error == std::errc() && stop == end && number >= least && number <= most) {
          return {};
        }
        if (most != UINT64_MAX) {
          return fmt::format("'{}' is no whole number from {} to {}", text, least, most);
        }
        return fmt::format("'{}' is no whole number from {} on, or too large", text, least);
      },
      "");
}

// Text that CLI11 hands over and that is converted afterwards.
struct RawOptions {
  std::string strategy{props::SearchKinds().front().name};
  std::string budget;
  std::string schedule;
  std::string generation;
  std::string shard;
  std::string faults;
};

void AddSearchOptions(CLI::App& app, Options& options, RawOptions& raw) {
  std::string strategies = "How to search:";
  for (const props::SearchKind& kind : props::SearchKinds()) {
    strategies.append("\n  ").append(kind.name).append(": ").append(kind.description);
  }
  app.add_option("--strategy", raw.strategy, strategies)
      ->envname("HEDDLE_STRATEGY")
      ->capture_default_str();
  app.add_option("--seed", options.seed, "Of a random search")
      ->envname("HEDDLE_SEED")
      ->check(WholeNumber(0));
  app.add_option("--runs", options.runs,
                 "Executions of a random search, the few that it profiles included")
      ->envname("HEDDLE_RUNS")
      ->check(WholeNumber(1))
      ->capture_default_str();
  app.add_option("--max-executions", options.max_executions,
                 "Cut a complete search after so many executions; 0 is no limit")
      ->envname("HEDDLE_MAX_EXECUTIONS")
      ->check(WholeNumber(0));
  app.add_option("--budget", raw.budget,
                 "Time for each file, whatever the strategy; no limit without: 200ms, 30s, 5m, 1h")
      ->envname("HEDDLE_BUDGET");
  app.add_option("--preemptions", options.preemptions,
                 "Only executions with at most so many preemptions, as `within` in a file says")
      ->envname("HEDDLE_PREEMPTIONS")
      ->check(WholeNumber(0));
  app.add_option("--delays", options.delays,
                 "Only executions with at most so many delays: threads take turns, and passing one "
                 "over that could run is a delay")
      ->envname("HEDDLE_DELAYS")
      ->check(WholeNumber(0))
      ->excludes("--preemptions");
  app.add_option("--faults", raw.faults,
                 "What else may happen, and how often: nomem=1,memory=1,kill=1,kill-process=1,"
                 "suspend=1; early=1: at most one deadline passes while some thread could run")
      ->envname("HEDDLE_FAULTS");
  app.add_flag("--keep-going", options.keep_going, "Report every distinct violation");
}

void AddFuzzOptions(CLI::App& app, Options& options, RawOptions& raw) {
  app.add_option("--seed", options.seed, "Of all that is drawn")
      ->envname("HEDDLE_SEED")
      ->check(WholeNumber(0));
  app.add_option("--runs", options.runs, "Programs")
      ->envname("HEDDLE_RUNS")
      ->check(WholeNumber(1))
      ->capture_default_str();
  app.add_option("--first", options.first, "Number of the first program")->check(WholeNumber(0));
  app.add_option("--budget", raw.budget, "Time for all programs: 30s, 5m, 1h")
      ->envname("HEDDLE_BUDGET");
  std::string properties = "Only these:";
  for (const props::Property& property : props::Properties()) {
    properties.append("\n  ").append(property.name).append(": ").append(property.sentence);
  }
  app.add_option("--property", options.properties, properties)->envname("HEDDLE_PROPERTY");
  app.add_option("-j,--jobs", options.jobs, "Worker processes; the first failure is the same")
      ->envname("HEDDLE_JOBS")
      ->check(WholeNumber(1));
}

void AddExpectOption(CLI::App& app, Options& options) {
  app.add_option("--expect", options.expect, "holds, violated, or violated:ID; exit 0 when met")
      ->envname("HEDDLE_EXPECT")
      ->capture_default_str();
}

void AddPartOptions(CLI::App& app, Options& options, RawOptions& raw) {
  app.add_option("-j,--jobs", options.jobs, "Search in so many processes; the result is the same")
      ->envname("HEDDLE_JOBS")
      ->check(WholeNumber(1));
  app.add_option("--shard", raw.shard,
                 "I/N: only part I of N of the search, from 1; auto: as GTEST_SHARD_INDEX or\n"
                 "SLURM_ARRAY_TASK_ID says, auto/N: as JOB_COMPLETION_INDEX says")
      ->envname("HEDDLE_SHARD");
  app.add_option("--summary", options.summary, "Write what was seen to this file, for merge")
      ->envname("HEDDLE_SUMMARY");
  app.add_option("--checkpoint", options.checkpoint,
                 "Keep what was seen in this file, every few seconds and at the end")
      ->envname("HEDDLE_CHECKPOINT");
  app.add_option("--resume", options.resume, "Go on from a checkpoint")->envname("HEDDLE_RESUME");
}

void AddGenerationOption(CLI::App& app, RawOptions& raw) {
  app.add_option("--abi", raw.generation,
                 "magenta-2017, zircon-2018-04, zircon-2018-10, current, or all of them; each "
                 "file's own if not given")
      ->envname("HEDDLE_ABI");
}

void AddCommonOptions(CLI::App& app, Options& options) {
  app.add_option("-o,--output", options.output_dir, "Where failures are saved and looked for")
      ->envname("HEDDLE_OUTPUT")
      ->capture_default_str();
  app.add_option("--max-steps", options.max_steps, "Events of one execution")
      ->envname("HEDDLE_MAX_STEPS")
      ->check(WholeNumber(1, sim::kMaxEvents))
      ->capture_default_str();
  app.add_flag("-q,--quiet", options.quiet, "No progress, only results");
}

// Settings that nobody reads are mistakes, never silence.
std::optional<std::string> UnknownVariable() {
  constexpr std::array<std::string_view, 19> kKnown = {
      "HEDDLE_STRATEGY", "HEDDLE_SEED",       "HEDDLE_RUNS",        "HEDDLE_MAX_EXECUTIONS",
      "HEDDLE_BUDGET",   "HEDDLE_EXPECT",     "HEDDLE_OUTPUT",      "HEDDLE_MAX_STEPS",
      "HEDDLE_ABI",      "HEDDLE_JOBS",       "HEDDLE_SHARD",       "HEDDLE_SUMMARY",
      "HEDDLE_RESUME",   "HEDDLE_CHECKPOINT", "HEDDLE_PREEMPTIONS", "HEDDLE_FAULTS",
      "HEDDLE_CORPUS",   "HEDDLE_PROPERTY",   "HEDDLE_DELAYS"};
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::string_view name = text.substr(0, text.find('='));
    if (!name.starts_with("HEDDLE_")) continue;
    if (std::find(kKnown.begin(), kKnown.end(), name) != kKnown.end()) continue;
    return fmt::format("the environment variable {} means nothing{}", name,
                       Suggestion(name, kKnown));
  }
  return std::nullopt;
}

std::optional<std::string> ConvertGeneration(const RawOptions& raw, Options& options) {
  if (raw.generation.empty()) return std::nullopt;
  options.all_generations = raw.generation == "all";
  options.generation = model::GenerationByName(raw.generation);
  if (options.all_generations || options.generation) return std::nullopt;
  std::vector<std::string_view> names = {"all"};
  std::string listed;
  for (const model::Generation generation : model::kGenerations) {
    names.push_back(model::GenerationName(generation));
    listed += fmt::format("{}, ", names.back());
  }
  return fmt::format("unknown generation '{}'; there are {}and all{}", raw.generation, listed,
                     Suggestion(raw.generation, names));
}

std::optional<std::string> ConvertStrategy(const RawOptions& raw, Options& options) {
  if (const props::SearchKind* kind = props::SearchNamed(raw.strategy)) {
    options.search = kind->search;
    return std::nullopt;
  }
  std::vector<std::string_view> names;
  std::string listed;
  for (const props::SearchKind& kind : props::SearchKinds()) {
    names.push_back(kind.name);
    listed.append(listed.empty() ? "" : ", ").append(kind.name);
  }
  return fmt::format("unknown strategy '{}'; there are {}{}", raw.strategy, listed,
                     Suggestion(raw.strategy, names));
}

// A search in parts, and what does not go with it.
std::optional<std::string> ConvertParts(const RawOptions& raw, Options& options) {
  if (!raw.shard.empty()) {
    auto shard = ParseShard(raw.shard);
    if (const auto* mistake = std::get_if<std::string>(&shard)) return *mistake;
    options.shard = std::get<Shard>(shard);
  }
  const bool one_program =
      options.inputs.size() == 1 && !options.inputs[0].starts_with('@') && !options.all_generations;
  for (const auto& [flag, file] :
       {std::pair("--summary", &options.summary), std::pair("--checkpoint", &options.checkpoint),
        std::pair("--resume", &options.resume)}) {
    if (!file->empty() && !one_program) {
      return fmt::format("{} is for one program under one generation", flag);
    }
  }
  if (options.in_parts() && options.max_executions != 0) {
    return std::string(
        "--max-executions does not go with a search in parts: which executions came first would "
        "depend on the workers; use --budget");
  }
  return std::nullopt;
}

std::optional<std::string> CheckProperties(const Options& options) {
  std::vector<std::string_view> names;
  for (const props::Property& property : props::Properties()) names.push_back(property.name);
  for (const std::string& name : options.properties) {
    if (props::PropertyNamed(name) != nullptr) continue;
    return fmt::format("unknown property '{}'{}", name, Suggestion(name, names));
  }
  return std::nullopt;
}

std::optional<std::string> Convert(const RawOptions& raw, Options& options) {
  if (const auto mistake = CheckProperties(options)) return mistake;
  if (const auto mistake = ConvertStrategy(raw, options)) return mistake;
  if (!raw.budget.empty()) {
    options.budget = ParseDuration(raw.budget);
    if (!options.budget) {
      return fmt::format("'{}' is no duration; say 200ms, 30s, 5m or 1h", raw.budget);
    }
  }
  if (const auto mistake = ConvertGeneration(raw, options)) return mistake;
  if (const auto mistake = ConvertParts(raw, options)) return mistake;
  auto interference = props::ParseInterference(raw.faults);
  if (const auto* mistake = std::get_if<std::string>(&interference)) return *mistake;
  options.interference = std::get<props::Interference>(interference);
  const bool expectation_known =
      options.expect == "holds" || options.expect == "violated" || NamesClass(options.expect);
  if (!expectation_known) {
    return fmt::format(
        "--expect takes holds, violated or violated:ID, such as violated:HD101, not '{}'",
        options.expect);
  }
  return std::nullopt;
}

// What heddle corpus does, and with how many traces.
std::optional<std::string> CorpusMistake(const std::vector<std::string>& inputs) {
  constexpr std::array<std::string_view, 4> kActions = {"list", "rerun", "add", "rm"};
  if (inputs.empty()) return std::nullopt;
  const std::string& action = inputs.front();
  if (std::ranges::find(kActions, action) == kActions.end()) {
    return fmt::format("unknown action '{}' of corpus; there are list, rerun, add and rm{}", action,
                       Suggestion(action, kActions));
  }
  const size_t most = action == "add" || action == "rm" ? 2 : 1;
  if (inputs.size() > most) return fmt::format("corpus {} takes no '{}'", action, inputs[most]);
  if (action == "rm" && inputs.size() == 1) {
    return std::string("corpus rm needs the name of a trace; see heddle corpus list");
  }
  return std::nullopt;
}

struct Commands {
  std::vector<std::pair<Command, CLI::App*>> parsers;
  const CLI::Option* schedule = nullptr;
};

Commands AddCommands(CLI::App& app, Options& options, RawOptions& raw) {
  CLI::App* explore =
      app.add_subcommand("explore", "Search the interleavings of litmus programs and scenarios");
  explore
      ->add_option("FILES", options.inputs,
                   "Litmus files and scenarios; @LIST names a file of names")
      ->required();
  AddSearchOptions(*explore, options, raw);
  AddPartOptions(*explore, options, raw);
  AddGenerationOption(*explore, raw);
  CLI::App* fuzz =
      app.add_subcommand("fuzz", "Draw random programs and try every property on each");
  AddFuzzOptions(*fuzz, options, raw);
  CLI::App* merge =
      app.add_subcommand("merge", "Put the summaries of all shards of a search together");
  merge->add_option("FILES", options.inputs, "Summaries")->required();
  CLI::App* estimate =
      app.add_subcommand("estimate", "Say how large a complete search would be, and how long");
  estimate->add_option("FILES", options.inputs, "Litmus files")->required();
  estimate->add_option("--budget", raw.budget, "Time for each file, 2s without: 200ms, 30s, 5m, 1h")
      ->envname("HEDDLE_BUDGET");
  estimate->add_option("--seed", options.seed, "Of the executions that are drawn")
      ->envname("HEDDLE_SEED")
      ->check(WholeNumber(0));
  AddGenerationOption(*estimate, raw);
  for (CLI::App* command : {explore, merge}) AddExpectOption(*command, options);
  CLI::App* model =
      app.add_subcommand("model", "Print what the reference model allows, and run nothing");
  model->add_option("FILES", options.inputs, "Litmus files")->required();
  AddGenerationOption(*model, raw);
  CLI::App* replay = app.add_subcommand("replay", "Run a saved failure again, exactly");
  replay->add_option("TRACE", options.inputs, "A trace; the latest failure if not given");
  Commands commands;
  commands.schedule =
      replay->add_option("--schedule", raw.schedule,
                         "Run the given litmus file with this schedule instead: 'w m*2 h'");
  CLI::App* minimize =
      app.add_subcommand("minimize", "Find the same violation with the fewest preemptions");
  minimize->add_option("TRACE", options.inputs, "A trace; the latest failure if not given");
  CLI::App* show = app.add_subcommand("show", "Print a trace, a column per thread");
  show->add_option("TRACE", options.inputs, "A trace; the latest failure if not given");
  CLI::App* corpus = app.add_subcommand("corpus", "Traces that are kept, and what they do today");
  corpus->add_option(
      "ACTION", options.inputs,
      "list, or rerun: run all of them; add [TRACE]: keep one, the latest failure if\n"
      "none is given; rm NAME");
  corpus->add_option("--corpus", options.corpus, "Where they are")
      ->envname("HEDDLE_CORPUS")
      ->capture_default_str();
  CLI::App* list = app.add_subcommand("list", "Strategies, scenarios, generations and faults");
  for (CLI::App* command : {explore, fuzz, merge, estimate, replay, minimize, show, corpus}) {
    AddCommonOptions(*command, options);
  }
  commands.parsers = {{Command::kExplore, explore},   {Command::kFuzz, fuzz},
                      {Command::kMerge, merge},       {Command::kEstimate, estimate},
                      {Command::kModel, model},       {Command::kReplay, replay},
                      {Command::kMinimize, minimize}, {Command::kShow, show},
                      {Command::kCorpus, corpus},     {Command::kList, list}};
  return commands;
}

}  // namespace

std::variant<Options, int> ParseCommandLine(int argc, const char* const* argv) {
  if (argc < 2) return Usage("a command is missing");
  const std::string_view first(argv[1]);
  const bool is_command = std::find(kCommands.begin(), kCommands.end(), first) != kCommands.end();
  if (!is_command && !first.starts_with('-')) {
    return Usage(fmt::format("unknown command '{}'{}", first, Suggestion(first, kCommands)));
  }
  if (const auto unknown = UnknownVariable()) return Usage(*unknown);

  Options options;
  RawOptions raw;
  CLI::App app("Explores the interleavings of Zircon channel programs, on the real core.",
               "heddle");
  app.footer(std::string(kExamples));
  app.require_subcommand(1);
  const Commands commands = AddCommands(app, options, raw);

  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    const CLI::App* asked = &app;
    for (const CLI::App* command : app.get_subcommands()) asked = command;
    fmt::print("{}", asked == &app ? app.help() : asked->help(app.get_name()));
    return kExitHolds;
  } catch (const CLI::ParseError& error) {
    return Usage(error.what());
  }
  for (const auto& [command, parser] : commands.parsers) {
    if (parser->parsed()) options.command = command;
  }
  if (const auto mistake = Convert(raw, options)) return Usage(*mistake);
  const bool takes_one_trace = options.command == Command::kReplay ||
                               options.command == Command::kMinimize ||
                               options.command == Command::kShow;
  if (takes_one_trace && options.inputs.size() > 1) {
    return Usage("only one trace at a time");
  }
  if (options.command == Command::kCorpus) {
    if (const auto mistake = CorpusMistake(options.inputs)) return Usage(*mistake);
  }
  // Given, but empty, it is the schedule of a program in which nothing is to be decided.
  if (commands.schedule->count() != 0) options.schedule = raw.schedule;
  if (options.schedule && options.inputs.empty()) {
    return Usage("--schedule needs the litmus file that it is for");
  }
  return options;
}

model::Litmus AsAsked(const Options& options, const model::Litmus& litmus) {
  model::Litmus asked = props::WithInterference(litmus, options.interference);
  if (options.preemptions) {
    asked.within.preemptions = options.preemptions;
    props::SetDelayBound(&asked, std::nullopt);
  }
  if (options.delays) {
    asked.within.preemptions.reset();
    props::SetDelayBound(&asked, options.delays);
  }
  return asked;
}

}  // namespace tools
