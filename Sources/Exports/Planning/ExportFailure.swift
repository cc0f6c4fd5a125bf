/// Why there is no export of a range that is there.
package enum ExportFailure: Error, Hashable, Sendable {
  /// Nobody signed a head of this log yet.
  case noHead
  /// No signed head covers what was asked for; the newest reaches to `size`.
  case shortHead(size: Int64)
  /// Of a log that another took the place of, no signed head is here that its lines lead to, so nothing of it is proved.
  case unproven(log: String)
  /// Of a log that another took the place of, only so many lines stand under a signed head that is here.
  case unprovenBehind(size: Int64, log: String)
  /// None of the keys that are known signed the head.
  case unknownKey
  /// The head that was named is of another log, or signed by another key.
  case foreignHead(String)
  /// The log has not grown out of the head that was named, or into it.
  case contradiction(size: Int64)
  /// What is stored contradicts itself, or the head that was signed for it: somebody changed rows.
  case damaged(String)
  /// More lines than are given away at once.
  case tooLong(maximum: Int64)
}

extension ExportFailure: CustomStringConvertible {
  /// One sentence.
  package var description: String {
    switch self {
    case .noHead:
      "no head of this log has been signed yet: a gateway that holds the signing key signs one within ten minutes"
    case .shortHead(let size): "no signed head covers that range: the newest reaches to line \(size)"
    case .unproven(let log):
      "no signed head of \(log) is here that its lines lead to: bring one (--known-head), or take the lines alone "
        + "(--format jsonl)"
    case .unprovenBehind(let size, let log):
      "of \(log) only \(size) lines stand under a signed head: those behind them are to be had as lines alone "
        + "(--format jsonl)"
    case .unknownKey: "the log's head is signed by a key that is not here"
    case .foreignHead(let why): "the known head cannot be used: \(why)"
    case .contradiction(let size):
      "this log contradicts the known head of \(size) lines: keep that head, it is evidence"
    case .damaged(let why): "the stored log cannot be trusted: \(why)"
    case .tooLong(let maximum): "a range of more than \(maximum) lines is exported by `tally audit export`"
    }
  }
}
