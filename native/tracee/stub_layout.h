// Where the stub lives in every tracee and how its pages are laid out. Shared with the C launch
// helper, whose filter lets the stub's own calls pass.
#pragma once

// One address for every program: far from where Linux puts an executable (0x400000, 0x55…), its
// libraries (0x7f…) and the shadow memory of the sanitizers (below 0x10007fff8000).
#define KEYHOLE_STUB_CODE 0x500000000000ull
#define KEYHOLE_STUB_DATA 0x500000001000ull
#define KEYHOLE_STUB_DATA_PAGES 32
