#include "tests/core/declared_syscalls.h"

#include <fstream>
#include <regex>
#include <sstream>

namespace core {

Names DeclaredSyscalls() {
  std::ifstream file(HEDDLE_SOURCE_DIR "/core/syscalls.h");
  std::stringstream text;
  text << file.rdbuf();
  const std::string header = text.str();
  const std::regex declaration(R"(Status (\w+)\(Thread& caller)");
  Names names;
  for (std::sregex_iterator it(header.begin(), header.end(), declaration), end; it != end; ++it) {
    names.insert((*it)[1]);
  }
  return names;
}

}  // namespace core
