// The other compartment of the gate bench.
#pragma once
long leaf(long n);
