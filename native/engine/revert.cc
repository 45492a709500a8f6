// Taking back what a person, or startup, has changed.
#include <set>
#include <stdexcept>

#include "engine/json_text.h"
#include "engine/tracer.h"

namespace keyhole {

/// Takes back the last step that changed anything, in every address space that it changed.
void Tracer::revert() {
  uint64_t last = 0;
  std::set<Space*> spaces;
  for (const auto& [tid, thread] : threads_) {
    const auto& undo = thread->space->undo;
    if (undo.empty() || undo.back().step < last) continue;
    if (undo.back().step > last) spaces.clear();
    last = undo.back().step;
    spaces.insert(thread->space.get());
  }
  if (spaces.empty()) throw std::runtime_error("there is nothing to take back");
  for (Space* space : spaces) revert(*space);
}

void Tracer::revert(Space& space) {
  std::vector<PlannedStep> steps;
  // Backwards: a page that a step tagged twice gets its first key again.
  const Undo last = std::move(space.undo.back());
  space.undo.pop_back();
  if (last.rights) {
    const auto thread = threads_.find(last.rights->first.v);
    if (thread == threads_.end())
      throw std::runtime_error("thread " + std::to_string(last.rights->first.v) +
                               ", whose rights were changed last, has ended");
    set_rights(*thread->second, last.rights->second, Cause::user, {}, Rule::undo);
    space.waiting_for.reset();
    return;
  }
  for (auto it = last.pages.rbegin(); it != last.pages.rend(); ++it)
    steps.push_back({{it->first, it->second, Rule::undo}, space.main_thread, "taken back"});
  space.policy = last.policy;
  space.rounding = last.rounding;
  apply(space, nullptr, steps, PolicyWhy::revert, Cause::user);
}

}  // namespace keyhole
