#include "policy/findings.h"

#include <algorithm>

namespace keyhole {

namespace {

/// The key that the plan gives the page; 0 where it leaves the page alone.
Key planned_key(const std::vector<TagOp>& ops, RemoteAddr page) {
  for (const TagOp& op : ops) {
    if (op.range.contains(page)) return op.key;
  }
  return Key{0};
}

std::string sentence(PageRange pages, const std::string& block, const std::string& neighbour,
                     Key key) {
  bool one = pages.size() == kPage;
  std::string text = one ? "page " + hex(pages.start) + " holds"
                         : "pages " + hex(pages.start) + " to " + hex(pages.end) + " hold";
  text += " " + block + " and " + neighbour + "; ";
  if (key == Key{0}) return text + (one ? "it stays shared" : "they stay shared");
  return text + (one ? "it gets key " : "they get key ") + std::to_string(key.v);
}

}  // namespace

std::vector<SharingFinding> sharing_findings(const NamedRange& block, const std::vector<TagOp>& ops,
                                             const std::vector<NamedRange>& neighbours) {
  std::vector<SharingFinding> findings;
  for (const NamedRange& neighbour : neighbours) {
    if (block.bytes.empty() || neighbour.bytes.empty()) continue;
    PageRange ours = block.bytes.outward(), theirs = neighbour.bytes.outward();
    RemoteAddr end = std::min(ours.end, theirs.end);
    RemoteAddr page = std::max(ours.start, theirs.start);
    while (page < end) {
      Key key = planned_key(ops, page);
      PageRange run{page, page + kPage};
      while (run.end < end && planned_key(ops, run.end) == key) run.end = run.end + kPage;
      findings.push_back({run, sentence(run, block.name, neighbour.name, key)});
      page = run.end;
    }
  }
  return findings;
}

}  // namespace keyhole
