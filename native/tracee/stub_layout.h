// Where the stub lives in every tracee and how its pages are laid out. Shared with the C launch
// helper, whose filter lets the stub's own calls pass.
#pragma once

// One address for every program: far from where Linux puts an executable (0x400000, 0x55…), its
// libraries (0x7f…) and the shadow memory of the sanitizers (below 0x10007fff8000).
#define KEYHOLE_STUB_CODE 0x500000000000ull
#define KEYHOLE_STUB_DATA 0x500000001000ull
#define KEYHOLE_STUB_DATA_PAGES 41
// The last of them hold a filter of the program's on its way to the kernel: at most 4096
// instructions of 8 bytes (BPF_MAXINSNS, linux/bpf_common.h) and what points to them.
#define KEYHOLE_STUB_FILTER_PAGES 9
// The launch helper's filter marks with it what it asks the engine about.
#define KEYHOLE_TRACE_DATA 0x4b48
