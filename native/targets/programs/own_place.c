// Proves: a program sees and sets its own affinity, wherever a tracer has it run: while it makes
// many traced calls, for a thread and a process born then, and when it calls no more. Hardware: the
// same without any tracer.
#include "../keys.h"

#include <pthread.h>
#include <sched.h>
#include <sys/wait.h>

enum { CALLS = 3000 };
static char* page;

static void many_calls(void) {
  for (int i = 0; i < CALLS; i++) EXPECT(mprotect(page, PAGE, i & 1 ? RW : PROT_READ) == 0);
}

/// The first 64 processors of the calling thread's mask, by the kernel's list: no call is traced.
static uint64_t mask_in_proc(void) {
  char line[256];
  uint64_t mask = 0;
  FILE* status = fopen("/proc/thread-self/status", "r");
  EXPECT(status != NULL);
  while (fgets(line, sizeof line, status) != NULL) {
    if (strncmp(line, "Cpus_allowed:", 13) != 0) continue;
    // Groups of eight digits between commas, the first processors last.
    for (char* at = line + 13; *at != '\0' && *at != '\n'; at++)
      if (*at != ',' && *at != '\t')
        mask = mask << 4 | (uint64_t)(*at <= '9' ? *at - '0' : *at - 'a' + 10);
  }
  fclose(status);
  return mask;
}

static uint64_t mask_by_call(void) {
  cpu_set_t set;
  uint64_t mask = 0;
  EXPECT(sched_getaffinity(0, sizeof set, &set) == 0);
  for (unsigned cpu = 0; cpu < 64; cpu++)
    if (CPU_ISSET(cpu, &set)) mask |= 1ull << cpu;
  return mask;
}

/// Where nobody moves it back, it waits in vain.
static void waits_for_place(uint64_t mask) {
  while (mask_in_proc() != mask) usleep(20000);
}

static void* newborn(void* own) {
  EXPECT(mask_in_proc() == *(uint64_t*)own);
  return NULL;
}

int main(int argc, char** argv) {
  page = pages(1);
  uint64_t own = mask_by_call();
  EXPECT(mask_in_proc() == own);
  usleep(200000);  // whoever has asked is left where it is for a while
  // Whoever wants to see it placed gives a slow machine several tries.
  for (int tries = argc > 1 ? atoi(argv[1]) : 1; tries > 0 && mask_in_proc() == own; tries--)
    many_calls();
  show("busy", mask_in_proc());
  show("own", own);

  pthread_t thread;
  EXPECT(pthread_create(&thread, NULL, newborn, &own) == 0);
  EXPECT(pthread_join(thread, NULL) == 0);
  many_calls();
  pid_t child = fork();
  if (child == 0) _exit(mask_in_proc() == own && mask_by_call() == own ? 0 : 1);
  int status;
  EXPECT(waitpid(child, &status, 0) == child && status == 0);

  many_calls();
  EXPECT(mask_by_call() == own);
  usleep(200000);
  many_calls();
  waits_for_place(own);

  // From here on it says itself where it runs.
  cpu_set_t last;
  CPU_ZERO(&last);
  CPU_SET((unsigned)(63 - __builtin_clzll(own)), &last);
  EXPECT(sched_setaffinity(0, sizeof last, &last) == 0);
  many_calls();
  EXPECT(mask_in_proc() == 1ull << (63 - __builtin_clzll(own)) && mask_by_call() == mask_in_proc());
  return done();
}
