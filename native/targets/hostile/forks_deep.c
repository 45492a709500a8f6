// A hundred forks deep: each child forks the next one with tags in force and rights of its own, and
// all are alive when the last one is born.
#include "crowd.h"

int main(void) {
  two_keys();
  int depth = 0;
  while (depth < 100) {
    const pid_t child = fork();
    EXPECT(child >= 0);
    if (child != 0) {
      wrpkru(ONLY(1 + depth % 2));
      crowd_page[1 + depth % 2][0]++;
      const int status = status_of(child);
      EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 0);
      wrpkru(ONLY(1 + depth % 2));
      EXPECT(crowd_page[1 + depth % 2][0] == depth / 2 + 1);
      if (depth == 0) return done();
      _exit(0);
    }
    wrpkru(ONLY(1 + depth % 2));
    crowd_page[1 + depth % 2][0]++;
    wrpkru(ONLY(0));
    depth++;
  }
  _exit(0);
}
