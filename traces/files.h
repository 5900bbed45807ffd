// The folder in which failures are kept:
//
//     DIR/failures/PROGRAM/FINGERPRINT.trace       as found
//     DIR/failures/PROGRAM/FINGERPRINT.min.trace   minimized
//     DIR/latest                                   the last one saved
#pragma once

#include <optional>
#include <string>

namespace traces {

/// A program may be called anything; a file or folder should not be "..", or one inside another.
std::string FolderName(const std::string& program);

std::string FailurePath(const std::string& dir, const std::string& program,
                        const std::string& fingerprint, bool minimized);

/// Makes folders as needed; the file is there whole, or as it was before. Answers what went wrong.
[[nodiscard]] std::optional<std::string> WriteFile(const std::string& path,
                                                   const std::string& content);
/// Makes DIR/latest name the file. Answers what went wrong.
[[nodiscard]] std::optional<std::string> SetLatest(const std::string& dir, const std::string& path);

}  // namespace traces
