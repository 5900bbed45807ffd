// Programs to test with: the files of the catalogue, and small texts.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "model/litmus.h"
#include "props/check.h"

namespace props {

inline model::Litmus Parsed(std::string_view text) {
  auto result = model::ParseLitmus(text);
  if (const auto* error = std::get_if<model::LitmusError>(&result)) {
    ADD_FAILURE() << model::FormatLitmusError(*error, "text");
    return {};
  }
  return std::get<model::Litmus>(std::move(result));
}

/// The files of props/litmus or a folder in it, by name: "mp.litmus".
inline std::vector<std::string> CatalogueFiles(const std::string& folder = "") {
  const std::filesystem::path root = std::filesystem::path(HEDDLE_SOURCE_DIR) / "props/litmus";
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(root / folder)) {
    if (entry.path().extension() != ".litmus") continue;
    files.push_back((std::filesystem::path(folder) / entry.path().filename()).string());
  }
  std::ranges::sort(files);  // The order of a folder is the file system's.
  return files;
}

inline model::Litmus FromCatalogue(const std::string& file) {
  std::ifstream in(std::filesystem::path(HEDDLE_SOURCE_DIR) / "props/litmus" / file);
  std::ostringstream text;
  text << in.rdbuf();
  return Parsed(text.str());
}

/// A writer and a reader, who comes in time or too early; then `claims`.
inline model::Litmus WriteAndRead(std::string_view claims) {
  return Parsed(fmt::format(R"(Zircon T
{{ process client, server; channel a : client.a0 <-> server.a1; }}
thread client.w {{ st = zx_channel_write(a0, "x"); }}
thread server.r {{ m = zx_channel_read(a1); }}
locations [ w:st; r:m; ]
{})",
                            claims));
}

/// Nobody ever writes what the reader waits for; `metadata` may allow it.
inline model::Litmus WaitsForEver(std::string_view metadata = "") {
  return Parsed(fmt::format(R"(Zircon T
{}
{{ process client, server; channel a : client.a0 <-> server.a1; }}
thread client.w {{ st = zx_channel_read(a0); }}
thread server.r {{ wt = zx_object_wait_one(a1, READABLE, deadline: never); }}
locations [ w:st; r:wt; ]
)",
                            metadata));
}

inline CheckOptions Exhaustively(Search search = Search::kSourceSets) {
  CheckOptions options;
  options.search = search;
  return options;
}

/// Why a search ended, and everything that it found.
inline std::string Described(const CheckReport& report) {
  std::string text = std::string(EndName(report.end));
  for (const Finding& finding : report.findings) {
    text += fmt::format("\n{} {}: {}", finding.id, finding.name, finding.message);
  }
  return text;
}

inline std::vector<std::string> IdsOf(const std::vector<Finding>& findings) {
  std::vector<std::string> ids;
  for (const Finding& finding : findings) ids.push_back(finding.id);
  return ids;
}

}  // namespace props
