// Proves: signals that come at any moment, in the middle of a change of rights too, leave rights
// and counts right. Hardware: each frame keeps the interrupted rights (pkeys(7)).
#include "../keys.h"

#include <sys/time.h>

static volatile int ticks, wrong;

static void handler(int number, siginfo_t* info, void* context) {
  (void)number, (void)info, (void)context;
  ticks++;
  if (rdpkru() != INIT_PKRU) wrong++;
}

int main(void) {
  char* page[3];
  for (int key = 1; key <= 2; key++) {
    page[key] = pages(1);
    EXPECT(pkey_alloc(0, 0) == key);
    EXPECT(pkey_mprotect(page[key], PAGE, RW, key) == 0);
  }
  on_signal(SIGALRM, handler, SA_RESTART);
  struct itimerval every = {{0, 2000}, {0, 2000}};
  EXPECT(setitimer(ITIMER_REAL, &every, NULL) == 0);
  for (long i = 0; ticks < 50; i++) {
    int key = 1 + i % 2;
    wrpkru(ONLY(key));
    ++*(volatile long*)page[key];
    EXPECT(rdpkru() == ONLY(key));
  }
  EXPECT(wrong == 0);
  return done();
}
