package import Ledger
package import TransparencyLog

/// Which range of which log a bundle is to hold, and what ties it to a signed head. All of it is known before the first
/// line, so that a cut export goes on with the same.
package struct BundleRange: Sendable {
  /// The log's team.
  package var team: TeamID
  /// Index of the first line: 0, or that of a `period.closed`.
  package var from: Int64
  /// Index behind the last line.
  package var to: Int64
  /// Hashes of the peaks at `from`, the largest subtree's first.
  package var peaks: [Digest]
  /// The book at `from` as `BookText` writes it; nil where `from` is 0, but for a log that was recovered, and always in an
  /// empty range: its hash stands in the range's first line, so where there is none it could be any book.
  package var state: [UInt8]?
  /// The signed head, of a size not less than `to`. Its origin is the log's.
  package var checkpoint: SignedNote
  /// A key that signed it.
  package var key: NoteVerifierKey
  /// Hashes of the consistency proof from `to` to the head.
  package var toProof: [Digest]
  /// Hashes of the consistency proof between a head that the reader holds and the bundle's; nil where none was asked for.
  package var knownProof: [Digest]?
  /// Whether salts and payloads go with the lines.
  package var hasSecrets: Bool

  /// The range with these ties. What does not fit together is found by `BundleWriter`.
  package init(
    team: TeamID, from: Int64 = 0, to: Int64, peaks: [Digest] = [], state: [UInt8]? = nil, checkpoint: SignedNote,
    key: NoteVerifierKey, toProof: [Digest] = [], knownProof: [Digest]? = nil, hasSecrets: Bool = false
  ) {
    self.team = team
    self.from = from
    self.to = to
    self.peaks = peaks
    self.state = from < to ? state : nil
    self.checkpoint = checkpoint
    self.key = key
    self.toProof = toProof
    self.knownProof = knownProof
    self.hasSecrets = hasSecrets
  }
}

extension BundleRange {
  /// The head, once everything was found to fit together. Throws an `ExportError`.
  func head() throws(ExportError) -> Checkpoint {
    guard 0 <= from, from <= to else { throw ExportError("there is no range from \(from) to \(to)") }
    let head: Checkpoint
    do {
      head = try Checkpoint(checkpoint, signedBy: [key])
    } catch {
      throw ExportError("the head cannot be used: \(error)")
    }
    guard Self.isLog(head.origin, of: team), Token.isValid(head.origin) else {
      throw ExportError("the head is of another log, \(head.origin)")
    }
    guard head.size >= to else { throw ExportError("the head reaches to line \(head.size) only, not to \(to)") }
    guard state != nil || from == 0 || from == to else {
      throw ExportError("a range that does not begin with the log's first line needs the book as of its start")
    }
    return head
  }

  /// Whether two logs are of one keeper and one team: one of them took the other's place, or both took a third one's.
  package static func isOfSameTeam(_ origin: String, _ other: String) -> Bool {
    let words = [origin, other].map {
      $0.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).prefix(2)
    }
    return words[0].count == 2 && words[0].elementsEqual(words[1]) { $0.elementsEqual($1) }
  }

  /// Whether a log of this name is the team's, or the operator's: the keeper's name, whose it is, and a third word where it
  /// took another's place.
  static func isLog(_ origin: String, of team: TeamID) -> Bool {
    let words = origin.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    let owner = team == .operatorLog ? "operator" : "\(team)"
    return (2...3).contains(words.count) && words.allSatisfy { !$0.isEmpty } && words[1].elementsEqual(owner.utf8)
  }
}
