// Lowers one of its own limits as far as it goes, after its threads have begun to switch rights,
// and goes on: memory, descriptors, processes, data, queued signals or processor time.
#include "crowd.h"

#include <sys/resource.h>

static int what(const char* name) {
  static const struct {
    const char* name;
    int limit;
  } all[] = {{"as", RLIMIT_AS},       {"nofile", RLIMIT_NOFILE},         {"nproc", RLIMIT_NPROC},
             {"data", RLIMIT_DATA},   {"sigpending", RLIMIT_SIGPENDING}, {"cpu", RLIMIT_CPU},
             {"stack", RLIMIT_STACK}, {"memlock", RLIMIT_MEMLOCK}};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    if (strcmp(all[i].name, name) == 0) return all[i].limit;
  EXPECT(!"a known limit");
  return -1;
}

int main(int argc, char** argv) {
  EXPECT(argc == 2);
  two_keys();
  crowd_starts();
  const int limit = what(argv[1]);
  const struct rlimit least = {limit == RLIMIT_CPU, limit == RLIMIT_CPU ? 60 : 0};
  EXPECT(setrlimit(limit, &least) == 0);
  both_keys(50);
  if (limit == RLIMIT_AS || limit == RLIMIT_DATA)
    EXPECT(mmap(NULL, 64 * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
  if (limit == RLIMIT_CPU)
    for (;;) crowd_page[0] = NULL;  // SIGXCPU ends it
  sleep_us(5000);
  crowd_ends();
  return done();
}
