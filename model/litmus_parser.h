// The recursive descent parser of litmus texts; one instance reads one text.
//
// litmus_parser.cc reads the head of a file, litmus_parser_init.cc the initial state,
// litmus_parser_threads.cc statements, litmus_parser_calls.cc calls by tables of their parameters,
// litmus_parser_arguments.cc each kind of argument, litmus_parser_locations.cc what can be observed
// and its values, litmus_parser_conditions.cc what is claimed. Every Parse function starts at its
// first token and leaves the one after its last as the current one; it answers false once the first
// mistake has been recorded, and then nothing more is read.
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
inline constexpr uint32_t kMaxNested = 2'000;  // Destroyed within the usual limit of events.
inline constexpr size_t kMaxHandlesPerCall =
    1024;  // Above the kernel's own limit: tests exceed it.
inline constexpr size_t kMaxIovecsPerCall = core::kMaxMessageIovecs + 1;
inline constexpr size_t kMaxBlockDepth = 16;
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

  // What can stand between the parentheses of a call, and where its value goes: what it points at,
  // a number, or whatever a function reads.
  struct Parameter {
    std::string_view name;
    std::variant<bool (LitmusParser::*)(Call*), std::optional<uint32_t> Call::*, Memory Buffers::*>
        target;
    bool positional = false;
    bool required = false;

    static constexpr Parameter Required(std::string_view name, bool (LitmusParser::*parse)(Call*)) {
      return {.name = name, .target = parse, .positional = true, .required = true};
    }
  };
  struct ParameterTables;

  // Where reading can go on from: a block that is repeated is read once for every round.
  struct Place {
    LitmusLexer lexer;
    Token previous;
    Token current;
    Token next;
  };
  // Results `begin` to `end` are set in another block of a choice, so here they never are.
  struct Unreachable {
    size_t begin;
    size_t end;
  };
  // A thread that is the target of a call may be declared further down.
  struct ThreadReference {
    ThreadIndex thread;
    size_t call;
    Token name;
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
  static std::string Describe(const Token& token);
  // As much of something written as fits into a message.
  static std::string Shorten(std::string_view text);

  // Names. `what` is the kind of name: "process".
  bool Declare(Scope* scope, std::string_view what, const Token& at, std::string name,
               size_t index);
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
  bool CheckKey(const Token& key);
  bool ParseAllow(const Token& value);
  bool ParseAbi(const Token& value);
  bool ParseFaults(const Token& value);
  bool ParseFault(const Token& value, std::string_view item);
  bool ParseWithin();
  bool ParseBound();
  bool ParseInit();
  bool ParseDeclaration();
  bool ParseProcesses();
  bool ParseObject(core::ObjectType type);
  bool ParseHandleDeclaration(DeclaredObject* object);
  bool ParseRights(RightsArgument* rights);
  bool ParseRight(core::Rights* right);
  bool ParseQueue();
  bool ParseMessages(std::vector<InitialMessage>* messages);
  bool ParseStringList(std::vector<std::string>* strings);
  bool CheckPrintedSize();

  // Threads and their statements.
  bool ParseThread();
  bool ParseStatement();
  bool ParseBlock(std::string_view what);
  bool ParseChoose();
  bool ParseRepeat();
  bool ParseNote();
  bool ParseCallStatement();
  bool ParseResultName(Call* call);
  void AddCall(const Token& at, Call call);
  bool ResolveThreadReferences();

  // Calls.
  bool ParseSyscall(Call* call);
  bool ParseArguments(Call* call);
  bool ParseArgument(Call* call, uint32_t* given);
  bool FindPositional(const Call& call, uint32_t given, size_t* index);
  bool FindNamed(const Call& call, uint32_t given, size_t* index);
  bool FailUnknownParameter(CallKind kind, const Token& name);
  bool CheckConflicts(const Call& call, uint32_t given, const Token& last);
  bool CheckArguments(const Call& call, uint32_t given);
  static std::span<const Parameter> ParametersOf(CallKind kind);
  static bool IsGiven(CallKind kind, uint32_t given, std::string_view name);

  // Arguments.
  bool ParseHandleParameter(Call* call);
  bool ParsePortParameter(Call* call);
  bool ParseBytesParameter(Call* call);
  bool ParseRawParameter(Call* call);
  bool ParseIovecsParameter(Call* call);
  bool ParseHandlesParameter(Call* call);
  bool ParseClosedParameter(Call* call);
  bool ParseDispositionsParameter(Call* call);
  bool ParseItemsParameter(Call* call);
  bool ParseTxidParameter(Call* call);
  bool ParseOptionsParameter(Call* call);
  bool ParseSignalsParameter(Call* call);
  bool ParseClearParameter(Call* call);
  bool ParseDeadlineParameter(Call* call);
  bool ParseRightsParameter(Call* call);
  bool ParseKeyParameter(Call* call);
  bool ParseTopicParameter(Call* call);
  bool ParseThreadParameter(Call* call);
  bool ParseProcessParameter(Call* call);
  bool ParseIovec(Iovec* iovec);
  bool ParseDisposition(Disposition* disposition);
  bool ParseItem(WaitItem* item);
  bool ParseCallRights(RightsArgument* rights);
  bool CheckRemoval(const HandleArgument& handle, const RightsArgument& rights);
  // A list of at most `max` items, each read by `parse`.
  template <typename Item>
  bool ParseList(std::string_view what, size_t max, std::vector<Item>* items,
                 bool (LitmusParser::*parse)(Item*));
  // `null` or `unmapped`, instead of what would be there.
  bool AtMemory() const;
  bool ParseMemory(std::string_view name, Memory* memory);
  bool ParseHandle(HandleArgument* handle);
  bool ParseNamedHandle(HandleArgument* handle);
  bool ParseResultHandle(HandleArgument* handle);
  bool ParseBytes(BytesArgument* bytes);
  // `x.bytes`: the variable, if its call produces the field.
  bool ParseResultField(Location::Field field, VariableIndex* variable);
  bool ParseVariable(VariableIndex* variable);
  // What a name of a result means here: inside a repeated block, first the one of this round.
  const Name* FindResult(std::string_view name) const;
  bool ParseUint32(std::string_view what, uint32_t* number);
  // Names of bits and numbers, joined by `|`. `what` is one of them: "signal".
  bool ParseBits(std::string_view what, std::span<const NamedBit> names, uint32_t* bits);
  bool ParseNamedNumber(std::string_view what, std::span<const NamedNumber> names,
                        uint32_t* number);

  // Locations, conditions, outcomes.
  bool ParseLocations();
  bool ParseLocation(Location* location);
  bool ParseResultLocation(Location* location);
  bool ParseIndex(Location* location);
  bool ParseEndpointLocation(Location* location);
  bool AtCondition() const;
  bool ParseCondition();
  bool ParseOr(Proposition* proposition, size_t depth);
  bool ParseAnd(Proposition* proposition, size_t depth);
  bool ParseUnary(Proposition* proposition, size_t depth);
  bool ParseGroup(Proposition* proposition, size_t depth);
  bool ParseAtom(Proposition* proposition);
  bool AtLocation() const;
  bool ParseMembership(Proposition* proposition);
  bool ParseListOf(Proposition* proposition);
  bool ParseComparison(Proposition* proposition);
  bool ParseOperator(Proposition::Kind* kind);
  bool ParseLiteral(const Location& location, Value* value);
  bool ParseNumberLiteral(const Location& location, Value* value);
  bool ParseBitsLiteral(const Location& location, Value* value);
  bool ParseStatusLiteral(Value* value);
  bool ParseOwnerLiteral(Value* value);
  static std::string_view Explain(ValueType type);
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
  std::vector<ThreadReference> thread_references_;

  // Where in a thread the parser is.
  size_t block_depth_ = 0;
  std::vector<std::string> rounds_;  // `_1`, `_2`, ...: of every repeated block around, inwards.
  std::vector<Unreachable> unreachable_;
  size_t repeated_bytes_ = 0;     // Of the text, by being read again.
  std::optional<Token> removal_;  // Where the current call removes rights: `[-READ]`.
};

}  // namespace model
