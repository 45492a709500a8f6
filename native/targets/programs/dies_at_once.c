// Proves: a program whose first instruction ends it, before any library or `main`: SIGILL,
// ILL_ILLOPN. Hardware: UD2 raises #UD.
__asm__(".globl _start\n_start: ud2\n");
