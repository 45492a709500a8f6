// Typed wrappers over ptrace(2). A call on a thread that has gone (ESRCH) answers false; it is
// never an error, because SIGKILL may end any thread at any instant.
#pragma once
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/user.h>

#include "policy/types.h"

namespace keyhole {

using Regs = user_regs_struct;

/// At a system call's exit: it has failed, rax is -errno (1 to 4095).
inline bool failed(const Regs& regs) { return regs.rax > static_cast<uint64_t>(-4096); }

/// How a stopped thread goes on.
enum class Go { cont, to_syscall_exit, step, listen };

bool seize(Tid tid, uint64_t options);
bool get_regs(Tid tid, Regs& out);
bool set_regs(Tid tid, const Regs& regs);
bool go_on(Tid tid, Go how, int signal = 0);
bool interrupt(Tid tid);
/// Lets go of a stopped thread; it goes on with `signal`, or stays in the group stop it is in.
bool detach(Tid tid, int signal = 0);
bool get_siginfo(Tid tid, siginfo_t& out);
bool set_siginfo(Tid tid, const siginfo_t& info);
bool get_sigmask(Tid tid, uint64_t& out);
bool set_sigmask(Tid tid, uint64_t mask);
bool event_message(Tid tid, unsigned long& out);

/// The thread's PKRU from the XSAVE area (NT_X86_XSTATE); nothing where the CPU has no protection
/// keys.
std::optional<Pkru> get_hardware_pkru(Tid tid);
bool set_hardware_pkru(Tid tid, Pkru rights);
/// CPUID leaf 7: the kernel has switched protection keys on (OSPKE).
bool cpu_has_pku();

}  // namespace keyhole
