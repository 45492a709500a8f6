// Linked last into each module: one spare page at the end of its TLS block. A policy that rounds a
// block's end down to a page then loses nothing but this padding (IA2 pads each PT_TLS for the same
// reason).
_Thread_local char ia2_tls_padding[4096] __attribute__((used, visibility("hidden")));
