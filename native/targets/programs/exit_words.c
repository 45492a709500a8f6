// Proves: what the kernel writes for a thread that ends, it writes with that thread's rights: the
// word of set_tid_address and a robust futex are cleared when they allow it, and stay as they are
// when they do not. Hardware: put_user in mm_release obeys PKRU (kernel/fork.c, kernel/futex).
#include "../keys.h"

#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>

struct words {
  struct robust_list_head head;
  struct robust_list entry;
  volatile uint32_t futex, tid;
};
static struct words* words;
static volatile pid_t ending;

static void* ends(void* rights) {
  words->head.list.next = &words->entry;
  words->head.futex_offset = (long)&words->futex - (long)&words->entry;
  words->head.list_op_pending = NULL;
  words->entry.next = &words->head.list;
  words->tid = words->futex = (uint32_t)gettid();
  EXPECT(syscall(SYS_set_robust_list, &words->head, sizeof words->head) == 0);
  EXPECT(syscall(SYS_set_tid_address, &words->tid) == gettid());
  ending = gettid();
  wrpkru((uint32_t)(uintptr_t)rights);
  syscall(SYS_exit, 0);
  return NULL;
}

static void run(uint32_t rights) {
  char task[64];
  pthread_t thread;
  EXPECT(pthread_create(&thread, NULL, ends, (void*)(uintptr_t)rights) == 0);
  while (ending == 0) usleep(1000);
  // It has left the list of tasks after both words were written (kernel/exit.c, do_exit).
  snprintf(task, sizeof task, "/proc/self/task/%d", ending);
  while (access(task, F_OK) == 0) usleep(1000);
  ending = 0;
}

int main(void) {
  words = (struct words*)pages(1);
  EXPECT(pkey_alloc(0, 0) == 1);
  EXPECT(pkey_mprotect(words, PAGE, RW, 1) == 0);
  run(ONLY(1));
  EXPECT(words->tid == 0 && (words->futex & FUTEX_OWNER_DIED));
  memset(words, 0, sizeof *words);
  run(ONLY(2));
  EXPECT(words->tid != 0 && words->futex == words->tid);
  return done();
}
