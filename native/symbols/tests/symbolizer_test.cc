#include "symbols/symbolizer.h"

#include <dlfcn.h>
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "symbols/decode.h"

using namespace keyhole;

static constexpr int kProbeLine = __LINE__ + 1;
extern "C" __attribute__((noinline, used)) int keyhole_symbolizer_probe(int n) { return n * 3 + 1; }

// Work after each call keeps both from being tail calls.
extern "C" __attribute__((noinline, used)) int keyhole_inner(int n) {
  raise(SIGSTOP);
  return keyhole_symbolizer_probe(n) + 1;
}
extern "C" __attribute__((noinline, used)) int keyhole_outer(int n) { return keyhole_inner(n) + 1; }

// Code without call-frame information: it stops with a frame of its own for this way back, as `push
// rbp; mov rbp, rsp` leaves it after a call. On the stack itself: a sanitizer may keep variables
// elsewhere.
extern "C" void keyhole_bare_stop(const void* back);
__asm__(
    ".fill 9, 1, 0x90\n"  // so that no call ends where it begins
    ".globl keyhole_bare_stop\n"
    ".type keyhole_bare_stop, @function\n"
    "keyhole_bare_stop:\n"
    "  push %rbp\n"
    "  push %rdi\n"
    "  push $0\n"
    "  mov %rsp, %rbp\n"
    "  int3\n"
    "  add $16, %rsp\n"
    "  pop %rbp\n"
    "  ret\n"
    ".size keyhole_bare_stop, . - keyhole_bare_stop\n");

namespace {

RemoteAddr address_of(const void* pointer) {
  return RemoteAddr{reinterpret_cast<uint64_t>(pointer)};
}

RemoteAddr probe() { return address_of(reinterpret_cast<void*>(&keyhole_symbolizer_probe)); }

}  // namespace

TEST_CASE("our own functions and libc's have names") {
  Symbolizer symbolizer(getpid());
  SymbolInfo own = symbolizer.lookup(probe());
  CHECK(own.module == "symbols_test");
  CHECK(own.symbol == "keyhole_symbolizer_probe");
  CHECK(own.offset == 0);
  CHECK(symbolizer.lookup(probe() + 1).offset == 1);

  SymbolInfo libc = symbolizer.lookup(address_of(dlsym(RTLD_DEFAULT, "gnu_get_libc_version")));
  CHECK(libc.module == "libc.so.6");
  CHECK(libc.symbol == "gnu_get_libc_version");
}

TEST_CASE("source lines come from the debug information, and only from there") {
  Symbolizer symbolizer(getpid());
  const auto own = symbolizer.source(probe());
  REQUIRE(own.has_value());
  CHECK(own->file.ends_with("symbolizer_test.cc"));
  CHECK(own->line == kProbeLine);
  CHECK_FALSE(symbolizer.source(RemoteAddr{getauxval(AT_SYSINFO_EHDR)}).has_value());
  CHECK_FALSE(symbolizer.source(RemoteAddr{16}).has_value());
}

TEST_CASE("a stopped thread's frames are its callers, each with how it was found") {
  pid_t child = fork();
  if (child == 0) {
    ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
    keyhole_outer(1);
    _exit(0);
  }
  REQUIRE(child > 0);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFSTOPPED(status));
  Regs regs{};
  REQUIRE(get_regs({child}, regs));
  const RemoteMemory memory(Tid{child});
  Symbolizer symbolizer(child);

  const auto frames = symbolizer.backtrace({regs, memory}, 48);
  REQUIRE(frames.size() > 3);
  CHECK(frames[0].at.v == regs.rip);
  CHECK(frames[0].by == FoundBy::registers);
  std::vector<std::string> names;
  for (const Frame& frame : frames)
    names.push_back(symbolizer.lookup({frame.at.v - 1}).symbol.value_or("?"));
  const auto inner = std::find(names.begin(), names.end(), "keyhole_inner");
  REQUIRE(inner != names.end());
  CHECK(*(inner + 1) == "keyhole_outer");
  CHECK(frames[static_cast<size_t>(inner - names.begin()) + 1].by == FoundBy::cfi);
  CHECK(std::find(names.begin(), names.end(), "main") != names.end());

  CHECK(symbolizer.backtrace({regs, memory}, 2).size() == 2);
  // Code of no module has no call-frame information, and a frame pointer to nowhere leads nowhere.
  Regs lost = regs;
  lost.rip = 16, lost.rbp = 16, lost.rsp = 16;
  CHECK(symbolizer.backtrace({lost, memory}, 48).size() == 1);
  kill(child, SIGKILL);
  REQUIRE(waitpid(child, &status, 0) == child);
}

