// Execs itself from a thread that is not the first, again and again, while others run, are held,
// sleep and are blocked.
#include "crowd.h"

static char** arguments;
static int left;

static void* execs(void* unused) {
  sleep_us(left * 331 % 4000);
  char number[16];
  snprintf(number, sizeof number, "%d", left - 1);
  execl(arguments[0], arguments[0], number, NULL);
  return unused;
}

int main(int argc, char** argv) {
  arguments = argv;
  left = argc > 1 ? atoi(argv[1]) : 12;
  if (left == 0) return done();
  two_keys();
  crowd_starts();
  pthread_t thread;
  EXPECT(pthread_create(&thread, NULL, execs, NULL) == 0);
  if (left % 2) pthread_exit(NULL);  // the exec finds the first thread gone
  for (;;) pause();
}
