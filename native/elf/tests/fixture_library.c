// A shared library with everything that module_file reports. Built with -z relro -z now.
#include <stdlib.h>

#define PAGE 4096

__thread char ia2_stackptr_0[PAGE] __attribute__((aligned(PAGE)));
__thread int fixture_counter = 42;

extern char __start_ia2_shared_data[], __stop_ia2_shared_data[];
char fixture_shared[PAGE] __attribute__((section("ia2_shared_data"), aligned(PAGE)));
char fixture_private[3 * PAGE] = {1};
int (*const fixture_table[])(void);  // a const table of addresses lies in RELRO

static int fixture_hidden(void) { return rand(); }  // its name is in .symtab alone
int (*volatile fixture_pointer)(void) = fixture_hidden;

int fixture_function(void) {
  return fixture_pointer() + ++fixture_counter + fixture_shared[0] +
         (int)(__stop_ia2_shared_data - __start_ia2_shared_data);
}
int (*const fixture_table[])(void) = {fixture_function};
