// A random program: operations as text, run by one or more threads. The text is a list of words:
//   [THREAD:]NAME ARGUMENT… [{ BODY }]   numbers are hexadecimal, places are offsets into the arena
// Operations of the outermost list run one after another, whatever their threads; those in `par {
// }` run at once, each thread's own in order. What an operation saw is its line of the output.
#pragma once
#include "../keys.h"

enum { MAX_OPS = 512, MAX_ARGS = 4, MAX_THREADS = 8, ARENA_PAGES = 16 };
/// From here on the arena holds code only.
enum { CODE_PLACE = 0xc000, RET = 0xc3 };
/// Alternate stacks that are not in the arena: none, and one of the thread's own.
enum { NO_PLACE = 0xffff, OWN_PLACE = 0xfffe };
enum { KICK_SIGNAL = 41, TICK_SIGNAL = 42 };
/// Where nothing else is ever mapped, so that a hole stays a hole.
#define ARENA ((char*)0x10000000000ul)

/// How a fault caught in an operation goes on.
enum OnFault {
  JUMP,          ///< siglongjmp out of the handler; the rights from before are put back
  JUMP_KEEPING,  ///< … the handler's rights stay
  SKIP,          ///< return past the instruction
  MEND,          ///< the page gets key 0 and every protection, the instruction runs again
  OPEN,          ///< the handler opens every key and returns: sigreturn takes that back; then JUMP
  DIE,           ///< no handler
};

#define OPS(X)                                                                                   \
  X(par, 0)   /* { } run by the threads named inside, at once */                                 \
  X(spawn, 1) /* start thread T; it inherits the rights */                                       \
  X(alloc, 2) /* pkey_alloc(flags, rights) */                                                    \
  X(free, 1)  /* pkey_free(key) */                                                               \
  X(tag, 4)   /* pkey_mprotect(place, size, protection, key) */                                  \
  X(prot, 3)  /* mprotect(place, size, protection) */                                            \
  X(map, 4)   /* mmap(place, size, protection, MAP_PRIVATE 2 or MAP_SHARED 1) */                 \
  X(unmap, 2) /* munmap(place, size) */                                                          \
  X(remap, 3) /* mremap(place, size, to) */                                                      \
  X(drop, 2)  /* madvise(place, size, MADV_DONTNEED) */                                          \
  X(code, 1)  /* a fresh page of code at place */                                                \
  X(wr, 1)    /* WRPKRU with the value */                                                        \
  X(set, 2)   /* the two bits of one key: key, rights */                                         \
  X(rd, 0)    /* RDPKRU */                                                                       \
  X(badwr, 1) /* WRPKRU with ECX 1; OnFault */                                                   \
  X(zero, 2)  /* WRPKRU value, a load from place, WRPKRU back: registers only */                 \
  X(load, 3)  /* place, 1 or 8 bytes, OnFault */                                                 \
  X(store, 3) /* place, 1 or 8 bytes, OnFault */                                                 \
  X(copy, 4)  /* rep movsb: to, from, size, OnFault */                                           \
  X(call, 2)  /* execute at place; OnFault */                                                    \
  X(sysw, 2)  /* write(2) from place, size */                                                    \
  X(sysr, 2)  /* read(2) to place, size */                                                       \
  X(futex, 1) /* FUTEX_WAIT that does not match, on the word at place */                         \
  X(raise, 2) /* { } in the handler of the signal sent to oneself; 1 = leave by siglongjmp */    \
  X(kick, 1)  /* a signal to thread T, which sleeps or waits for its turn */                     \
  X(mask, 2)  /* SIG_BLOCK 0 or SIG_UNBLOCK 1, signal */                                         \
  X(alt, 1)   /* signals on an alternate stack at place; ffff: none, fffe: outside the arena */  \
  X(gate, 1)  /* { } with only this key open */                                                  \
  X(loop, 1)  /* { } so many times */                                                            \
  X(fork, 0)  /* { } in a child */                                                               \
  X(kill, 1)  /* a signal to one's own process */                                                \
  X(again,                                                                                       \
    0) /* execve of this program: its exit status says whether it began with the right rights */ \
  X(stack, 1) /* touch so many pages of stack */                                                 \
  X(nap, 1)   /* sleep so many microseconds */                                                   \
  X(yield, 0) /* sched_yield */                                                                  \
  X(tick, 1)  /* a signal every so many microseconds until the end */                            \
  X(spin, 0)  /* threads wait for their turn by sched_yield instead of futex */

enum OpName {
#define NAME(name, count) op_##name,
  OPS(NAME)
#undef NAME
};

struct Op {
  enum OpName name;
  int thread;
  long args[MAX_ARGS];
  int end;   ///< first operation after the body; the next one where there is none
  int need;  ///< so many must be done before it may begin
};

/// What one operation printed: everything while there is room, a hash over all of it where there is
/// not.
struct Line {
  size_t size;
  int overflowed;
  uint64_t hash;
  char text[200];
};

struct Program {
  struct Op ops[MAX_OPS];
  int length;
  int total;  ///< operations that count for `need`
};

/// An access in flight: whose it is, how a fault goes on, and where.
struct Access {
  int op, faults;
  enum OnFault on_fault;
  uint32_t rights;
  uint64_t resume, stack;
  sigjmp_buf exit;
};

/// One thread.
struct Self {
  int index;
  struct Access access;
  // The operation whose body each signal's handler runs (-1: none), and how it leaves.
  int body[65], leave_by_jump[65];
  sigjmp_buf handler_exit[65];
  char alternate_stack[0x80000];
};

extern struct Program program;
extern struct Line* lines;
extern __thread struct Self* self;
extern volatile int ticks_wrong;

/// Adds to the line of operation `op`. Callable in a handler.
void say(int op, const char* format, ...) __attribute__((format(printf, 2, 3)));
/// Parses the words; ends the process with a message when they are no program.
void parse(const char* text);
/// Executes one operation and its body.
void execute(int op);
/// Executes the body of operation `op`.
void execute_body(int op);
void install_handlers(void);
void raise_signal(int op);
/// Sends a signal to another thread and waits until its handler has run.
void kick(int op);
void change_mask(int op);
void set_alternate_stack(int op);
void start_ticks(int op);
/// Loads, stores, executes with faults caught; the operation says what and how.
void access_memory(int op);
extern volatile int tids[MAX_THREADS];
void spawn_thread(int index);
