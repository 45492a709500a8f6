// The split TLS policy: what to tag for one module's TLS block of one thread. Pure.
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "policy/policy.h"
#include "policy/result.h"
#include "policy/types.h"

namespace keyhole {

/// R11: the protection of every page that a TLS plan names.
inline constexpr Prot kTlsProt = kProtRW;

/// What the planner is told about one TLS block. An absent `slot` means that the program has none.
/// For `dtv`, `rseq`, `descriptor` and a symbol, absent means *unknown*, which is an error when the
/// policy carves it out; a null address or an empty range means that there is known to be none.
struct TlsInput {
  Arch arch = Arch::x86_64;
  std::string module;  ///< names the module in errors
  RemoteAddr start;
  uint64_t memsz = 0;
  Key key;  ///< the owning key P, 1 to 15
  RemoteAddr tp;
  std::optional<RemoteAddr> slot;
  bool startup = false;
  std::optional<RemoteAddr> dtv;
  std::optional<PageRange> rseq;        ///< bytes of the registered rseq area
  std::optional<PageRange> descriptor;  ///< bytes of the thread descriptor (struct pthread)
  std::vector<std::pair<std::string, RemoteAddr>>
      symbols;  ///< "MODULE:NAME" and this thread's address
};

/// The pages `[lo, hi)` of a block by R1 or R12; an error by R1 or R2.
Result<PageRange, PlanError> tls_block_pages(const TlsInput& input, Rounding rounding);

/// The plan by R1 to R9, R11 and R12 on x86-64, by A1 and A2 on AArch64. Ops ascend and never
/// overlap. A policy with `tag: false` gives none.
Result<std::vector<TagOp>, PlanError> plan_tls(const TlsInput& input, const Policy& policy,
                                               Rounding rounding);

/// R10: the main thread's TCB page is tagged 0 once more after all compartments are set up. There
/// is no such step on other architectures, nor where the policy leaves it out.
std::optional<TagOp> plan_startup_tcb(Arch arch, RemoteAddr tp, const Policy& policy);

/// A3: how one op is carried out on AArch64: `mprotect` with `prot`, then each granule is coloured.
struct MteTagging {
  PageRange range;
  int prot = 0;           ///< read, write and PROT_MTE
  uint64_t granules = 0;  ///< number of 16-byte granules to colour
  uint8_t tag = 0;
};
inline constexpr int kProtMte = 0x20;  // Linux arch/arm64/include/uapi/asm/mman.h
inline constexpr uint64_t kMteGranule = 16;
MteTagging mte_tagging(const TagOp& op);

}  // namespace keyhole
