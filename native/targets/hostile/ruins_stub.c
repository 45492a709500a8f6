// Overwrites Keyhole's code in its own address space, as /proc/self/mem allows, and goes on
// switching rights. Its keys cannot be enforced from then on; it must end at once, and the record
// must say why.
#include "crowd.h"

#include <fcntl.h>

int main(int argc, char** argv) {
  const char* const how = argc > 1 ? argv[1] : "trap";
  two_keys();
  const int memory = open("/proc/self/mem", O_RDWR);
  char code[4096];
  const int fill = strcmp(how, "trap") == 0 ? 0xcc : strcmp(how, "undefined") == 0 ? 0x06 : 0x90;
  memset(code, fill, sizeof code);
  if (strcmp(how, "loop") == 0) code[0] = (char)0xeb, code[1] = (char)0xfe;
  if (pwrite(memory, code, sizeof code, 0x500000000000l) != sizeof code)
    return done();  // alone: no such page
  for (int i = 0; i < 100; i++) {
    wrpkru(ONLY(1));
    crowd_page[1][0] = 1;
    wrpkru(ONLY(2));
    crowd_page[2][0] = 1;
  }
  return done();
}
