// The library of the virtual-gate targets: data, TLS and code of compartment 2. Nobody rebuilt it
// for gates.
#pragma once

/// Adds to the library's private total and to this thread's; returns the sum of both.
long gate_add(long n);
/// Calls `back(n)` and adds what it answers to the private total.
long gate_call_back(long (*back)(long), long n);
/// The address of the library's private total.
long* gate_secret(void);
/// The address of this thread's private total.
long* gate_own(void);
/// Reads a long that the caller names.
long gate_read(const long* from);
/// Copies the private total into `to` by libc's memcpy.
void gate_copy(long* to);
