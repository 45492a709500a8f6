// Proves: one WRPKRU, executed again and again: by several threads, in a child, with registers that
// fault, amid signals that look like breakpoints; and its bytes are the program's own when it
// looks. Hardware: an instruction stays what it is.
#include "../keys.h"

#include <pthread.h>
#include <sys/wait.h>
#include <ucontext.h>

enum { ROUNDS = 50, SIGNALS = 300 };
extern const unsigned char site[];
static volatile sig_atomic_t traps, faults;

__attribute__((noinline, noclone)) static void set(uint32_t rights, uint32_t ecx) {
  __asm__ volatile(".globl site\nsite: wrpkru" : : "a"(rights), "c"(ecx), "d"(0) : "memory");
}

static void count_trap(int number, siginfo_t* info, void* context) {
  (void)number, (void)info, (void)context;
  traps++;
}

static void skip(int number, siginfo_t* info, void* context) {
  (void)number;
  greg_t* rip = &((ucontext_t*)context)->uc_mcontext.gregs[REG_RIP];
  EXPECT(info->si_code == SI_KERNEL && *rip == (greg_t)site);
  *rip += 3;
  faults++;
}

static void* use(void* key) {
  for (int i = 0; i < ROUNDS; i++) {
    set(ONLY((long)key), 0);
    EXPECT(rdpkru() == ONLY((long)key));
  }
  return NULL;
}

static void* send(void* to) {
  // Each waits for the one before it: a lost one would be waited for in vain.
  for (int i = 0; i < SIGNALS; i++) {
    EXPECT(pthread_kill(*(pthread_t*)to, SIGTRAP) == 0);
    for (long spins = 0; traps == i; spins++) {
      EXPECT(spins < 20000);
      usleep(100);
    }
  }
  return NULL;
}

int main(void) {
  pthread_t thread[2], self = pthread_self();
  for (long key = 1; key <= 2; key++)
    EXPECT(pthread_create(&thread[key - 1], NULL, use, (void*)key) == 0);
  for (int i = 0; i < 2; i++) EXPECT(pthread_join(thread[i], NULL) == 0);

  on_signal(SIGSEGV, skip, 0);
  set(0, 1);
  EXPECT(faults == 1);

  pid_t child = fork();
  if (child == 0) {
    set(ONLY(3), 0);
    _exit(rdpkru() == ONLY(3) ? 0 : 1);
  }
  int status;
  EXPECT(waitpid(child, &status, 0) == child && status == 0);

  on_signal(SIGTRAP, count_trap, 0);
  EXPECT(pthread_create(&thread[0], NULL, send, &self) == 0);
  for (uint32_t i = 0; traps < SIGNALS; i++) set(ONLY(1 + i % 2), 0);
  EXPECT(pthread_join(thread[0], NULL) == 0);

  char* page_of_site = (char*)((uint64_t)site & ~(PAGE - 1));
  EXPECT(mprotect(page_of_site, PAGE, RW | PROT_EXEC) == 0);
  EXPECT(memcmp(site, "\x0f\x01\xef", 3) == 0);
  EXPECT(mprotect(page_of_site, PAGE, PROT_READ | PROT_EXEC) == 0);
  set(ONLY(4), 0);
  EXPECT(rdpkru() == ONLY(4));
  return done();
}
