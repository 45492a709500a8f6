// Kills whatever else its parent has for children, again and again, while threads switch rights:
// under Keyhole those are Keyhole's own helpers. With an argument it kills its parent in the end.
#include "crowd.h"

#include <dirent.h>

/// The parent of a process; 0 = it has gone.
static pid_t parent_of(const char* process) {
  char path[64], text[512];
  snprintf(path, sizeof path, "/proc/%.20s/stat", process);
  FILE* file = fopen(path, "r");
  if (!file) return 0;
  const size_t size = fread(text, 1, sizeof text - 1, file);
  fclose(file);
  text[size] = 0;
  // The name is in brackets and may hold anything (proc(5)).
  const char* after = strrchr(text, ')');
  int parent = 0;
  return after && sscanf(after + 2, "%*c %d", &parent) == 1 ? parent : 0;
}

static void shoot_siblings(void) {
  DIR* all = opendir("/proc");
  EXPECT(all);
  for (struct dirent* entry; (entry = readdir(all));)
    if (atoi(entry->d_name) > 1 && atoi(entry->d_name) != getpid() &&
        parent_of(entry->d_name) == getppid())
      kill(atoi(entry->d_name), SIGKILL);
  closedir(all);
}

int main(int argc, char** argv) {
  (void)argv;
  two_keys();
  crowd_starts();
  for (int round = 0; round < 20; round++) {
    shoot_siblings();
    sleep_us(2000);
  }
  crowd_ends();
  dprintf(1, "ok\n");
  if (argc > 1) kill(getppid(), SIGKILL), sleep_us(10000000);
  return 0;
}
