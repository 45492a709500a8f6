// The engine proper: one object, one thread, every ptrace call. The loop waits, classifies,
// dispatches to one handler and lets the thread go on; each group of methods below has a file of
// its own.
#pragma once
#include <deque>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <set>

#include "engine/command_queue.h"
#include "engine/event.h"
#include "engine/ticker.h"
#include "engine/world.h"
#include "keys/compare.h"
#include "policy/plan_segments.h"
#include "policy/plan_tls.h"
#include "tracee/spawn.h"
#include "tracee/stop.h"

namespace keyhole {

/// How often the engine looks while somebody waits for a turn, or for a stop that may not come.
/// Each look takes the processor from whoever runs there.
constexpr std::chrono::microseconds kShortestTick{50}, kLongestTick{800};
/// How long a change waits for a thread that cannot stop yet, when no other can make it.
constexpr std::chrono::seconds kPageIn{1};

/// One step of a plan with the words that go with it.
struct PlannedStep {
  TagOp op;
  Tid thread;
  std::string what;
};

/// The steps as the log and the host see them (planStep in core/contract/details.ts).
nlohmann::json steps_json(const std::vector<PlannedStep>& steps);

/// Events that pause the program: those of a kind, or all about memory in a range.
struct PauseRule {
  std::string name;
  std::optional<EventKind> kind;
  PageRange range;
  bool matches(EventKind event, PageRange at) const;
};

/// Why the program is to pause: the rule, and whose event it met.
struct PauseAsked {
  std::string rule;
  int space;
  Tid tid;
};

/// How often an attached process is read again, at most.
inline constexpr std::chrono::milliseconds kReread{200};

enum class PolicyWhy : uint8_t { startup, birth, module, demand, revert, manual };

/// A denied rseq area: the kernel raises it at every return to the program until it is let through,
/// and then it kills (kernel/rseq.c, force_sigsegv). To go on without it would never end.
inline bool kills_anyway(const siginfo_t& info) {
  return info.si_signo == SIGSEGV && info.si_code == SI_KERNEL;
}

class Places;

class Tracer {
 public:
  Tracer(LaunchConfig config, EventBuffer& events, CommandQueue& commands);
  ~Tracer();
  /// Starts the program, up to its exec. Throws std::runtime_error naming program and reason.
  /// `stdout_fd` and `stderr_fd` become the program's.
  void start(int stdout_fd, int stderr_fd);
  /// Until no tracee is left or the queue is closed. An error of ours ends the program and is a
  /// finding; it never reaches the host.
  void run_safely();

 private:
  // loop.cc: wait, classify, dispatch
  void run();
  void dispatch(Thread& thread, Stop stop);
  bool dispatch_pending();
  bool wait_once();
  void look_at_places();
  void run_commands();
  void kill_all();
  void start_waker();

  // remote.cc: calls in the tracee
  bool run_stub(Thread& thread, std::vector<RemoteCall>& calls);
  bool run_calls(Space& space, std::vector<RemoteCall> calls, Thread* executor);
  bool send_through_stub(Thread& thread, Passage& passage);
  static bool place_table(Space& space, Passage& passage);
  Stop settle_stub(Thread& thread, Stop stop, Regs& regs);
  std::optional<Stop> wait_stub_end(Thread& thread);
  void settle_fused(Space& space, Thread* except);
  bool inject_stub(Thread& thread);

  // stopping.cc: stopping threads so that acting inside them is safe
  void stop_threads(Space& space, bool also_asleep);
  void stop_thread(Thread& thread);
  void finish_call(Thread& thread);
  bool leave_call(Thread& thread);
  void step_back(Thread& thread, Regs regs);
  bool unmake_call(Thread& thread);
  static bool before_call(const Thread& thread);

  // waits.cc: sleeps that a stop of ours has ended
  void restart_wait(Thread& thread, const Regs& regs);
  void begin_wait(Thread& thread);
  void end_wait(Thread& thread, int64_t result);
  void exit_wait(Thread& thread, const Regs& regs);
  void begin_masked_wait(Thread& thread);
  void take_stop(Thread& thread);
  void absorb_stop(Thread& thread, int status);
  std::optional<int> wait_for(Tid tid);
  std::optional<int> wait_unless(Tid tid, const std::function<bool()>& hopeless);
  Thread* clean_thread(Space& space);

  // lend.cc: single calls without the stub
  int64_t lend_call(Thread& thread, const RemoteCall& call);
  bool lend_calls(Thread& thread, std::vector<RemoteCall>& calls);

