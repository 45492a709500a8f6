// What each operation of a random program does.
#include "ops.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <sys/rseq.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/// What glibc 2.36 registers (sysdeps/nptl/dl-tls_init_tp.c).
enum { RSEQ_SIZE = 32 };

static long errno_of(long result) { return result < 0 ? -errno : result; }

/// The instruction in an asm statement that notes where it ends and which stack it began with.
#define NOTED(instruction) \
  "lea 1f(%%rip), %%r11\n\tmov %%r11, %[resume]\n\tmov %%rsp, %[stack]\n\t" instruction "\n1:"
#define NOTES [resume] "=m"(self->access.resume), [stack] "=m"(self->access.stack)

static uint64_t run_access(const struct Op* op) {
  char* at = ARENA + op->args[0];
  uint64_t value = 0x5a5a5a5a5a5a5a5a;
  switch (op->name) {
    case op_load:
      if (op->args[1] == 1)
        __asm__ volatile(NOTED("movb (%[at]), %b[v]")
                         : [v] "+r"(value), NOTES
                         : [at] "r"(at)
                         : "r11", "memory");
      else
        __asm__ volatile(NOTED("movq (%[at]), %[v]")
                         : [v] "+r"(value), NOTES
                         : [at] "r"(at)
                         : "r11", "memory");
      break;
    case op_store:
      if (op->args[1] == 1)
        __asm__ volatile(NOTED("movb %b[v], (%[at])")
                         : [v] "+r"(value), NOTES
                         : [at] "r"(at)
                         : "r11", "memory");
      else
        __asm__ volatile(NOTED("movq %[v], (%[at])")
                         : [v] "+r"(value), NOTES
                         : [at] "r"(at)
                         : "r11", "memory");
      break;
    case op_copy: {
      const char* from = ARENA + op->args[1];
      uint64_t left = (uint64_t)op->args[2];
      __asm__ volatile(NOTED("rep movsb")
                       : "+D"(at), "+S"(from), "+c"(left), NOTES
                       :
                       : "r11", "memory");
      value = left;
      break;
    }
    case op_call:
      // The page begins with RET.
      __asm__ volatile(NOTED("call *%[at]") : NOTES : [at] "r"(at) : "r11", "memory");
      break;
    case op_badwr:
      __asm__ volatile(NOTED("wrpkru") : NOTES : "a"(0), "c"(1), "d"(0) : "r11", "memory");
      break;
    default:
      break;
  }
  return value;
}

void access_memory(int index) {
  const struct Op* op = &program.ops[index];
  static const int place_of_mode[] = {
      [op_load] = 2, [op_store] = 2, [op_copy] = 3, [op_call] = 1, [op_badwr] = 0};
  const enum OnFault on_fault = (enum OnFault)op->args[place_of_mode[op->name]];
  // Accesses nest where a handler's body has some: what was in flight comes back at the end.
  const struct Access before = self->access;
  self->access = (struct Access){.op = index, .on_fault = on_fault};
  if (on_fault == JUMP) self->access.rights = rdpkru();
  if (on_fault == DIE) signal(SIGSEGV, SIG_DFL);
  if (sigsetjmp(self->access.exit, 1) == 0) say(index, "done %lx", run_access(op));
  else {
    say(index, "left");
    if (on_fault == JUMP) wrpkru(self->access.rights);
  }
  self->access = before;
}

/// Registers only: nothing of the process may be touched while key 0 is closed, not by the kernel
/// either, which writes the rseq area whenever it preempts: that is given up before.
static uint8_t load_with(uint32_t rights, uint32_t back, const char* at) {
  uint64_t value = 0;
  syscall(SYS_rseq, (char*)__builtin_thread_pointer() + __rseq_offset, RSEQ_SIZE,
          RSEQ_FLAG_UNREGISTER, RSEQ_SIG);
  __asm__ volatile("wrpkru\n\tmovb (%[at]), %b[v]\n\tmov %k[back], %%eax\n\twrpkru"
                   : [v] "+r"(value), "+a"(rights)
                   : [at] "r"(at), [back] "r"(back), "c"(0), "d"(0)
                   : "memory");
  return (uint8_t)value;
}

static void in_child(int index) {
  const pid_t child = fork();
  if (child == 0) {
    execute_body(index);
    _exit(7);
  }
  int status = 0;
  while (waitpid(child, &status, 0) != child)
    if (errno != EINTR) break;
  say(index, "child %x", status);
}

