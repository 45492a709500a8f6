// Keys, one interface with two ways to make them bite. A backend answers what a key operation is in
// terms of remote system calls and where a thread's rights live; nothing above knows which one
// runs.
#pragma once
#include <memory>
#include <optional>

#include "keys/regime.h"
#include "tracee/ptrace.h"
#include "tracee/stub.h"

namespace keyhole {

class KeyBackend {
 public:
  virtual ~KeyBackend() = default;
  virtual KeysMode mode() const = 0;

  /// Whether the program's own pkey_alloc and pkey_free reach the kernel (hardware) or are answered
  /// here.
  virtual bool kernel_has_keys() const = 0;

  /// The remote calls that give `range` its key and protection in the kernel. Emulated keys need
  /// none: the regime's own steps follow from the region map.
  virtual std::vector<RemoteCall> tag(PageRange range, Prot prot, Key key) const = 0;

  /// The rights of a stopped thread. `known` is what the engine last knew; nothing = unknown.
  virtual std::optional<Pkru> rights(Tid tid, std::optional<Pkru> known) const = 0;
  /// Make `rights` the thread's own; the thread is stopped. False when it has gone.
  virtual bool set_rights(Tid tid, Pkru rights) const = 0;
};

std::unique_ptr<KeyBackend> make_backend(KeysMode mode);

/// mprotect(range, prot) as the stub runs it.
RemoteCall protect_call(const ProtectStep& step);
std::vector<RemoteCall> protect_calls(const std::vector<ProtectStep>& steps);

}  // namespace keyhole
