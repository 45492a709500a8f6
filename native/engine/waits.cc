// Sleeps that a stop of ours has ended. Most calls the kernel begins again by itself; those that
// signal(7) lists under "Interruption of system calls by stop signals" return EINTR. Where no
// signal of the program's came, they are begun again here with the time that is left.
#include <linux/futex.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "engine/tracer.h"

namespace keyhole {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::nanoseconds;

/// Where a call has its timeout.
enum class Timeout : uint8_t { none, ms_in_r10, timespec, timeval, receive, send };
struct Sleep {
  uint64_t number;
  Timeout timeout;
  unsigned long long Regs::*pointer = nullptr;
};
constexpr Sleep kSleeps[] = {
    {SYS_epoll_wait, Timeout::ms_in_r10},
    {SYS_epoll_pwait, Timeout::ms_in_r10},
    {SYS_epoll_pwait2, Timeout::timespec, &Regs::r10},
    {SYS_rt_sigtimedwait, Timeout::timespec, &Regs::rdx},
    {SYS_semop, Timeout::none},
    {SYS_semtimedop, Timeout::timespec, &Regs::r10},
    {SYS_io_getevents, Timeout::timespec, &Regs::r8},
    // These three only where their time cannot be written back (fs/select.c, poll_select_finish).
    {SYS_select, Timeout::timeval, &Regs::r8},
    {SYS_pselect6, Timeout::timespec, &Regs::r8},
    {SYS_ppoll, Timeout::timespec, &Regs::rdx},
    // Sockets with SO_RCVTIMEO or SO_SNDTIMEO (include/net/sock.h, sock_intr_errno).
    {SYS_read, Timeout::receive},
    {SYS_readv, Timeout::receive},
    {SYS_recvfrom, Timeout::receive},
    {SYS_recvmsg, Timeout::receive},
    {SYS_recvmmsg, Timeout::receive},
    {SYS_accept, Timeout::receive},
    {SYS_accept4, Timeout::receive},
    {SYS_write, Timeout::send},
    {SYS_writev, Timeout::send},
    {SYS_sendto, Timeout::send},
    {SYS_sendmsg, Timeout::send},
    {SYS_sendmmsg, Timeout::send},
    {SYS_connect, Timeout::send},
};

const Sleep* sleep_of(uint64_t number) {
  for (const Sleep& sleep : kSleeps)
    if (sleep.number == number) return &sleep;
  return nullptr;
}

bool is_socket_wait(const Sleep& sleep) {
  return sleep.timeout == Timeout::receive || sleep.timeout == Timeout::send;
}

/// The timeout of the program's socket; nothing when it is none or has none.
std::optional<nanoseconds> socket_timeout(int process, int fd, int option) {
  const auto pidfd = static_cast<int>(syscall(SYS_pidfd_open, process, 0));
  if (pidfd < 0) return {};
  const auto copy = static_cast<int>(syscall(SYS_pidfd_getfd, pidfd, fd, 0));
  close(pidfd);
  if (copy < 0) return {};
  timeval time{};
  socklen_t size = sizeof time;
  const bool known = getsockopt(copy, SOL_SOCKET, option, &time, &size) == 0;
  close(copy);
  if (!known || (time.tv_sec == 0 && time.tv_usec == 0)) return {};
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

/// The whole timeout of the call that `asked` makes; nothing = for ever.
std::optional<nanoseconds> timeout_of(const Thread& thread, const Sleep& sleep, const Regs& asked) {
  const RemoteMemory& memory = thread.space->memory;
  switch (sleep.timeout) {
    case Timeout::none:
      return {};
    case Timeout::ms_in_r10: {
      const auto ms = static_cast<int32_t>(asked.r10);
      if (ms < 0) return {};
      return std::chrono::milliseconds(ms);
    }
    case Timeout::timespec:
    case Timeout::timeval: {
      const auto time = memory.get<std::array<int64_t, 2>>({asked.*sleep.pointer});
      if (!time) return {};
      const int64_t unit = sleep.timeout == Timeout::timeval ? 1000 : 1;
      return std::chrono::seconds((*time)[0]) + nanoseconds((*time)[1] * unit);
    }
    case Timeout::receive:
    case Timeout::send: {
      const int option = sleep.timeout == Timeout::receive ? SO_RCVTIMEO : SO_SNDTIMEO;
      return socket_timeout(thread.process, static_cast<int>(asked.rdi), option);
    }
  }
  return {};
}

/// Whether a signal is on its way that the program does not believe blocked: no other ends a wait.
bool signal_comes(const Thread& thread) {
  return (signal_dispositions(thread.tid).pending & ~thread.hidden_mask) != 0;
}

bool interrupted(const Regs& regs) {
  const auto result = static_cast<int64_t>(regs.rax);
  return result == -EINTR || may_begin_again(regs);
}

}  // namespace

/// The kernel would begin this call again on the way back to the program, or make it EINTR for a
/// handler's sake (arch/x86/kernel/signal.c; the codes are in include/linux/errno.h).
bool may_begin_again(const Regs& regs) {
  const auto result = static_cast<int64_t>(regs.rax);
  return static_cast<int64_t>(regs.orig_rax) >= 0 && result >= -516 && result <= -512 &&
         result != -515;
}

/// At a stop of ours: a call that it has ended with EINTR begins again.
void Tracer::restart_wait(Thread& thread, const Regs& regs) {
  if (static_cast<int64_t>(regs.orig_rax) < 0) return;
  thread.in_call = static_cast<int64_t>(regs.rax) < 0;
  if (regs.orig_rax != SYS_restart_syscall) thread.began = regs.orig_rax;
  if (static_cast<int64_t>(regs.rax) != -EINTR || thread.wait) return;
  const Sleep* sleep = sleep_of(regs.orig_rax);
  if (!sleep) return;
  if (signal_comes(thread)) {
    thread.wait_over = true;
    return;
  }
  Wait wait{.asked = regs};
  wait.asked.rax = std::exchange(wait.asked.orig_rax, ~0ull);
  wait.asked.rip -= 2;
  // When it began is not known at its first interruption: it may end late, never early.
  const auto timeout = timeout_of(thread, *sleep, wait.asked);
  if (timeout) wait.until = Clock::now() + *timeout;
  if (!timeout && is_socket_wait(*sleep)) return;  // somebody else's EINTR
  if (!timeout) {
    set_regs(thread.tid, wait.asked);
    return;
  }
  thread.wait = wait;
  begin_wait(thread);
}

/// Before the instruction again, with what is left of the time. A socket has its time in the
/// kernel: it begins with all of it, and ends here when it is over.
void Tracer::begin_wait(Thread& thread) {
  Wait& wait = *thread.wait;
  const Sleep& sleep = *sleep_of(wait.asked.rax);
  const auto left = std::max(nanoseconds(0), nanoseconds(wait.until - Clock::now()));
  if (is_socket_wait(sleep) && left.count() == 0)
    return end_wait(thread, wait.asked.rax == SYS_connect ? -EINPROGRESS : -EAGAIN);
  Regs regs = wait.asked;
  if (sleep.timeout == Timeout::ms_in_r10) {
    const auto ms = std::chrono::ceil<std::chrono::milliseconds>(left).count();
    regs.r10 = static_cast<uint64_t>(ms);
  } else if (sleep.pointer) {
    // Below the red zone of the thread's stack, where a signal's frame would be, too (x86-64 psABI,
    // 3.2.2).
    const int64_t unit = sleep.timeout == Timeout::timeval ? 1000 : 1;
    const std::array<int64_t, 2> time{left.count() / 1'000'000'000,
                                      left.count() % 1'000'000'000 / unit};
    const RemoteAddr scratch{(regs.rsp - 128 - sizeof time) & ~15ull};
    if (thread.space->memory.write(scratch, &time, sizeof time)) regs.*sleep.pointer = scratch.v;
  }
  wait.entering = true;
  set_regs(thread.tid, regs);
  thread.call = {};
}

/// The thread is behind the instruction, with `result` and the registers as it had them.
void Tracer::end_wait(Thread& thread, int64_t result) {
  Regs regs = thread.wait->asked;
  thread.wait.reset();
  thread.call = {};
  regs.rip += 2;
  regs.rax = static_cast<uint64_t>(result);
  set_regs(thread.tid, regs);
}

/// A stop at the entry or the exit of a call that was begun again: at its end the registers that
/// were changed for it are put right.
void Tracer::exit_wait(Thread& thread, const Regs& regs) {
  if (std::exchange(thread.wait->entering, false)) return ready(thread, Go::to_syscall_exit);
  if (interrupted(regs) && !signal_comes(thread)) {
    thread.in_call = true;
    begin_wait(thread);
    return ready(thread);
  }
  thread.wait_over = interrupted(regs);
  const Regs asked = thread.wait->asked;
  Regs after = regs;
  after.rdi = asked.rdi, after.rsi = asked.rsi, after.rdx = asked.rdx;
  after.r10 = asked.r10, after.r8 = asked.r8, after.r9 = asked.r9;
  thread.wait.reset();
  thread.call = {};
  set_regs(thread.tid, after);
  ready(thread);
}

/// A wait with a mask of its own has ended for a signal that only this mask let through, and the
/// mask has been taken back before the signal was handed over: the wait begins again, and takes it.
/// The kernel does so by itself where the call can begin again (ERESTARTNOHAND); these cannot
/// (fs/eventpoll.c, do_epoll_wait).
void Tracer::begin_masked_wait(Thread& thread) {
  Regs regs;
  if (!get_regs(thread.tid, regs) || static_cast<int64_t>(regs.rax) != -EINTR) return;
  const bool masked = regs.orig_rax == SYS_epoll_pwait || regs.orig_rax == SYS_epoll_pwait2;
  if (!masked || regs.r8 == 0) return;
  regs.rax = std::exchange(regs.orig_rax, ~0ull);
  regs.rip -= 2;
  set_regs(thread.tid, regs);
}

/// Whether the rights of a thread let it wait on its futex word. A word that is not private is
/// looked up by its page, and a page of the program's own that may not be written is none
/// (kernel/futex/core.c, get_futex_key).
bool Tracer::may_use_word(const Thread& thread) {
  const RemoteAddr word{thread.call.args[0]};
  const bool shared = (thread.call.args[1] & FUTEX_PRIVATE_FLAG) == 0;
  return may_access(thread, {word, word + sizeof(uint32_t)}, shared);
}

/// The futex word was read under another's protections: the wait begins again, in its own turn.
void Tracer::exit_futex(Thread& thread, Regs regs) {
  const bool denied = static_cast<int64_t>(regs.rax) == -EFAULT;
  if (!denied || !may_use_word(thread)) {
    thread.futex_faults = 0;
    return;
  }
  constexpr int kLimit = 16;  // a word that nobody can read
  if (++thread.futex_faults > kLimit) return;
  regs.rax = SYS_futex;
  regs.rip -= 2;
  regs.orig_rax = ~0ull;
  set_regs(thread.tid, regs);
}

}  // namespace keyhole