TEST_CASE("without call-frame information a caller is only what follows a call") {
  /// The frames after the first, when what stands beside the frame pointer is `back`.
  const auto callers = [](const void* back) {
    const pid_t child = fork();
    if (child == 0) {
      ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
      keyhole_bare_stop(back);
      _exit(0);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    Regs regs{};
    REQUIRE(get_regs({child}, regs));
    const RemoteMemory memory(Tid{child});
    auto frames = Symbolizer(child).backtrace({regs, memory}, 2);
    kill(child, SIGKILL);
    REQUIRE(waitpid(child, &status, 0) == child);
    frames.erase(frames.begin());
    return frames;
  };
  const auto* outer = reinterpret_cast<const char*>(&keyhole_outer);
  const RemoteAddr inner = address_of(reinterpret_cast<const void*>(&keyhole_inner));
  const RemoteMemory own(Tid{getpid()});
  const char* back = nullptr;  // behind the call that is in there
  for (const char* at = outer; !back && at < outer + 32; at++) {
    const auto call = decode(own.bytes(address_of(at), 5), address_of(at));
    if (call && call->flow == Flow::call && call->target == inner) back = at + call->length;
  }
  REQUIRE(back != nullptr);
  const auto found = callers(back);
  REQUIRE(found.size() == 1);
  CHECK(found[0].at == address_of(back));
  CHECK(found[0].by == FoundBy::frame_pointer);
  const auto* begin = reinterpret_cast<const char*>(&keyhole_bare_stop);
  static const char text[] = "words that are no code";
  for (const char* none : {back - 1, begin, text + 9}) CHECK(callers(none).empty());
}

TEST_CASE("what belongs to no module has no name") {
  Symbolizer symbolizer(getpid());
  int local = 0;
  for (RemoteAddr address :
       {address_of(&local), RemoteAddr{0}, RemoteAddr{16}, RemoteAddr{~0ull}}) {
    SymbolInfo info = symbolizer.lookup(address);
    CHECK_FALSE(info.module.has_value());
    CHECK_FALSE(info.symbol.has_value());
  }
}

TEST_CASE("the vDSO is called [vdso]") {
  Symbolizer symbolizer(getpid());
  CHECK(symbolizer.lookup(RemoteAddr{getauxval(AT_SYSINFO_EHDR)}).module == "[vdso]");
}

TEST_CASE("a module that comes later is seen after a refresh") {
  Symbolizer symbolizer(getpid());
  REQUIRE(symbolizer.lookup(probe()).module.has_value());
  void* handle = dlopen(KEYHOLE_ELF_FIXTURE, RTLD_NOW);
  REQUIRE(handle != nullptr);
  RemoteAddr function = address_of(dlsym(handle, "fixture_function"));
  CHECK_FALSE(symbolizer.lookup(function).symbol.has_value());
  symbolizer.refresh();
  CHECK(symbolizer.lookup(function).symbol == "fixture_function");
  CHECK(symbolizer.lookup(probe()).symbol == "keyhole_symbolizer_probe");
  dlclose(handle);
  symbolizer.refresh();
  CHECK_FALSE(symbolizer.lookup(function).module.has_value());
}

TEST_CASE("a child that this thread holds stopped, and one that is gone") {
  pid_t child = fork();
  if (child == 0) {
    ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
    raise(SIGSTOP);
    _exit(0);
  }
  REQUIRE(child > 0);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFSTOPPED(status));
  Symbolizer symbolizer(child);
  CHECK(symbolizer.lookup(probe()).symbol == "keyhole_symbolizer_probe");

  kill(child, SIGKILL);
  REQUIRE(waitpid(child, &status, 0) == child);
  Symbolizer late(child);
  CHECK_FALSE(late.lookup(probe()).module.has_value());
}
