#include "tracee/call_names.h"

namespace keyhole {

const char* call_name(uint64_t number) {
  switch (number) {
#define CALL(number, name) \
  case number:             \
    return #name;
#include "call_names.inc"
#undef CALL
    default:
      return nullptr;
  }
}

}  // namespace keyhole