  // attach.cc, reread.cc, detach.cc: a process that was not started here
  void start_attached();
  void look_at(Thread& thread);
  void watch(Space& space);
  void reread_spaces(bool at_once);
  bool reread(Space& space, Tid through);
  void poll_modules(Space& space, Thread& thread, bool changed);
  void detach_all(Cause cause, bool stopped = false);
  void halt_for_detach();
  void restore(Space& space, Thread& executor, std::vector<std::string>& left);
  void let_go(Cause cause);
  bool attached() const { return config_.attach.v != 0; }
  bool observe_only() const { return keys_->mode() == KeysMode::none; }

  // gang.cc: which regime runs
  void ready(Thread& thread, Go how = Go::cont, std::optional<siginfo_t> deliver = {});
  void schedule(Space& space);
  bool refused_for(Thread& next);
  void look_again(Space& space);
  void part(Space& space);
  bool resume(Thread& thread);
  void hold(Thread& thread, bool held);
  Thread& longest_waiting(Space& space) const;
  bool anybody_runs(Space& space) const;
  bool all_asleep(Space& space) const;
  static bool falls_asleep(Thread& thread);
  static bool may_read_its_wait(const Thread& thread);
  bool regime_in_force(const Thread& thread) const;
  static Passage& passage_to(Space& space, const Regime& to);
  bool keep_apart(Space& space, const Passage& passage, Thread& executor);
  bool switch_regime(Space& space, const Regime& to, Thread& executor, bool fuse);
  void rotate(Space& space);
  void tick();
  bool fits(Space& space, const Regime& a, const Regime& b) const;
  void set_rights(Thread& thread, Pkru rights, Cause cause, RemoteAddr site,
                  Rule rule = Rule::none);

  // process.cc: births, exec, exits
  void on_clone(Thread& parent, StopKind kind);
  void on_exec(Thread& thread);
  void on_exec_done(Thread& thread);
  bool ends_orphan(Tid child, std::chrono::steady_clock::time_point seen);
  void end_orphans();
  void on_gone(Thread& thread, Stop stop);
  void adopt(Thread& child);
  Thread& add_thread(Tid tid, int process, std::shared_ptr<Space> space);
  void move_in(Thread& thread, std::shared_ptr<Space> space);
  void move_out(Thread& thread);
  void forget(Thread& thread);
  void forget_all();

  // guard.cc: the stub's pages and its calls, the sight of the program's memory
  bool guards_stub(Thread& thread, Regs& regs);
  void enter_prctl(Thread& thread, Regs& regs);
  static bool installs_filter(const Regs& regs);
  void enter_filter(Thread& thread, Regs& regs);
  void lengthen_filter(Thread& thread, Regs& regs, uint16_t length, RemoteAddr code);
  static void exit_filter(Thread& thread, Regs regs);
  bool answers_own_trace(Thread& thread, Regs& regs);
  void tell_filter_kill(Space& space, Tid tid);
  void give_up(Thread& thread, const std::string& why);

  // turns.cc: one memory call at a time
  bool take_turn(Thread& thread, const Regs& regs);
  void end_turn(Thread& thread);

  // syscalls.cc, mappings.cc: the memory and key calls
  void on_syscall_entry(Thread& thread);
  void on_syscall_exit(Thread& thread);
  void answer(Thread& thread, Regs& regs, int64_t result);
  void enter_affinity(Thread& thread, const Regs& regs);
  void enter_protect(Thread& thread, Regs& regs, std::optional<int> key);
  void enter_alloc(Thread& thread, Regs& regs);
  void enter_free(Thread& thread, Regs& regs);
  void exit_futex(Thread& thread, Regs regs);
  bool forbidden(Thread& thread, Regs& regs);
  static bool may_access(const Thread& thread, PageRange bytes, bool write);
  static bool may_use_word(const Thread& thread);
  void exit_map(Thread& thread, const Regs& regs);
  void exit_protect(Thread& thread, const Regs& regs);
  void exit_remap(Thread& thread, const Regs& regs);
  void exit_brk(Thread& thread, const Regs& regs);
  void reread_maps(Thread& thread, Cause cause);
  void map_region(Space& space, Tid tid, PageRange range, Region region, const std::string& name,
                  Cause cause, nlohmann::json detail);
  void unmap_region(Space& space, Tid tid, PageRange range, Cause cause);

