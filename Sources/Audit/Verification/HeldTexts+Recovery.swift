import Ledger
import TransparencyLog

/// Heads and receipts of the log whose place the bundle's log took. Its first line says up to where that one was known.
extension HeldTexts {
  /// Why what the first line admits is not what the reader holds of the old log; nil where it is.
  ///
  /// A head that reaches further than the newest one that the line knows was signed by the same operator, who says by another
  /// signature that nobody knows of it: the lines behind what is admitted are gone, and nothing admits that.
  func contradiction(of recovered: LogRecovered) -> String? {
    guard let head = earlierHead, head.origin.utf8.elementsEqual(recovered.oldLog.utf8) else { return nil }
    guard let size = recovered.knownSize, let root = recovered.knownRoot else {
      return head.size == 0
        ? nil
        : "this log took the place of \(head.origin) and says that no head of it is known; you hold one of \(head.size) lines"
    }
    if head.size > size {
      return
        "this log took the place of \(head.origin) and says that the newest head of it has \(size) lines; you hold one "
        + "of \(head.size) lines, and the loss of those behind \(size) is admitted nowhere"
    }
    guard head.size == size, head.root.bytes != root.bytes else { return nil }
    return
      "this log took the place of \(head.origin) and says another root of its \(size) lines than the head that you hold"
  }

  /// Why a head of the old log ties nothing; nil where it is of no log that the first line names.
  func lossBehindHead(_ recovered: LogRecovered) -> String? {
    guard let head = earlierHead, head.origin.utf8.elementsEqual(recovered.oldLog.utf8) else { return nil }
    let known = recovered.knownSize ?? 0
    let isSame = head.size == known ? "that is the head that you hold" : "you hold one of \(head.size)"
    return
      "your known head is of the log whose place this one took, \(head.origin): nothing ties the new lines to the old "
      + "ones. The operator admits that the old log could not go on from its newest head of \(known) lines, and \(isSame); "
      + "ask what became of the lines"
  }

  /// What is said of a receipt of another log of the team.
  func words(for receipt: LogReceipt, _ recovered: LogRecovered?) -> String {
    guard let recovered, recovered.oldLog.utf8.elementsEqual(receipt.origin.utf8) else {
      return
        "the receipt for line \(receipt.index) is of another log of the team, \(receipt.origin), of which the bundle does "
        + "not tell"
    }
    let known = recovered.knownSize ?? 0
    return "the receipt for line \(receipt.index) is of the log whose place this one took, \(receipt.origin)"
      + (receipt.index >= known ? ", and behind its newest known head of \(known) lines, so the line may be lost" : "")
  }
}
