// Proves: calls into and out of a library nobody rebuilt, with its data, TLS and callbacks, work as
// virtual gates. Hardware: no gates of its own: without Keyhole these are plain calls.
#include "../keys.h"
#include "gate_lib.h"

enum { CALLS = 50 };
static long calls_back;

static long back(long n) {
  calls_back++;
  return n;
}

int main(void) {
  for (long i = 1; i <= CALLS; i++) EXPECT(gate_add(1) == 110 + 2 * i);
  for (long i = 1; i <= CALLS; i++) EXPECT(gate_call_back(back, 1) == 100 + CALLS + i);
  EXPECT(calls_back == CALLS);
  long copy;
  gate_copy(&copy);
  EXPECT(copy == 100 + 2 * CALLS);
  return done();
}
