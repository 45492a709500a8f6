// What the engine knows of its tracees: address spaces, threads, modules. Plain data; tracer.h says
// what is done to it.
#pragma once
#include <signal.h>

#include <array>
#include <chrono>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "elf/module_file.h"
#include "engine/config.h"
#include "engine/finding_class.h"
#include "engine/placement.h"
#include "keys/backend.h"
#include "keys/region_map.h"
#include "policy/tracer_rules.h"
#include "symbols/symbolizer.h"
#include "tracee/memory.h"
#include "tracee/proc.h"
#include "tracee/ptrace.h"

namespace keyhole {

/// A module as it is mapped.
struct Module {
  std::string path, name;
  uint64_t bias = 0;
  PageRange extent;
  std::shared_ptr<const ModuleFile> file;
  Assignment assignment;
  uint64_t link_map = 0;        ///< the loader's record of it; 0 in a static program
  uint64_t tls_modid = 0;       ///< index into the DTV; 0 = no TLS or unknown
  uint64_t tls_offset = 0;      ///< block = TP - this, for static TLS; 0 = none
  bool policy_applied = false;  ///< its segments went through a policy step
};

/// One thread's block of one module.
struct TlsBlock {
  const Module* module = nullptr;
  RemoteAddr start;
  bool is_static = true;
};

/// What libc says of every thread's TLS alike; what it does not say is unknown.
struct TlsConstants {
  std::optional<uint32_t>
      descriptor_size;                 ///< bytes of struct pthread, `_thread_db_sizeof_pthread`
  std::optional<int64_t> rseq_offset;  ///< of the rseq area from the thread pointer
  std::optional<uint32_t> rseq_size;   ///< bytes; 0 where the area is not registered
};

/// What lives around one thread's TP. Absent = unknown or not there.
struct ThreadTls {
  RemoteAddr tp;
  std::optional<RemoteAddr> dtv, slot;
  std::optional<PageRange> rseq, descriptor;
  std::vector<TlsBlock> blocks;
};

struct Breakpoint {
  enum class Kind : uint8_t { entry, main, loader } kind;
  uint8_t original;
};

/// A WRPKRU (`write`) or RDPKRU of the program that has raised #UD.
struct RightsSite {
  bool write = false;
  bool patched = false;  ///< a breakpoint stands in its place
};

/// A step of ours that can be taken back: the pages with the keys they had, the policy before it,
/// or the rights that a thread had. `step` is one number for all spaces that it changed.
struct Undo {
  std::vector<std::pair<PageRange, Key>> pages;
  Policy policy;
  Rounding rounding = Rounding::padded;
  uint64_t step = 0;
  std::optional<std::pair<Tid, Pkru>> rights;
};

/// What a fork's copy of an address space brings along, member for member.
struct SpaceImage {
  RegionMap regions;
  std::vector<std::string> names{""};
  Regime active;
  RegimeRules rules;
  uint16_t keys_allocated = 1;  ///< bit k: key k is allocated; 0 is from the start
  RemoteAddr brk;
  bool own_filter = false;  ///< the program has a system call filter of its own
  bool stub_ready = false, started = false, init_ended = false, awaits_mark = false;
  std::map<RemoteAddr, Breakpoint> breakpoints;
  std::map<RemoteAddr, RightsSite> rights_sites;
  bool handles_traps = false;  ///< the program has had a handler for SIGTRAP
  std::list<Module> modules;   ///< stable addresses
  RemoteAddr loader_debug;     ///< struct r_debug
  RegionMap policy_tagged;     ///< pages that a policy of ours gave a key
  RegionMap apart;             ///< pages whose mappings the kernel keeps apart from others
  Policy policy;               ///< in force once started
  Rounding rounding = Rounding::padded;
  uint64_t ignored = 0;      ///< signals of ours that the program believes it ignores
  RemoteAddr syscall_at;     ///< a SYSCALL instruction of the program's own; 0 = not looked for yet
  RegionMap found;           ///< attached: pages whose key we changed, with the key they had
  uint16_t our_keys = 0;     ///< attached: keys that we allocated, bit k for key k
  bool modules_due = false;  ///< attached: the loader's list may have changed
};

/// What decides whose regime fits.
struct InForce {
  Regime regime;
  uint16_t keys = 1;
  bool gates_live = false;
  bool operator==(const InForce&) const = default;
};

struct Thread;

/// The calls that take one regime to another, kept until the map changes.
struct Passage {
  InForce from, to;
  std::vector<RemoteCall> calls;
  RemoteAddr table;    ///< where they stand in the stub's pages; 0 = they do not
  bool taken = false;  ///< once, at least
};
/// The details of an access that is met again and again: of the first time, and of all others.
struct FaultPlace {
  uint32_t first = 0, again = 0;
};
/// Thread, site, address, rights.
using FaultKey = std::tuple<int, uint64_t, uint64_t, uint32_t>;

/// One address space. Shared by the threads of a process, and by a vfork child until its exec.
struct Space : SpaceImage {
  int id = 0;  ///< pid of its first process
  RemoteMemory memory;
  std::unique_ptr<Symbolizer> symbolizer;
  std::vector<Undo> undo;
  Tid main_thread{};
  Tid fused{};  ///< the thread that was last sent through the stub without a stop at its end
  std::chrono::steady_clock::time_point slice_start;
  std::list<Passage> passages;  ///< stable addresses
  uint64_t passages_generation = 0;
  std::pair<uint64_t, bool> growth{};       ///< grows_with_key, of the map of this generation
  RemoteAddr tables_end = kStubKept.start;  ///< of those that stand in the stub's pages
  std::map<FaultKey, FaultPlace> fault_places;
  std::set<std::pair<int, uint64_t>> traced_back;       ///< thread and site: its callers were told
  std::set<std::pair<FindingClass, std::string>> told;  ///< findings that are told once
  std::map<std::pair<FindingClass, std::string>, int>
      told_again;             ///< … and how often they were not
  bool incomparable = false;  ///< the map has lost the kernel's truth, as a finding or fault says

