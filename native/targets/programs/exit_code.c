// Proves: arguments and environment arrive, the exit code comes back.
// Hardware: execve(2), exit(3).
#include "../keys.h"

int main(int argc, char** argv) {
  const char* word = getenv("TARGET_WORD");
  EXPECT(argc == 3 && strcmp(argv[1], "two words") == 0 && argv[2][0] == 0);
  EXPECT(word && strcmp(word, "a=b") == 0);
  dprintf(1, "to stdout\n");
  dprintf(2, "to stderr\n");
  return 42;
}
