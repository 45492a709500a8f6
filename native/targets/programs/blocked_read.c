// Proves: a thread of compartment 1 sleeps in read() with a buffer of its own while another runs in
// compartment 2; when the bytes come they land in its buffer. Hardware: the copy is made with the
// sleeping thread's rights.
#include "../keys.h"

#include <pthread.h>

static int pipes[2];
static char* buffer;

static void* reader(void* unused) {
  (void)unused;
  wrpkru(ONLY(1));
  EXPECT(read(pipes[0], buffer, 16) == 5);
  EXPECT(memcmp(buffer, "hello", 5) == 0);
  return NULL;
}

int main(void) {
  EXPECT(pkey_alloc(0, 0) == 1 && pkey_alloc(0, 0) == 2 && pipe(pipes) == 0);
  buffer = pages(1);
  char* other = pages(1);
  EXPECT(pkey_mprotect(buffer, PAGE, RW, 1) == 0 && pkey_mprotect(other, PAGE, RW, 2) == 0);
  pthread_t thread;
  EXPECT(pthread_create(&thread, NULL, reader, NULL) == 0);
  wrpkru(ONLY(2));
  for (int i = 0; i < 20; i++) {
    usleep(1000);
    other[i] = 1;
    EXPECT(rdpkru() == ONLY(2));
  }
  EXPECT(write(pipes[1], "hello", 5) == 5);
  EXPECT(pthread_join(thread, NULL) == 0);
  show("page", (uint64_t)buffer);
  EXPECT(!may_read(buffer) && caught.key == 1);
  return done();
}
