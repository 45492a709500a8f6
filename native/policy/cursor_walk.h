// The cursor walk of R8 and S3, written once for both planners.
#pragma once
#include <vector>

#include "policy/types.h"

namespace keyhole {

/// Pages that stay shared, and the rule that says so.
struct Shared {
  PageRange range;
  Rule rule = Rule::none;
  const char* what = "";  ///< what lives there, in words
};

/// One piece of a walked range: shared under `rule`, or to be tagged.
struct Piece {
  PageRange range;
  bool shared = false;
  Rule rule = Rule::none;
  const char* what = "";
};

/// Cuts `whole` into pieces that are ascending, not empty, and cover it exactly once. Where
/// `shared` ranges overlap each other, the one that starts first keeps the common pages.
std::vector<Piece> cursor_walk(PageRange whole, std::vector<Shared> shared);

}  // namespace keyhole
