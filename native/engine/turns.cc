// One memory call at a time in each address space, and one new filter, whose way to the kernel
// leads through the stub's pages. The kernel lets a second thread map what a first one has just
// unmapped; whose end is told first is chance, and the map must follow the order in which things
// happened.
#include <sys/syscall.h>

#include <algorithm>

#include "engine/tracer.h"

namespace keyhole {
namespace {

bool changes_mappings(uint64_t number) {
  static constexpr uint64_t calls[] = {SYS_mmap, SYS_munmap,        SYS_mremap, SYS_mprotect,
                                       SYS_brk,  SYS_pkey_mprotect, SYS_shmat,  SYS_shmdt};
  return std::find(std::begin(calls), std::end(calls), number) != std::end(calls);
}

}  // namespace

/// False when another thread's memory call is on its way: this one stays where it stands, before
/// its own, and is dispatched again when that one is over.
bool Tracer::take_turn(Thread& thread, const Regs& regs) {
  Space& space = *thread.space;
  if (!changes_mappings(regs.orig_rax) && !installs_filter(regs)) return true;
  if (space.caller && space.caller != &thread) {
    space.callers.push_back(&thread);
    return false;
  }
  space.caller = &thread;
  return true;
}

void Tracer::end_turn(Thread& thread) {
  Space& space = *thread.space;
  if (space.caller != &thread) return;
  space.caller = nullptr;
  if (space.callers.empty()) return;
  pending_.push_back(space.callers.front()->tid.v);
  space.callers.pop_front();
}

}  // namespace keyhole
