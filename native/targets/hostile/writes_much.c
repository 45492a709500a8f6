// Writes 100 MB, in lines and without end of line, while threads switch rights.
#include "crowd.h"

int main(void) {
  static char text[1 << 16];
  two_keys();
  crowd_starts();
  memset(text, 'x', sizeof text);
  for (int i = 0; i < 1600; i++) {
    if (i == 800)
      for (size_t at = 79; at < sizeof text; at += 80) text[at] = '\n';
    for (size_t sent = 0; sent < sizeof text;) {
      const ssize_t n = write(1, text + sent, sizeof text - sent);
      if (n < 0) EXPECT(errno == EINTR);
      else sent += (size_t)n;
    }
  }
  crowd_ends();
  dprintf(1, "\n");
  return done();
}
