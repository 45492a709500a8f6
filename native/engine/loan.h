// A stopped thread that runs something of ours for a moment.
#pragma once
#include <csignal>

#include "tracee/ptrace.h"

namespace keyhole {

/// The signals that the engine itself waits for while a thread runs code of ours.
inline constexpr uint64_t kEngineSignals =
    1ull << (SIGSEGV - 1) | 1ull << (SIGILL - 1) | 1ull << (SIGTRAP - 1);

/// A thread on loan: its registers and its signal mask are put back at scope exit. Meanwhile the
/// kernel keeps the program's signals, so that none is lost and none interrupts us. Those let
/// through are for us to hear, unless the program has them blocked: then one may be pending, which
/// is not to come out now.
class Loan {
 public:
  explicit Loan(Tid tid, uint64_t let_through)
      : tid_(tid), ok_(get_regs(tid, regs_) && get_sigmask(tid, mask_)) {
    if (ok_) set_sigmask(tid, ~let_through | (mask_ & kEngineSignals));
  }
  ~Loan() {
    if (!ok_) return;
    set_regs(tid_, regs_);
    set_sigmask(tid_, mask_);
  }
  Loan(const Loan&) = delete;
  Loan& operator=(const Loan&) = delete;
  bool ok() const { return ok_; }
  const Regs& regs() const { return regs_; }
  /// Whether the program has this signal blocked.
  bool blocks(int signal) const { return mask_ & 1ull << (signal - 1); }
  /// Where the thread goes on instead.
  void give_back(const Regs& regs) { regs_ = regs; }

 private:
  Tid tid_;
  Regs regs_{};
  uint64_t mask_ = 0;
  bool ok_;
};

}  // namespace keyhole
