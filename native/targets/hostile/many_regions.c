// Cuts its memory into 60,000 regions, near the kernel's limit (vm.max_map_count, 65,530), and
// switches rights among them. With `keys` every hundredth has a key. With `beyond` every second
// page gets one while all keys are open, until the kernel refuses: real keys cut regions at once,
// emulated ones when rights change, and then it is too late.
#include "crowd.h"

enum { kRegions = 60000, kTooMany = 140000 };

static void tag(char* page, int k) { EXPECT(pkey_mprotect(page, PAGE, PROT_READ, k) == 0); }

int main(int argc, char** argv) {
  const char* const how = argc > 1 ? argv[1] : "plain";
  two_keys();
  if (strcmp(how, "beyond") == 0) {
    wrpkru(0);
    char* at = pages(kTooMany);
    for (size_t i = 0; i < kTooMany; i += 2)
      if (pkey_mprotect(at + i * PAGE, PAGE, RW, 1) != 0) break;
    wrpkru(ONLY(0));
    wrpkru(0);
    EXPECT(munmap(at, kTooMany * PAGE) == 0);
    return done();
  }
  char* at = pages(kRegions);
  for (size_t i = 0; i < kRegions; i += 2) EXPECT(mprotect(at + i * PAGE, PAGE, PROT_READ) == 0);
  if (strcmp(how, "keys") == 0)
    for (size_t i = 0; i < kRegions; i += 100) tag(at + i * PAGE, 1 + (int)(i / 100 % 2));
  crowd_starts();
  both_keys(20);
  crowd_ends();
  return done();
}
