import Ledger
import TransparencyLog

/// A line that a pass took.
struct TakenLine {
  var index: Int64 = 0
  var at = Timestamp.epoch
  /// The hash of what is personal in it.
  var commitment = Digest32.zero
  /// The line's leaf hash.
  var leaf = NodeHash.emptyRoot
}
