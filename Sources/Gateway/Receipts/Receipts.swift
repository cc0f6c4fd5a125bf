package import Ledger
package import LedgerStore
package import TransparencyLog

/// Gives receipts: signs them, and sees to it that the team's log announces the key before the first one.
///
/// Signing takes some tens of microseconds, on the way of the answer and never in a lane. The keys are parsed once. A
/// signature by Ed25519 follows from key and text (RFC 8032, as BoringSSL has it), so the receipt of a line has the same
/// bytes each time and from each gateway, as long as the keys are the same.
package struct Receipts: Sendable {
  /// The keys that sign: the one that counts first, then the one that it replaced. None: receipts have no note.
  private let keys: [NoteSigningKey]
  private let announcer: KeyAnnouncer?

  /// Receipts signed by `keys`, which `announcer` puts into the logs.
  package init(signedBy keys: [NoteSigningKey] = [], announcer: KeyAnnouncer? = nil) {
    self.keys = keys
    self.announcer = announcer
  }

  /// Begins to announce the keys in a team's log, where that is not known to be done. To be called while there is time
  /// until the receipt, as when an edit goes to the provider.
  func prepare(_ team: TeamID) {
    _ = announcer?.begin(team)
  }

  /// The receipt for the line at `position` of the log of `team`. Waits a moment for the announcement, never longer: the
  /// key may come into the log after the first receipt, and the answer is not kept for it.
  package func announcedReceipt(of position: LogPosition, of team: TeamID) async -> Receipt {
    await announcer?.finish(team, writing: position.log)
    return receipt(of: position)
  }

  /// The same, where the key is announced or that does not matter.
  ///
  /// The note is nil where the library refuses to sign: whoever asks for the result again gets it then.
  package func receipt(of position: LogPosition) -> Receipt {
    guard !keys.isEmpty,
      let text = try? LogReceipt(
        origin: position.log, index: position.index, leaf: position.leaf, at: position.at.rfc3339),
      let note = try? text.signed(by: keys)
    else { return Receipt(position) }
    return Receipt(position, note: note.string)
  }
}