  // masks.cc: blocked and ignored signals that are ours
  void enter_mask(Thread& thread, Regs& regs);
  void exit_mask(Thread& thread, const Regs& regs);
  static uint64_t strip_mask(Thread& thread);
  static void show_hidden(Thread& thread, RemoteAddr set, uint64_t hidden, const Regs& regs);
  void exit_pending(Thread& thread, const Regs& regs);
  void enter_signal_wait(Thread& thread, Regs& regs);
  void enter_signalfd(Thread& thread, const Regs& regs);
  void enter_masked_wait(Thread& thread, const Regs& regs);
  void enter_action(Thread& thread, Regs& regs);
  void exit_action(Thread& thread, const Regs& regs);

  // signals.cc: faults, gates, breakpoints, the program's signals
  void on_signal(Thread& thread, int signal);
  bool code_has_changed(Thread& thread, RemoteAddr at);
  bool lose_handler(Thread& thread, const siginfo_t& info);
  bool killed_over_rseq(Thread& thread, const siginfo_t& info, const Regs& regs);
  void on_segv(Thread& thread, siginfo_t info, const Regs& regs);
  bool take_regs(Thread& thread, Regs& regs);
  bool on_breakpoint(Thread& thread, Regs& regs);
  void cross(Thread& thread, RemoteAddr target, uint8_t compartment);
  Pkru rights_within(const Thread& thread, Key k) const;
  void close_for_others(const Thread& taker, Key key);
  void on_denied(Thread& thread, siginfo_t info, const Regs& regs, Key key);
  bool step_over(Thread& thread, Key key);
  void step_over_by_hand(int tid);

  // deliver.cc: signals on their way to the program
  bool keeps_masks() const;
  bool deliver(Thread& thread);
  void enter_handler(Thread& thread, const Regs& regs);
  void enter_sigreturn(Thread& thread, const Regs& regs);
  void exit_sigreturn(Thread& thread, const Regs& regs);
  bool by_default(Thread& thread, int signal);
  static bool stays_pending(const Thread& thread, const siginfo_t& info);
  void keep(Thread& thread, const siginfo_t& info);
  void release_kept(Thread& thread);

  // rights.cc: WRPKRU and RDPKRU
  bool on_rights_site(Thread& thread);
  bool on_gone_site(Thread& thread, Regs& regs);
  bool on_invalid_opcode(Thread& thread, Regs& regs);
  void patch(Space& space, RemoteAddr at, RightsSite& site);
  void execute_rights(Thread& thread, RemoteAddr at, const RightsSite& site, Regs& regs);
  void restore_rights_sites(Space& space, PageRange range);
  static void settle_late_trap(Thread& thread, Regs& regs);

  // modules.cc: the loader's list, TLS
  void scan_modules(Thread& thread);
  void add_module(Space& space, Tid tid, const std::string& path, uint64_t bias, uint64_t link_map,
                  bool is_main);
  void place_tls(Space& space, Module& module);
  void tell_late_blocks(Space& space, Tid tid, const Module& module);
  void close_gate(Space& space, const Module& module, Thread& executor);
  void module_relocated(Thread& thread, PageRange protected_now);
  void on_loader(Thread& thread);
  TlsConstants tls_constants(Space& space);
  ThreadTls read_tls(Space& space, RemoteAddr tp, const TlsConstants& libc);
  ThreadTls read_tls(Space& space, RemoteAddr tp) {
    return read_tls(space, tp, tls_constants(space));
  }
  std::shared_ptr<const ModuleFile> module_file(const std::string& path);
  bool set_breakpoint(Space& space, RemoteAddr at, Breakpoint::Kind kind);
  void clear_breakpoint(Space& space, RemoteAddr at);
  void find_startup(Thread& thread);

  // apply.cc: policies, live
  void startup(Thread& thread);
  std::vector<PlannedStep> plan_modules(Space& space, const std::vector<const Module*>& modules,
                                        Tid tid);
  std::vector<PlannedStep> plan_thread(Space& space, Thread& thread,
                                       const std::vector<const Module*>* only, const Policy& policy,
                                       Rounding rounding, bool at_startup, bool log_findings);
  nlohmann::json apply(Space& space, Thread* executor, const std::vector<PlannedStep>& steps,
                       PolicyWhy why, Cause cause, const Policy* next = nullptr,
                       std::optional<Rounding> rounding = {});
  std::vector<PlannedStep> plan_demand(Space& space, const Policy& policy, Rounding rounding);
  nlohmann::json apply_on_demand(Space& space, const Policy& policy, Rounding rounding,
                                 Cause cause);
  void allocate_keys(Space& space, Thread& executor);
  void allocate_key(Space& space, Thread& executor, Key key);
  void keep_found(Space& space, PageRange range);

