// The one `main` of a doctest executable; elf_test and symbols_test use it too.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
