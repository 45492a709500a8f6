// Signals with something to do in their handlers, and what a fault's handler does.
#include "ops.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <ucontext.h>

static volatile int kick_op, kicks_done;

/// A place in the output: relative to the arena; what differs from run to run is -1.
static long place_of(const void* address) {
  const long offset = (const char*)address - ARENA;
  return offset >= 0 && offset < (long)(ARENA_PAGES * PAGE) ? offset : -1;
}

static void leave(void) { siglongjmp(self->access.exit, 1); }

/// Handlers of signals that the program sent itself: the body, with the rights of a handler.
static void run_handler(int number) {
  const int op = self->body[number];
  self->body[number] = -1;
  if (op < 0) return;
  say(op, "handler %x", rdpkru());
  execute_body(op);
  if (self->leave_by_jump[number]) siglongjmp(self->handler_exit[number], 1);
}

static void on_segv(int number, siginfo_t* info, void* context) {
  if (info->si_code <= 0) return run_handler(number);
  greg_t* registers = ((ucontext_t*)context)->uc_mcontext.gregs;
  const long place = place_of(info->si_addr);
  if (info->si_code == SEGV_PKUERR)
    say(self->access.op, "key %d denies %lx, handler %x", info->si_pkey, place, rdpkru());
  else say(self->access.op, "fault %d at %lx, handler %x", info->si_code, place, rdpkru());
  if (++self->access.faults > 3) leave();
  switch (self->access.on_fault) {
    case SKIP:
      registers[REG_RIP] = (greg_t)self->access.resume;
      registers[REG_RSP] = (greg_t)self->access.stack;
      break;
    case MEND: {
      if (place < 0) leave();
      const int protection = place < CODE_PLACE ? RW : PROT_READ | PROT_EXEC;
      syscall(SYS_pkey_mprotect, ARENA + (place & -(long)PAGE), PAGE, protection, 0);
      break;
    }
    case OPEN:
      wrpkru(0);
      break;
    default:
      leave();
  }
}

static void on_other(int number, siginfo_t* info, void* context) {
  (void)context;
  (void)info;
  run_handler(number);
}

static void on_kick(int number, siginfo_t* info, void* context) {
  (void)number, (void)info, (void)context;
  say(kick_op, "kicked %x", rdpkru());
  kicks_done++;
  syscall(SYS_futex, &kicks_done, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static void on_tick(int number, siginfo_t* info, void* context) {
  (void)number, (void)info, (void)context;
  if (rdpkru() != INIT_PKRU) ticks_wrong++;
}

void install_handlers(void) {
  on_signal(SIGSEGV, on_segv, SA_ONSTACK);
  static const int raised[] = {SIGILL, SIGTRAP, SIGBUS, SIGUSR1, SIGUSR2, 40};
  for (size_t i = 0; i < sizeof raised / sizeof *raised; i++)
    on_signal(raised[i], on_other, SA_ONSTACK | SA_RESTART);
  on_signal(KICK_SIGNAL, on_kick, SA_ONSTACK | SA_RESTART);
  on_signal(TICK_SIGNAL, on_tick, SA_ONSTACK | SA_RESTART);
}

void raise_signal(int op) {
  const int number = (int)program.ops[op].args[0];
  self->body[number] = op;
  self->leave_by_jump[number] = (int)program.ops[op].args[1];
  if (sigsetjmp(self->handler_exit[number], 1) == 0) {
    tgkill(getpid(), gettid(), number);
    // Where the signal is blocked its handler runs later, when there is nothing left to jump to.
    self->leave_by_jump[number] = 0;
    say(op, "back");
  } else {
    say(op, "jumped, rights %x", rdpkru());
  }
}

void kick(int op) {
  const int seen = kicks_done;
  kick_op = op;
  tgkill(getpid(), tids[program.ops[op].args[0]], KICK_SIGNAL);
  while (kicks_done == seen)
    syscall(SYS_futex, &kicks_done, FUTEX_WAIT_PRIVATE, seen, NULL, NULL, 0);
}

void change_mask(int op) {
  sigset_t set, before;
  sigemptyset(&set);
  sigaddset(&set, (int)program.ops[op].args[1]);
  EXPECT(sigprocmask(program.ops[op].args[0] == 0 ? SIG_BLOCK : SIG_UNBLOCK, &set, &before) == 0);
  uint64_t bits;
  memcpy(&bits, &before, sizeof bits);
  say(op, "blocked before: %lx", bits);
}

void set_alternate_stack(int op) {
  const long place = program.ops[op].args[0];
  stack_t stack = {.ss_sp = ARENA + place, .ss_size = 4 * PAGE};
  if (place == NO_PLACE) stack.ss_flags = SS_DISABLE;
  if (place == OWN_PLACE)
    stack.ss_sp = self->alternate_stack, stack.ss_size = sizeof self->alternate_stack;
  say(op, "sigaltstack %d", sigaltstack(&stack, NULL) == 0 ? 0 : errno);
}

void start_ticks(int op) {
  timer_t timer;
  struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = TICK_SIGNAL};
  const long ns = program.ops[op].args[0] * 1000;
  const struct itimerspec every = {.it_interval = {0, ns}, .it_value = {0, ns}};
  EXPECT(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
  EXPECT(timer_settime(timer, 0, &every, NULL) == 0);
}
