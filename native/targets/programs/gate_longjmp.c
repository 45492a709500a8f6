// Proves: a callback that leaves by longjmp over the library's frames comes back into its own
// compartment. Hardware: plain calls; a virtual gate follows where the code runs, not who returns.
#include "../keys.h"
#include "gate_lib.h"

static jmp_buf out;
static long rounds;

static long back(long n) {
  rounds += n;
  longjmp(out, 1);
}

int main(void) {
  for (volatile int i = 0; i < 10; i++) {
    if (setjmp(out) == 0) {
      gate_call_back(back, 1);
      EXPECT(!"longjmp came back");
    }
  }
  EXPECT(rounds == 10 && gate_add(1) == 112);
  return done();
}
