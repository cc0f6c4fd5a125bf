import Crypto
package import Ledger
import TransparencyLog

/// A decision becomes a line of the log.
///
/// Tests/Benchmarks/log-cost builds a program without this part (`TALLY_WITHOUT_LOG`), to tell what it costs. Such a program
/// opens one database only, by its name: `LedgerStore.open`.
extension BatchDecider {
  /// What is personal in a line, which holds only the commitment.
  struct Secret {
    var salt: [UInt8] = []
    var payload: [UInt8] = []
    var commitment = Digest32.zero
  }

  /// The secret part of the first line of `command`.
  /// - Parameter isErased: the edit's personal text was erased.
  func secret(of command: LaneCommand, isErased: Bool) -> Secret {
    #if TALLY_WITHOUT_LOG
      return Secret()
    #else
      let salt = environment.salt()
      let payload = PrivatePayload.of(command, isErased: isErased)
      return Secret(salt: salt, payload: payload, commitment: Self.commitment(salt: salt, payload: payload))
    #endif
  }

  /// The same for one more line of the command, under a salt of its own: whoever is told the salt of one line can open no
  /// other, and nobody sees that two lines have one payload.
  func salted(_ secret: Secret) -> Secret {
    #if TALLY_WITHOUT_LOG
      return secret
    #else
      let salt = environment.salt()
      return Secret(
        salt: salt, payload: secret.payload, commitment: Self.commitment(salt: salt, payload: secret.payload))
    #endif
  }

  /// The private commitment of a line: SHA-256 over salt and payload (docs/audit.md).
  package static func commitment(salt: [UInt8], payload: [UInt8]) -> Digest32 {
    var hash = SHA256()
    hash.update(data: salt)
    hash.update(data: payload)
    return Digest32(bytes: Array(hash.finalize())) ?? .zero
  }

  /// Appends the line of an event that the team's book has taken in.
  mutating func log(_ event: Event, _ header: LineHeader, _ secret: Secret, in team: inout LoadedTeam) {
    #if TALLY_WITHOUT_LOG
      // As many peaks as a log of that size has, of nothing: a team is not read without.
      let size = team.book.logSize
      let hashes = Array(repeating: NodeHash.emptyRoot, count: size.nonzeroBitCount)
      team.peaks = (try? Peaks(size: size, hashes: hashes)) ?? team.peaks
    #else
      let line = Line.write(event, header)
      let leaf = LeafHash.hash(line)
      let completed = team.peaks.append(leaf)
      // A receipt names the resolving line, whatever is learned later.
      if let record = event.record, event.action != .editEvidence {
        team.positions[record] = LogPosition(log: header.log, index: header.index, leaf: leaf, at: header.at)
      }
      if event.record == nil {
        writes.administrativeLines.append(
          LaneWrites.AdministrativeLine(event, header, of: team.book.team.id, at: team.lastPlace, line))
      }
      writes.lines.append(
        LaneWrites.NewLine(
          team: team.book.team.id, index: team.place(of: header.index), line: line, leaf: leaf,
          nodes: completed.flatMap(\.bytes), salt: secret.salt, payload: secret.payload))
    #endif
  }
}
