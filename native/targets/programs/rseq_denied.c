// Proves: a thread whose rseq area lies on a page that its rights deny is killed when it is
// preempted; while they allow the page, nothing happens. Hardware: the kernel writes the area with
// the thread's own rights and forces SIGSEGV, si_code SI_KERNEL, no handler (kernel/rseq.c,
// __rseq_handle_notify_resume; measured with Linux 6.1).
#include "../keys.h"

#include <pthread.h>
#include <stddef.h>
#include <sys/rseq.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum { STACK = 64 * PAGE, TCB_ALIGNMENT = 64 };  // glibc, TCB_ALIGNMENT

static char* area(void) { return (char*)__builtin_thread_pointer() + __rseq_offset; }

/// Where the area lies under the end of a stack that a thread is given.
static void* measures(void* end) { return (void*)((char*)end - area()); }

static void* on_stack(char* start, size_t size, void* (*run)(void*), void* argument) {
  pthread_attr_t attributes;
  pthread_t thread;
  void* answer = NULL;
  EXPECT(pthread_attr_init(&attributes) == 0);
  EXPECT(pthread_attr_setstack(&attributes, start, size) == 0);
  EXPECT(pthread_create(&thread, &attributes, run, argument) == 0);
  EXPECT(pthread_join(thread, &answer) == 0);
  return answer;
}

/// Yields its processor a while, with the area's page allowed; then with it denied.
static void* loses_area(void* unused) {
  (void)unused;
  char* page = (char*)((uintptr_t)area() & ~(PAGE - 1));
  EXPECT((uintptr_t)__builtin_thread_pointer() < (uintptr_t)page);
  EXPECT(syscall(SYS_pkey_mprotect, page, PAGE, RW, 1) == 0);
  wrpkru(ONLY(1));
  for (int i = 0; i < 100; i++) syscall(SYS_sched_yield);
  show("area", (uint64_t)area());
  wrpkru(ONLY(2));
  for (int i = 0; i < 1000; i++) usleep(1000);
  return NULL;
}

int main(void) {
  EXPECT(__rseq_size > 0);
  EXPECT(pkey_alloc(0, 0) == 1 && pkey_alloc(0, 0) == 2);
  char* stack = pages(STACK / PAGE + 1);
  const size_t under = (size_t)on_stack(stack, STACK, measures, stack + STACK);
  // An end that puts the area on the page after the TCB's; the TCB is aligned, the area is not.
  const size_t size = STACK - PAGE + under + (STACK - under) % TCB_ALIGNMENT;
  const pid_t child = fork();
  if (child == 0) {
    on_stack(stack, size, loses_area, NULL);
    _exit(3);
  }
  int status;
  EXPECT(waitpid(child, &status, 0) == child);
  EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
  return done();
}
