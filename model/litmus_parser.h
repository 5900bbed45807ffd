// The recursive descent parser of litmus texts; one instance reads one text.
//
// litmus_parser.cc reads the head of a file and the initial state, litmus_parser_threads.cc the
// calls, litmus_parser_conditions.cc what is claimed about the outcomes. Every Parse function
// starts at its first token and leaves the one after its last as the current one; it answers false
// once the first mistake has been recorded, and then nothing more is read.
// Internal to this library.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/litmus.h"
#include "model/litmus_lexer.h"
#include "model/names.h"
#include "model/program.h"

namespace model {

inline constexpr size_t kMaxMetadata = 64;
inline constexpr size_t kMaxProcesses = 16;
inline constexpr size_t kMaxThreads = 32;
inline constexpr size_t kMaxCallsPerThread = 1000;
inline constexpr size_t kMaxDeclaredHandles = 1024;
inline constexpr size_t kMaxHandlesPerCall =
    1024;  // Above the kernel's own limit: tests exceed it.
inline constexpr size_t kMaxLocations = 256;
inline constexpr size_t kMaxPropositionDepth = 64;

class LitmusParser {
 public:
  explicit LitmusParser(std::string_view text) : text_(text), lexer_(text) {}
  std::variant<Litmus, LitmusError> Parse();

 private:
  // The names of one scope, with their numbers and the lines that declare them.
  struct Name {
    uint32_t index;
    uint32_t line;
  };
  using Scope = std::map<std::string, Name, std::less<>>;

  // What can stand between the parentheses of a call. `parse` reads the value.
  struct Parameter {
    std::string_view name;
    bool positional;
    bool required;
    bool (LitmusParser::*parse)(Call*);
  };

  // Tokens.
  void Advance();
  bool IsSymbol(std::string_view symbol) const;
  bool NextIsSymbol(std::string_view symbol) const;
  bool IsWord(std::string_view word) const;
  bool AcceptSymbol(std::string_view symbol);
  // `where` completes the sentence "expected ';' ...".
  bool ExpectSymbol(std::string_view symbol, std::string_view where);
  bool ExpectNumber(std::string_view what, uint64_t max, uint64_t* number);
  bool Fail(const Token& at, std::string message);
  bool FailExpected(std::string_view expected);  // At the current token, which is told.
  bool FailUnsupported(const Token& at, std::string_view what);
  static std::string Describe(const Token& token);

  // Names. `what` is the kind of name: "process".
  bool Declare(Scope* scope, std::string_view what, const Token& name, size_t index);
  bool ParseNewName(std::string_view what, Token* name);
  bool FailUnknown(const Scope& scope, std::string_view what, const Token& name);
  static std::string NearestName(const Scope& scope, std::string_view name);
  bool ParseProcess(ProcessIndex* process);
  bool ParseThreadName(ThreadIndex* thread);
  bool FindHandle(const Token& name, EndpointIndex* handle);

  // The head of the file and the initial state.
  bool ParseFile();
  bool ParseFirstLine();
  bool ParseMetadata();
  bool ParseAllow(const Token& value);
  bool ParseInit();
  bool ParseDeclaration();
  bool ParseProcesses();
  bool ParseObject(core::ObjectType type);
  bool ParseHandleDeclaration(DeclaredObject* object);
  bool ParseRights(core::ObjectType type, core::Rights* rights);
  bool ParseQueue();
  bool ParseStringList(std::vector<std::string>* strings);
  bool CheckPrintedSize();

  // Threads and calls.
  bool ParseThread();
  bool ParseStatement();
  bool RefuseUnsupportedStatement();
  bool ParseSyscall(Call* call);
  bool ParseArguments(Call* call);
  bool ParseArgument(Call* call, uint32_t* given);
  bool FindParameter(const Call& call, uint32_t given, size_t* index);
  bool FailUnknownParameter(CallKind kind);
  bool CheckArguments(const Call& call, uint32_t given);
  static std::span<const Parameter> ParametersOf(CallKind kind);
  bool ParseHandleParameter(Call* call);
  bool ParseBytesParameter(Call* call);
  bool ParseRawParameter(Call* call);
  bool ParseHandlesParameter(Call* call);
  bool ParseTxidParameter(Call* call);
  bool ParseWriteOptionsParameter(Call* call);
  bool ParseReadOptionsParameter(Call* call);
  bool ParseMaxBytesParameter(Call* call);
  bool ParseMaxHandlesParameter(Call* call);
  bool ParseSignalsParameter(Call* call);
  bool ParseDeadlineParameter(Call* call);
  bool ParseHandle(HandleArgument* handle);
  bool ParseNamedHandle(HandleArgument* handle);
  bool ParseResultHandle(HandleArgument* handle);
  bool ParseBytes(BytesArgument* bytes);
  // `x.bytes`: the variable, if its call produces the field.
  bool ParseResultField(Location::Field field, VariableIndex* variable);
  bool ParseVariable(VariableIndex* variable);
  bool ParseUint32(std::string_view what, uint32_t* number);
  bool ParseSignals(core::Signals* signals);

  // Locations, conditions, outcomes.
  bool ParseLocations();
  bool ParseLocation(Location* location);
  bool ParseResultLocation(Location* location);
  bool ParseEndpointLocation(Location* location);
  bool AtCondition() const;
  bool ParseCondition();
  bool ParseOr(Proposition* proposition, size_t depth);
  bool ParseAnd(Proposition* proposition, size_t depth);
  bool ParseUnary(Proposition* proposition, size_t depth);
  bool ParseGroup(Proposition* proposition, size_t depth);
  bool ParseAtom(Proposition* proposition);
  bool ParseMembership(Proposition* proposition);
  bool ParseComparison(Proposition* proposition);
  bool ParseOperator(Proposition::Kind* kind);
  bool ParseLiteral(const Location& location, Value* value);
  bool ParseStatusLiteral(Value* value);
  bool ParseOwnerLiteral(Value* value);
  bool FailIllTyped(const Location& location);
  bool ParseOutcomes();
  bool ParseOutcome(uint32_t line, Outcome* outcome);
  bool ParseOutcomeValue(std::vector<bool>* seen, Outcome* outcome);

  ThreadProgram& thread() { return litmus_.program.threads.back(); }

  std::string_view text_;
  LitmusLexer lexer_;
  Token previous_;
  Token current_;
  Token next_;
  std::optional<LitmusError> error_;
  Litmus litmus_;

  Scope processes_;
  Scope objects_;
  Scope handles_;
  Scope threads_;
  std::vector<Scope> variables_;  // By thread.
};

}  // namespace model
