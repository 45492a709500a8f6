// What the primitives do without a tracee, and with the simplest one.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "tracee/attach.h"
#include "tracee/call_names.h"
#include "tracee/memory.h"
#include "tracee/proc.h"
#include "tracee/ptrace.h"
#include "tracee/stop.h"
#include "tracee/stub.h"

using namespace keyhole;

/// What the kernel takes at most in one write, as it may: stands before libc's function.
static size_t most_written = ~size_t{0};
extern "C" ssize_t pwrite64(int fd, const void* from, size_t size, off64_t at) {
  return syscall(SYS_pwrite64, fd, from, std::min(size, most_written), at);
}

TEST_CASE("a write that the kernel takes in parts is written whole") {
  const RemoteMemory memory(Tid{getpid()});
  const std::string text(1000, 'x');
  std::string to(1001, '.');
  for (const size_t part : {size_t{1000}, size_t{300}, size_t{1}}) {
    most_written = part;
    std::fill(to.begin(), to.end(), '.');
    CHECK(memory.write({reinterpret_cast<uint64_t>(to.data())}, text.data(), text.size()));
    CHECK(to == text + ".");
  }
  most_written = 0;
  CHECK_FALSE(memory.write({reinterpret_cast<uint64_t>(to.data())}, text.data(), text.size()));
  most_written = ~size_t{0};
  CHECK_FALSE(memory.write({0x10}, text.data(), text.size()));
}

TEST_CASE("wait statuses are classified") {
  const auto stopped = [](int signal, int event) { return (event << 16) | (signal << 8) | 0x7f; };
  CHECK(classify(7 << 8).kind == StopKind::exited);
  CHECK(classify(7 << 8).value == 7);
  CHECK(classify(SIGKILL).kind == StopKind::killed);
  CHECK(classify(stopped(SIGTRAP | 0x80, 0)).kind == StopKind::syscall_exit);
  CHECK(classify(stopped(SIGTRAP, PTRACE_EVENT_SECCOMP)).kind == StopKind::syscall_entry);
  CHECK(classify(stopped(SIGTRAP, PTRACE_EVENT_STOP)).kind == StopKind::interrupted);
  CHECK(classify(stopped(SIGSTOP, PTRACE_EVENT_STOP)).kind == StopKind::group_stop);
  CHECK(classify(stopped(SIGSEGV, 0)).kind == StopKind::signal);
  CHECK(classify(stopped(SIGSEGV, 0)).value == SIGSEGV);
}

TEST_CASE("a line of maps") {
  const auto m =
      parse_maps_line("7f00a000-7f00c000 r-xp 00001000 08:01 1234    /usr/lib/with space.so");
  REQUIRE(m);
  CHECK(m->range.start.v == 0x7f00a000);
  CHECK(m->range.end.v == 0x7f00c000);
  CHECK(m->prot.v == 5);
  CHECK(m->offset == 0x1000);
  CHECK(m->name == "/usr/lib/with space.so");
  CHECK(parse_maps_line("00400000-00401000 rw-p 00000000 00:00 0")->name.empty());
  for (const char* bad : {"", "zzz", "7f00-", "7f00-8000", "7f00-8000 rw", "7f00-8000 rw-p qq 0 0"})
    CHECK_FALSE(parse_maps_line(bad));
}