  // control.cc: pause, continue, commands
  void command(const CommandMessage& message);
  nlohmann::json do_command(const nlohmann::json& command);
  nlohmann::json do_stopped(const nlohmann::json& command, const std::string& what);
  void pause(const char* why, Thread* thread);
  void pause(const PauseAsked& asked);
  void stand_paused(const Event& stop);
  void stand_still();
  void go();

  // stand.cc: where each thread stands
  std::optional<uint64_t> call_of(const Thread& thread, const Regs& regs);
  void log_stand(Thread& thread);
  void log_stand(Thread& thread, Places& places, bool callers);
  void log_stands();

  // revert.cc: taking a step back
  void revert();
  void revert(Space& space);

  // pausing.cc: events that pause the program
  void set_pause_rules(const std::vector<std::string>& names);
  const PauseRule* pause_rule(EventKind kind, PageRange at) const;
  void note_pause(const Event& event);
  void pause_if_asked();

  // verify.cc: the model against the kernel
  static bool mappings_settled(const Space& space);
  static Thread* living_thread(const Space& space);
  std::vector<Mapping> kernel_list(Tid through) const;
  static std::vector<Difference> compare(const Space& space, const std::vector<Mapping>& kernel);
  struct Held {
    Tid through;  ///< the thread whose list was read
    std::vector<Difference> found;
  };
  std::optional<Held> held_to_kernel(Space& space);
  void grow_stacks(Space& space, const std::vector<Mapping>& kernel);
  bool follow(Space& space, Tid tid, const std::vector<Difference>& found, Cause cause);
  void check_model(Space& space);
  nlohmann::json verify(Space& space);

  // facts.cc: what a row's detail says
  uint32_t log(const Event& event);
  void mark(Space& space, Tid tid, const std::string& text);
  void finding(Space& space, Tid tid, FindingClass kind, const std::string& text,
               PageRange range = {});
  void finding_once(Space& space, Tid tid, FindingClass kind, const std::string& text,
                    PageRange range = {});
  void finding_alike(Space& space, Tid tid, FindingClass kind, const std::string& text,
                     PageRange range);
  void tell_counts(Space& space);
  void log_session();
  void log_tls(Thread& thread);
  void log_module(Space& space, Tid tid, const Module& module);
  void log_fault(Thread& thread, const siginfo_t& info, const Regs& regs, std::string outcome,
                 RemoteAddr address, std::optional<Key> key, const char* access,
                 const char* action);
  void log_signal(Thread& thread, const siginfo_t& info, bool handler, bool ignored);
  std::optional<Pkru> rights_of(Thread& thread);
  double now() const;

  LaunchConfig config_;
  EventBuffer& events_;
  CommandQueue& commands_;
  std::unique_ptr<KeyBackend> keys_;
  std::map<int, std::unique_ptr<Thread>> threads_;
  std::map<int, Process> processes_;
  std::set<std::shared_ptr<Space>> contended_;  ///< where somebody may be held
  /// New threads seen before their parent's event: tid -> when.
  std::map<int, std::chrono::steady_clock::time_point> early_stops_;
  std::deque<int> pending_;  ///< tids whose status waits for dispatch
  std::map<std::string, std::shared_ptr<const ModuleFile>> files_;
  Tid waker_{};
  int root_ = 0;
  std::vector<PauseRule> pause_rules_;
  std::optional<PauseAsked> pause_asked_;  ///< by an event of the stop that is being handled
  bool paused_ = false;                    ///< by the person, a rule or a denied access
  bool standing_ = false;                  ///< for the time of one command
  uint64_t run_counter_ = 0;
  uint64_t step_counter_ = 0;  ///< of what a person can take back
  /// While a stop is handled: registers that its thread still has.
  std::optional<std::pair<Tid, Regs>> unchanged_;
  Placement placement_;
  std::optional<Ticker> ticker_;  ///< while it runs
  /// Until then the program has its turn; none: the waker wakes the engine for the next command.
  std::optional<std::chrono::steady_clock::time_point> turn_ends_;
  std::chrono::microseconds slice_tick_ = kShortestTick;
  std::chrono::steady_clock::time_point next_look_;
  std::chrono::steady_clock::time_point started_, paused_since_;
  std::chrono::steady_clock::duration paused_for_{};
  std::chrono::steady_clock::time_point next_reread_;
};

}  // namespace keyhole
