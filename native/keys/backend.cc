#include "keys/backend.h"

#include <sys/syscall.h>

namespace keyhole {
namespace {

/// Real keys: the kernel keeps them and the CPU enforces them.
class HardwareKeys final : public KeyBackend {
 public:
  KeysMode mode() const override { return KeysMode::hardware; }
  bool kernel_has_keys() const override { return true; }
  std::vector<RemoteCall> tag(PageRange range, Prot prot, Key key) const override {
    return {{SYS_pkey_mprotect, {range.start.v, range.size(), prot.v, key.v}}};
  }
  std::optional<Pkru> rights(Tid tid, std::optional<Pkru>) const override {
    return get_hardware_pkru(tid);
  }
  bool set_rights(Tid tid, Pkru rights) const override { return set_hardware_pkru(tid, rights); }
};

/// Keys on a CPU that has none: rights live in the engine, regimes enforce them.
class EmulatedKeys final : public KeyBackend {
 public:
  KeysMode mode() const override { return KeysMode::emulated; }
  bool kernel_has_keys() const override { return false; }
  std::vector<RemoteCall> tag(PageRange, Prot, Key) const override { return {}; }
  std::optional<Pkru> rights(Tid, std::optional<Pkru> known) const override { return known; }
  bool set_rights(Tid, Pkru) const override { return true; }
};

/// No keys at all: there is no such register, and the kernel refuses the calls by itself.
class NoKeys final : public KeyBackend {
 public:
  KeysMode mode() const override { return KeysMode::none; }
  bool kernel_has_keys() const override { return true; }
  std::vector<RemoteCall> tag(PageRange, Prot, Key) const override { return {}; }
  std::optional<Pkru> rights(Tid, std::optional<Pkru>) const override { return {}; }
  bool set_rights(Tid, Pkru) const override { return false; }
};

}  // namespace

std::unique_ptr<KeyBackend> make_backend(KeysMode mode) {
  if (mode == KeysMode::none) return std::make_unique<NoKeys>();
  if (mode == KeysMode::hardware) return std::make_unique<HardwareKeys>();
  return std::make_unique<EmulatedKeys>();
}

RemoteCall protect_call(const ProtectStep& step) {
  return {SYS_mprotect, {step.range.start.v, step.range.size(), step.prot.v}};
}

std::vector<RemoteCall> protect_calls(const std::vector<ProtectStep>& steps) {
  std::vector<RemoteCall> calls;
  for (const ProtectStep& step : steps) calls.push_back(protect_call(step));
  return calls;
}

}  // namespace keyhole
