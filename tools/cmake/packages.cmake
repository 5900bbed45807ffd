# Finds the Debian packages that the project stands on; a missing one is named with its apt line.

function(heddle_find_package name debian_package)
  find_package(${name} ${ARGN} QUIET)
  if(NOT ${name}_FOUND)
    message(FATAL_ERROR
      "${name} was not found. On Debian it comes with:\n"
      "    sudo apt-get install ${debian_package}\n"
      "or let tools/heddle install everything that is missing.")
  endif()
endfunction()

macro(heddle_require name debian_package)
  heddle_find_package(${name} ${debian_package} ${ARGN})
  find_package(${name} ${ARGN} QUIET)  # Again, in this scope: imported targets are per directory.
endmacro()

heddle_require(fmt libfmt-dev)
heddle_require(Boost libboost-context-dev COMPONENTS context)
heddle_require(CLI11 libcli11-dev)
heddle_require(nlohmann_json nlohmann-json3-dev)
heddle_require(rapidcheck librapidcheck-dev)  # `heddle fuzz` draws with it too.
if(HEDDLE_BUILD_TESTS)
  heddle_require(GTest libgtest-dev)
endif()
if(HEDDLE_BUILD_BENCHMARKS)
  heddle_require(benchmark libbenchmark-dev)
endif()