TEST_CASE("texts of /proc that are cut off say nothing") {
  const auto call = call_shown_in("202 0x1 0x2 0x3 0x4 0x5 0x6 0x7ffc10 0x7f12ab\n");
  REQUIRE(call);
  CHECK(call->number == 202);
  CHECK(call->at == RemoteAddr{0x7f12ab});
  CHECK(std::string(call_name(call->number)) == "futex");
  CHECK(call_name(100000) == nullptr);
  for (const char* none : {"running\n", "-1 0x7ffc10 0x7f12ab\n", "202 0x1", ""})
    CHECK_FALSE(call_shown_in(none));
  CHECK(state_of("7 (a) b) S 1 2") == 'S');
  for (const char* cut : {"", "7 (a", "7 (a)", "7 (a) "}) CHECK_FALSE(state_of(cut));
  const auto dispositions =
      dispositions_of("Name:\tx\nSigPnd:\t6\nSigBlk:\t2\nSigIgn:\t1\nSigCgt:\t8000\n");
  CHECK(dispositions.caught == 0x8000);
  CHECK((dispositions.catches(16) && !dispositions.catches(1) && !dispositions.catches(64)));
  CHECK((dispositions.ignores(1) && !dispositions.ignores(16)));
  CHECK((dispositions.blocks(2) && !dispositions.blocks(1) && dispositions.pending == 4));
  for (const char* cut : {"", "Name:\tx\nSigCgt:", "\nSigCgt:\n", "\nSigCgt: \t"})
    CHECK(dispositions_of(cut).caught == 0);
  const uint64_t pairs[] = {6, 4096, 9, 0x401000};
  const std::string bytes(reinterpret_cast<const char*>(pairs), sizeof pairs);
  CHECK(aux_value_of(bytes, 9) == 0x401000);
  CHECK_FALSE(aux_value_of(bytes.substr(0, 31), 9));
}

TEST_CASE("a process is described, and why it cannot be attached to") {
  const Tid self{getpid()};
  const auto status = process_status(self);
  REQUIRE(status);
  CHECK(status->process == self);
  CHECK(status->user == geteuid());
  CHECK_FALSE(status->kernel);
  CHECK(threads_of(self) == std::vector<Tid>{self});
  CHECK(command_line(self).size() >= 1);
  CHECK(why_not_attach(self) == "that is Keyhole itself");
  CHECK_FALSE(process_status({1 << 30}));
  for (const int nobody : {0, -1, 1 << 30}) CHECK(why_not_attach({nobody}) == "no such process");
}

TEST_CASE("smaps says what maps says, and the keys where there are some") {
  // A process that stands still: our own maps memory while it reads.
  const pid_t child = fork();
  if (child == 0)
    for (;;) pause();
  const auto smaps = read_smaps({child});
  const auto maps = read_maps({child});
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  REQUIRE(smaps.size() == maps.size());
  for (size_t i = 0; i < maps.size(); i++) CHECK(smaps[i].range == maps[i].range);
  const auto code = std::find_if(smaps.begin(), smaps.end(), [](const Mapping& m) {
    return m.range.contains({reinterpret_cast<uint64_t>(&read_smaps)});
  });
  REQUIRE(code != smaps.end());
  CHECK(code->prot.v == 5);
  CHECK(code->key.has_value() == cpu_has_pku());
}

TEST_CASE("our own process is readable") {
  const Tid self{getpid()};
  const char text[] = "keyhole";
  const RemoteMemory memory(self);
  CHECK(memory.text({reinterpret_cast<uint64_t>(text)}) == "keyhole");
  CHECK(thread_state(self) == 'R');
  CHECK_FALSE(read_maps(self).empty());
  CHECK(memory.bytes({0}, 8).empty());
}

TEST_CASE("the stub's image holds the way back, the calls and the end mark") {
  user_regs_struct regs{};
  regs.rip = 0x1111;
  regs.rsp = 0x2222;
  regs.r12 = 12;
  const auto image = stub_image(regs, false, {{SYS_mprotect, {1, 2, 3}}});
  StubHeader header;
  memcpy(&header, image.data(), sizeof header);
  CHECK(header.stop_at_end == 0);
  CHECK(header.rip == 0x1111);
  CHECK(header.rsp == 0x2222);
  CHECK(header.r12 == 12);
  RemoteCall calls[2];
  memcpy(calls, &image[kStubTable.v - kStubHeader.v], sizeof calls);
  CHECK(calls[0].number == SYS_mprotect);
  CHECK(calls[0].args[2] == 3);
  CHECK(calls[1].number == -1);
  CHECK(offsetof(StubHeader, done) == 120);  // the number in stub_code.S
  CHECK(sizeof(StubHeader) <= kStubTable.v - kStubHeader.v);
}