  // Its threads, and where they stand in line (gang.cc). No stop may cost more the more there are.
  std::vector<Thread*> threads;  ///< oldest first
  std::deque<Thread*> stopped;   ///< ready, to be looked at
  std::vector<Thread*> waiting;  ///< ready, looked at, and under another regime than the active one
  std::vector<Thread*> dozing;   ///< let into a futex wait and not yet seen asleep
  int running = 0;               ///< how many of them are
  Thread* caller = nullptr;      ///< whose memory call is on its way (turns.cc)
  std::deque<Thread*> callers;   ///< those that stand before one meanwhile
  std::optional<InForce> waiting_for;  ///< what was in force when the waiting ones were looked at

  /// Whether the kernel may have added pages that have a key (verify.cc, grow_stacks).
  bool grows_with_key();
  uint32_t name_index(const std::string& name);
  /// The program's code as it was before our breakpoints; short at the end of a mapping.
  std::vector<uint8_t> code(RemoteAddr at, size_t size) const;
  /// The pages have gone, and what we changed in them.
  void forget_code(PageRange range);
  /// Whether a trap that shows this address comes from a breakpoint of ours.
  bool stopped_by_us(RemoteAddr after) const;
  FaultPlace& fault_place(const FaultKey& key);
};

/// One process: the threads that die together.
struct Process {
  int threads = 0;
  std::map<int, int> fatal;       ///< signals that no handler took -> si_code
  std::map<int, siginfo_t> kept;  ///< sent to it while every thread believed it had them blocked
};

/// A system call that has been let in and whose exit stop is awaited.
struct PendingCall {
  uint64_t number = ~0ull;
  uint64_t args[6] = {};
  std::optional<Prot> asked_prot;      ///< mprotect family: what the program asked for
  std::optional<Prot> rewritten_prot;  ///< what the kernel was asked for instead
  std::optional<Key> key;              ///< pkey_mprotect
  std::string name;                    ///< mmap: what is mapped
  std::optional<Regime> restore;       ///< rt_sigreturn
  uint64_t old_mask = 0;               ///< rt_sigprocmask: the hidden bits before
  std::optional<uint64_t> new_mask;    ///< rt_sigprocmask: the hidden bits after
  bool was_ignored = false;            ///< rt_sigaction: what the program is to see
};

/// A sleep that was begun again with less time than the program asked for.
struct Wait {
  Regs asked{};  ///< the program's registers before the instruction
  std::chrono::steady_clock::time_point until{};
  bool entering = true;  ///< the instruction is yet to come
};
/// At a call's end: the kernel would begin it again.
bool may_begin_again(const Regs& regs);

/// Where a thread stands, as the engine's loop sees it.
enum class Run : uint8_t {
  running,
  asleep,      ///< in a futex wait; its exit stop will come
  vfork_wait,  ///< in the kernel until its child execs or exits
  in_kernel,   ///< interrupted where it cannot stop yet; it will before it runs its own code
  listening,   ///< group-stopped
  ended,       ///< a first thread that is over before the others: no more of it until they are
  pending,     ///< stopped with a status that is not yet dispatched
  ready,       ///< stopped, handled, to go on as `how` says
};

struct Thread {
  Tid tid{};
  int process = 0;
  std::shared_ptr<Space> space;
  Run run = Run::pending;  ///< changed by enter()
  int status = 0;          ///< when pending
  Go how = Go::cont;
  std::deque<siginfo_t> deliver;  ///< signals to hand to the program when it goes on
  bool can_inject = false;        ///< stopped where a signal can be handed over
  bool held = false;              ///< the log says so
  bool in_line = false;           ///< among the stopped or the waiting of its space
  bool in_call = false;           ///< was interrupted in a system call, perhaps asleep
  bool wait_over = false;         ///< its wait has ended for a signal, not yet handed over
  uint64_t began = ~0ull;         ///< the call that it was last interrupted in
  bool sleeps = false;            ///< asleep, and seen to be
  bool dozes = false;             ///< among the dozing of its space
  Regime regime;
  Regime before;  ///< the one before it
  uint64_t last_run = 0;
  Placed placed;
  PendingCall call;
  uint64_t hidden_mask = 0;       ///< signals of ours that the program believes it has blocked
  std::map<int, siginfo_t> kept;  ///< of those, the ones that were sent to it
  std::optional<Wait> wait;
  int futex_faults = 0;                ///< futex waits that were denied in a row
  Regs at_site{};                      ///< of its last stop at a rights site
  std::optional<siginfo_t> late_trap;  ///< a breakpoint was under way when code of ours was run
  RemoteAddr retry_at{};               ///< a fault that the map says should not be
  int retries = 0;
  bool doomed = false;  ///< the kernel kills it over its rseq area, as the log says
  std::optional<siginfo_t>
      stopped_fault;           ///< denied access that stopped the session (onFault: stop)
  bool stopped_write = false;  ///< it was a write, or may have been one
  std::optional<ThreadTls> tls;
  bool looked_at = false;            ///< attached: it has stopped once, so its rights are known
  std::optional<Pkru> found_rights;  ///< attached: what it had before we changed them
  std::string name;                  ///< attached: as last seen

  void enter(Run next);
};

}  // namespace keyhole
