// Names for the addresses of a live process, by libdwfl.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "policy/types.h"
#include "tracee/memory.h"
#include "tracee/ptrace.h"

namespace keyhole {

/// What is known about an address. Unknown parts are absent.
struct SymbolInfo {
  std::optional<std::string> module;  ///< file name without its folder
  std::optional<std::string> symbol;
  uint64_t offset = 0;  ///< from the symbol, else from the module's start
};

/// A place in the program's source, by debug information in the file or installed for it.
struct SourceLine {
  std::string file;
  int line = 0;
};

/// A stopped thread, for a walk up its stack.
struct BacktraceOf {
  const Regs& regs;
  const RemoteMemory& memory;
};

/// How a frame was found.
enum class FoundBy : uint8_t {
  registers,      ///< where the thread stands
  cfi,            ///< by call-frame information of the frame below
  frame_pointer,  ///< that has none: by the chain of frame pointers, which may skip callers; what
                  ///< follows no call is none, and ends the walk
};
inline constexpr const char* kFoundByNames[] = {"registers", "cfi", "frame-pointer"};

struct Frame {
  RemoteAddr at;  ///< the instruction that runs, or the one that a call returns to
  FoundBy by = FoundBy::registers;
};

/// Reads /proc only and never attaches, so it may be used while the process is stopped under
/// ptrace.
class Symbolizer {
 public:
  explicit Symbolizer(int pid);
  ~Symbolizer();
  Symbolizer(Symbolizer&&) noexcept;
  Symbolizer& operator=(Symbolizer&&) noexcept;

  /// Forget the module list: it is read again at the next lookup. Call it when a module comes or
  /// goes.
  void refresh();
  SymbolInfo lookup(RemoteAddr address);
  /// Absent without debug information for the address.
  std::optional<SourceLine> source(RemoteAddr address);
  /// The thread's frames, innermost first, at most `most`; ends where nothing leads on.
  std::vector<Frame> backtrace(const BacktraceOf& thread, size_t most);

  struct Impl;  ///< known to the files that make up this class

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace keyhole
