// R12: pages that an outward-rounded block shares with something else.
#pragma once
#include <string>
#include <vector>

#include "policy/types.h"

namespace keyhole {

/// Bytes that have a name: a TLS block, the TCB, a DTV, an rseq area, the heap.
struct NamedRange {
  std::string name;
  PageRange bytes;
};

/// One finding for the log: consecutive pages that hold both `block` and `neighbour`.
struct SharingFinding {
  PageRange pages;
  std::string text;  ///< names both
};

/// For each page of `block` that also holds bytes of a neighbour. `ops` tells what the plan does
/// with the page: private to a key, or left shared.
std::vector<SharingFinding> sharing_findings(const NamedRange& block, const std::vector<TagOp>& ops,
                                             const std::vector<NamedRange>& neighbours);

}  // namespace keyhole