static long system_write(const struct Op* op) {
  int ends[2];
  EXPECT(pipe2(ends, O_NONBLOCK) == 0);
  const long result = errno_of(write(ends[1], ARENA + op->args[0], (size_t)op->args[1]));
  close(ends[0]);
  close(ends[1]);
  return result;
}

static long system_read(const struct Op* op) {
  const int zero = open("/dev/zero", O_RDONLY | O_CLOEXEC);
  const long result = errno_of(read(zero, ARENA + op->args[0], (size_t)op->args[1]));
  close(zero);
  return result;
}

static long make_code(char* at) {
  void* page = mmap(at, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  if (page != at) return -errno;
  memset(at, RET, PAGE);
  return errno_of(mprotect(at, PAGE, PROT_READ | PROT_EXEC));
}

static void touch_stack(long count) {
  volatile char* space = __builtin_alloca((size_t)count * PAGE);
  for (long i = 0; i < count; i++) space[(size_t)i * PAGE] = 1;
}

static void pass_gate(int index) {
  const uint32_t rights = rdpkru();
  wrpkru(ONLY(program.ops[index].args[0]));
  execute_body(index);
  wrpkru(rights);
}

static void begin_again(int index) {
  say(index, "again");
  execv("/proc/self/exe", (char*[]){"random", "--again", NULL});
  _exit(126);
}

void execute_body(int index) {
  for (int i = index + 1; i < program.ops[index].end; i = program.ops[i].end) execute(i);
}

/// Operations that are one call with one result.
static long call_result(const struct Op* op) {
  const long* a = op->args;
  char* at = ARENA + a[0];
  const size_t size = (size_t)a[1];
  switch (op->name) {
    case op_alloc:
      return syscall(SYS_pkey_alloc, a[0], a[1]);
    case op_free:
      return syscall(SYS_pkey_free, a[0]);
    case op_tag:
      return syscall(SYS_pkey_mprotect, at, size, a[2], (int)a[3]);
    case op_prot:
      return mprotect(at, size, (int)a[2]);
    case op_map:
      return mmap(at, size, (int)a[2], (int)a[3] | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == at ? 0 : -1;
    case op_unmap:
      return munmap(at, size);
    case op_remap:
      return mremap(at, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, ARENA + a[2]) == ARENA + a[2]
                 ? 0
                 : -1;
    case op_drop:
      return madvise(at, size, MADV_DONTNEED);
    default:  // op_futex: the word is never 0x12345678
      return syscall(SYS_futex, at, FUTEX_WAIT, 0x12345678, NULL, NULL, 0);
  }
}

void execute(int index) {
  const struct Op* op = &program.ops[index];
  const long* a = op->args;
  switch (op->name) {
    case op_alloc:
    case op_free:
    case op_tag:
    case op_prot:
    case op_map:
    case op_unmap:
    case op_remap:
    case op_drop:
    case op_futex:
      return say(index, "= %ld", errno_of(call_result(op)));
    case op_sysw:
      return say(index, "= %ld", system_write(op));
    case op_sysr:
      return say(index, "= %ld", system_read(op));
    case op_code:
      return say(index, "= %ld", make_code(ARENA + a[0]));
    case op_load:
    case op_store:
    case op_copy:
    case op_call:
    case op_badwr:
      return access_memory(index);
    case op_rd:
      return say(index, "rights %x", rdpkru());
    case op_wr:
      return wrpkru((uint32_t)a[0]);
    case op_set:
      return wrpkru((rdpkru() & ~(3u << (2 * a[0]))) | (uint32_t)a[1] << (2 * a[0]));
    case op_zero:
      return say(index, "value %x", load_with((uint32_t)a[0], rdpkru(), ARENA + a[1]));
    case op_gate:
      return pass_gate(index);
    case op_loop:
      for (long i = 0; i < a[0]; i++) execute_body(index);
      return;
    case op_raise:
      return raise_signal(index);
    case op_kick:
      return kick(index);
    case op_mask:
      return change_mask(index);
    case op_alt:
      return set_alternate_stack(index);
    case op_tick:
      return start_ticks(index);
    case op_spawn:
      return spawn_thread((int)a[0]);
    case op_fork:
      return in_child(index);
    case op_kill:
      kill(getpid(), (int)a[0]);
      return;
    case op_again:
      return begin_again(index);
    case op_stack:
      return touch_stack(a[0]);
    case op_nap:
      usleep((useconds_t)a[0]);
      return;
    case op_yield:
      sched_yield();
      return;
    case op_par:
    case op_spin:
      return;
  }
}
