// The three libraries of the example: one source, built once a compartment.
#pragma once

/// Adds `n` to the thread's and to the library's own count; answers the latter.
long store_work(long n);
long codec_work(long n);
long trace_work(long n);
/// Where the library's count is: private to its compartment.
long* store_data(void);
long* codec_data(void);
long* trace_data(void);
