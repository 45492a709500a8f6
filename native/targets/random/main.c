// Executes a random program (ops.h) and prints what each of its operations saw. Its first argument
// is the program; `--again` says by its exit status whether a program begins with the right rights.
#include "ops.h"

#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <sys/syscall.h>

struct Line* lines;
__thread struct Self* self;
volatile int ticks_wrong;
volatile int tids[MAX_THREADS];
static struct Self selves[MAX_THREADS];
static pthread_t threads[MAX_THREADS];
static int spawned[MAX_THREADS];
static volatile int done_count;
static int spinning;

void say(int op, const char* format, ...) {
  struct Line* line = &lines[op];
  char text[sizeof line->text];
  va_list list;
  va_start(list, format);
  const int size = vsnprintf(text, sizeof text, format, list);
  va_end(list);
  for (const char* c = text; *c; c++) line->hash = (line->hash ^ (uint8_t)*c) * 0x100000001b3;
  if (line->size + (size_t)size + 3 > sizeof line->text) {
    line->overflowed = 1;
    return;
  }
  if (line->size > 0) line->size = (size_t)(stpcpy(line->text + line->size, "; ") - line->text);
  line->size = (size_t)(stpcpy(line->text + line->size, text) - line->text);
}

static void wait_turn(int need) {
  for (int now; (now = done_count) < need;)
    if (spinning) sched_yield();
    else syscall(SYS_futex, &done_count, FUTEX_WAIT_PRIVATE, now, NULL, NULL, 0);
}

static void step(int op) {
  wait_turn(program.ops[op].need);
  execute(op);
  __atomic_add_fetch(&done_count, 1, __ATOMIC_SEQ_CST);
  syscall(SYS_futex, &done_count, FUTEX_WAKE_PRIVATE, INT32_MAX, NULL, NULL, 0);
}

/// This thread's share of the program.
static void run_share(void) {
  for (int i = 0; i < program.length; i = program.ops[i].end) {
    const struct Op* op = &program.ops[i];
    if (op->name == op_par) {
      for (int j = i + 1; j < op->end; j = program.ops[j].end)
        if (program.ops[j].thread == self->index) step(j);
    } else if (op->thread == self->index) {
      step(i);
    }
  }
}

static void begin_thread(int index) {
  self = &selves[index];
  self->index = index;
  for (size_t i = 0; i < sizeof self->body / sizeof *self->body; i++) self->body[i] = -1;
  tids[index] = gettid();
}

static void* thread_main(void* index) {
  begin_thread((int)(intptr_t)index);
  run_share();
  return NULL;
}

void spawn_thread(int index) {
  spawned[index] = 1;
  EXPECT(pthread_create(&threads[index], NULL, thread_main, (void*)(intptr_t)index) == 0);
  while (tids[index] == 0) sched_yield();
}

static void print(void) {
  char out[sizeof lines->text + 64];
  for (int i = 0; i < program.length; i++) {
    const struct Line* line = &lines[i];
    if (line->size == 0) continue;
    int size = snprintf(out, sizeof out, "%d %s", i, line->text);
    if (line->overflowed) size += sprintf(out + size, "; more: %lx", line->hash);
    out[size++] = '\n';
    EXPECT(write(1, out, (size_t)size) == size);
  }
  dprintf(1, "ended, %d wrong ticks\n", ticks_wrong);
}

int main(int count, char** arguments) {
  EXPECT(count == 2);
  if (strcmp(arguments[1], "--again") == 0) return rdpkru() == INIT_PKRU ? 3 : 4;
  // Nothing here takes long: whoever hangs dies of this.
  alarm(30);
  parse(arguments[1]);
  // Shared with children, who may die before they could print.
  lines = mmap(NULL, MAX_OPS * sizeof *lines, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  EXPECT(lines != MAP_FAILED);
  for (int i = 0; i < MAX_OPS; i++) lines[i].hash = 0xcbf29ce484222325;
  EXPECT(mmap(ARENA, ARENA_PAGES * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1,
              0) == ARENA);
  for (size_t i = 0; i < CODE_PLACE; i++) ARENA[i] = (char)(i * 7 + i / PAGE);
  memset(ARENA + CODE_PLACE, RET, ARENA_PAGES * PAGE - CODE_PLACE);
  for (int i = 0; i < program.length; i++) spinning |= program.ops[i].name == op_spin;
  install_handlers();
  begin_thread(0);
  run_share();
  wait_turn(program.total);
  for (int i = 1; i < MAX_THREADS; i++)
    if (spawned[i]) pthread_join(threads[i], NULL);
  print();
  return 0;
}
