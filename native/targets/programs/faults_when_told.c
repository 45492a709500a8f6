// Proves: a program that is left stopped at its fault stands at the instruction that raised it, and
// raises it once when it goes on. It says `ready`, waits for a line and reads where nothing is;
// with a word as its argument it has a handler, which says that it was entered. Hardware: nothing
// special.
#include "../keys.h"

static volatile int entered;

static void handler(int number, siginfo_t* info, void* context) {
  (void)context;
  dprintf(1, "entered %d: %d at %p\n", ++entered, number, info->si_addr);
  _exit(6);
}

int main(int argc, char** argv) {
  char line[16];
  (void)argv;
  if (argc > 1) on_signal(SIGSEGV, handler, 0);
  dprintf(1, "ready\n");
  (void)!fgets(line, sizeof line, stdin);
  return *(volatile char*)0x1230;
}
