// The words of a random program.
#include "ops.h"

struct Program program;

static const struct {
  const char* name;
  int count;
} table[] = {
#define ENTRY(name, count) {#name, count},
    OPS(ENTRY)
#undef ENTRY
};

static void refuse(const char* word) {
  dprintf(2, "not a program: %s\n", word);
  _exit(125);
}

static char* next_word(char** rest) { return strtok_r(NULL, " \n", rest); }

static long number(const char* word) {
  char* end;
  if (!word) refuse("a number is missing");
  const long value = (long)strtoul(word, &end, 16);
  if (*end) refuse(word);
  return value;
}

/// `THREAD:NAME` or `NAME`.
static void begin(struct Op* op, const char* word, int thread) {
  const char* colon = strchr(word, ':');
  op->thread = colon ? atoi(word) : thread;
  const char* name = colon ? colon + 1 : word;
  for (size_t i = 0; i < sizeof table / sizeof *table; i++)
    if (strcmp(name, table[i].name) == 0) {
      op->name = (enum OpName)i;
      return;
    }
  refuse(word);
}

void parse(const char* text) {
  char* copy = strdup(text);
  char* rest = copy;
  int open[16], depth = 0, last = -1;
  for (char* word = strtok_r(copy, " \n", &rest); word; word = next_word(&rest)) {
    if (strcmp(word, "{") == 0) {
      if (last < 0 || depth == 16) refuse("{");
      open[depth++] = last;
      continue;
    }
    if (strcmp(word, "}") == 0) {
      if (depth == 0) refuse("}");
      program.ops[open[--depth]].end = program.length;
      continue;
    }
    if (program.length == MAX_OPS) refuse("too long");
    last = program.length++;
    struct Op* op = &program.ops[last];
    begin(op, word, depth > 0 ? program.ops[open[depth - 1]].thread : 0);
    for (int i = 0; i < table[op->name].count; i++) op->args[i] = number(next_word(&rest));
    op->end = program.length;
  }
  if (depth > 0) refuse("a } is missing");
  free(copy);
  // Each step needs all before it; those of a `par` need what is before the `par`.
  for (int i = 0; i < program.length; i = program.ops[i].end) {
    if (program.ops[i].name != op_par) {
      program.ops[i].need = program.total++;
      continue;
    }
    const int before = program.total;
    for (int j = i + 1; j < program.ops[i].end; j = program.ops[j].end, program.total++)
      program.ops[j].need = before;
  }
}
