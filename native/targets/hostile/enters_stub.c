// Jumps into Keyhole's code page, at its first byte and at each of the next; no more may come of it
// than of any wild jump.
#include "crowd.h"

int main(void) {
  two_keys();
  for (unsigned long offset = 0; offset < 64; offset++) {
    const pid_t child = fork();
    if (child == 0) {
      wrpkru(ONLY(1));
      alarm(2);
      ((void (*)(void))(0x500000000000ul + offset))();
      _exit(0);
    }
    const int status = status_of(child);
    EXPECT(WIFSIGNALED(status) || WIFEXITED(status));
  }
  return done();
}
