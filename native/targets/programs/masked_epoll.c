// Proves: epoll_pwait that its own mask lets a signal end, ends after the handler has run, also
// when the thread's turn is over just then: it has so many mappings that debug mode, which compares
// them at each stop, makes every stop longer than a turn. Hardware: the wait's mask is in force
// until the handler begins (epoll_pwait(2)).
#include "other_rights.h"

#include <sys/epoll.h>

enum { ROUNDS = 100, MAPPINGS = 4000 };
static char* const many = (char*)0x600000000000;
static volatile int handled;

static void handler(int number, siginfo_t* info, void* context) {
  (void)number, (void)info, (void)context;
  handled++;
}

int main(void) {
  sigset_t none;
  struct epoll_event event;
  const int how = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE;
  for (size_t i = 0; i < MAPPINGS; i++)  // with holes between them
    EXPECT(mmap(many + 2 * i * PAGE, PAGE, RW, how, -1, 0) == many + 2 * i * PAGE);
  on_signal(SIGUSR1, handler, 0);
  sigemptyset(&none);
  const int epoll = epoll_create1(0);
  start_other();
  for (int round = 0; round < ROUNDS; round++) {
    EXPECT(epoll_pwait(epoll, &event, 1, 60000, &none) == -1 && errno == EINTR);
    EXPECT(handled == round + 1);
    ++*(volatile char*)mine;
  }
  end_other();
  return done();
}
