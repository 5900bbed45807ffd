# One set of flags for every target of ours: `target_link_libraries(x PRIVATE heddle_flags)`.

# Where `#include "core/..."` and its like are found. A core elsewhere (a patched copy) comes first,
# so that everything that includes a header of the core sees the copy's.
get_filename_component(HEDDLE_CORE_ROOT "${HEDDLE_CORE_DIR}" DIRECTORY)
set(HEDDLE_INCLUDE_ROOTS "${HEDDLE_CORE_ROOT}" "${CMAKE_SOURCE_DIR}")
list(REMOVE_DUPLICATES HEDDLE_INCLUDE_ROOTS)

add_library(heddle_flags INTERFACE)
target_compile_options(heddle_flags INTERFACE
  -Wall -Wextra -Werror -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Wcast-align -Wunused
  -Woverloaded-virtual -Wpedantic -Wimplicit-fallthrough -Wnull-dereference)
target_include_directories(heddle_flags INTERFACE ${HEDDLE_INCLUDE_ROOTS})
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  target_compile_options(heddle_flags INTERFACE -Wthread-safety)
else()
  # gcc 12 finds overlapping copies in `"literal" + std::string`, where there are none (PR 105651).
  target_compile_options(heddle_flags INTERFACE -Wno-restrict)
  if(CMAKE_CXX_FLAGS MATCHES "-fsanitize=")
    # The checks that sanitizers insert make gcc see paths that don't exist, in std::regex for one.
    target_compile_options(heddle_flags INTERFACE -Wno-maybe-uninitialized -Wno-null-dereference)
  endif()
endif()

# __FILE__ is a path from the top of the repository, so that a failed assertion reads the same
# wherever the checkout stands.
target_compile_options(heddle_flags INTERFACE "-fmacro-prefix-map=${CMAKE_SOURCE_DIR}/=")

# Assertions stay on in every build type of ours.
foreach(config RELEASE RELWITHDEBINFO MINSIZEREL)
  string(REPLACE "-DNDEBUG" "" CMAKE_CXX_FLAGS_${config} "${CMAKE_CXX_FLAGS_${config}}")
endforeach()

find_program(HEDDLE_CCACHE ccache)
if(HEDDLE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Without this ccache keeps nothing that is compiled with a precompiled header. We use none of the
  # macros that tell the time.
  set(CMAKE_CXX_COMPILER_LAUNCHER env CCACHE_SLOPPINESS=pch_defines,time_macros ${HEDDLE_CCACHE})
endif()

# heddle_headers(name file libraries...): a target whose headers are read once for all others that
# are compiled with the same options. Each file still includes what it uses; lint sees to that.
function(heddle_headers name file)
  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${name}.cc CONTENT "")
  add_library(${name} OBJECT ${CMAKE_CURRENT_BINARY_DIR}/${name}.cc)
  target_link_libraries(${name} PRIVATE heddle_flags ${ARGN})
  target_precompile_headers(${name} PRIVATE ${file})
  if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    # ccache hands it to other checkouts, whose headers are the same but for the time they were made.
    target_compile_options(${name} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
  endif()
endfunction()

# Most of our libraries include these.
heddle_headers(library_headers tools/cmake/headers.h)

# heddle_library(name sources...): a static library of ours.
function(heddle_library name)
  add_library(${name} STATIC ${ARGN})
  target_link_libraries(${name} PRIVATE heddle_flags)
  target_include_directories(${name} PUBLIC ${HEDDLE_INCLUDE_ROOTS})
  target_precompile_headers(${name} REUSE_FROM library_headers)
endfunction()
