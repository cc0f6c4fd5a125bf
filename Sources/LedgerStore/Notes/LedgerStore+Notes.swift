import Crypto
package import Ledger

/// Lines that tell of what happened beside the books. Each is appended once: it is named by an id, and asking for it again
/// reports the line that is there.
extension LedgerStore {
  /// Tells of personal text that was taken away, in the commit that empties the row of a member that was erased; nothing
  /// else is erased by it.
  /// - Returns: the line's index.
  /// - Throws: `invalid`; `notFound`; `notAllowed` for a halted team; `unavailable`.
  package func noteErasure(
    _ erasure: PrivateErased, of team: TeamID, by administrator: Administrator?
  ) async throws(StoreError) -> Int64 {
    try await note(.erased(erasure), id: erasure.erasure, of: team, by: administrator)
  }

  /// Tells of an export.
  /// - Returns: the line's index.
  /// - Throws: as `noteErasure`.
  package func noteExport(
    _ export: ExportCreated, of team: TeamID, by administrator: Administrator?
  ) async throws(StoreError) -> Int64 {
    try await note(.exported(export), id: export.export, of: team, by: administrator)
  }

  /// Tells that somebody reads a report: one line for each reader, report and hour.
  /// - Parameters:
  ///   - report: the report's name, a token.
  ///   - moment: the gateway's time.
  /// - Returns: the line's index.
  /// - Throws: as `noteErasure`.
  package func noteReading(
    of report: String, at moment: Timestamp, of team: TeamID, by administrator: Administrator
  ) async throws(StoreError) -> Int64 {
    let hourLength = 3_600 * Timestamp.microsecondsPerSecond
    let hour = Timestamp(microseconds: moment.microseconds / hourLength * hourLength)
    let reader = administrator.key.map { "key:\($0)" } ?? "operator:\(administrator.name)"
    return try await note(
      .reportRead(ReportRead(report: report, hour: hour)), id: Self.noteID("report", report, hour.rfc3339, reader),
      of: team, by: administrator)
  }

  /// Tells that a key signs in another's place: one line for each pair of keys.
  /// - Returns: the line's index.
  /// - Throws: as `noteErasure`.
  package func noteLogKeyRotation(
    _ rotation: LogKeyRotated, of team: TeamID, by administrator: Administrator?
  ) async throws(StoreError) -> Int64 {
    try await note(
      .keyRotated(rotation), id: Self.noteID("rotation", rotation.use.rawValue, rotation.old, rotation.new), of: team,
      by: administrator)
  }

  /// Tells in the operator's log that a key signs no more: one line for each key.
  /// - Returns: the line's index.
  /// - Throws: `notAllowed` while the operator's log is halted; `invalid`; `unavailable`.
  package func noteLogKeyRetirement(
    _ retirement: LogKeyRetired, by administrator: Administrator
  ) async throws(StoreError) -> Int64 {
    try await noteOperators(
      .keyRetired(retirement), id: Self.noteID("retirement", retirement.use.rawValue, retirement.vkey),
      by: administrator)
  }

  /// Tells in the operator's log that the signer's state file was made anew: one line for each file.
  /// - Returns: the line's index.
  /// - Throws: as `noteLogKeyRetirement`.
  package func noteSignerRecovery(
    _ recovery: SignerRecovered, by administrator: Administrator
  ) async throws(StoreError) -> Int64 {
    try await noteOperators(
      .signerRecovered(recovery), id: Self.noteID("signer", "\(recovery.state)"), by: administrator)
  }

  private func noteOperators(
    _ note: Note, id: NoteID, by administrator: Administrator
  ) async throws(StoreError) -> Int64 {
    let request = NoteRequest(team: .operatorLog, id: id, note: note, by: administrator)
    guard case .noted(let index) = try await submitOperators(.note(request), by: administrator) else {
      throw StoreError(.database)
    }
    return index
  }

  /// Places a legal hold on a team, or lifts it. A team that is as it should be stays so, and no line is appended.
  /// - Returns: whether it was changed.
  /// - Throws: `notFound`; `notAllowed` for a halted team; `unavailable`.
  @discardableResult
  package func changeLegalHold(
    of team: TeamID, isOn: Bool, by administrator: Administrator
  ) async throws(StoreError) -> Bool {
    if case .unchanged = try await submit(.changeLegalHold(team, isOn: isOn, administrator)) { return false }
    return true
  }

  /// Tells of something under an id of the caller's, which must be the same when it is asked for again.
  /// - Parameter administrator: who did it; nil: the gateway on its own.
  /// - Returns: the line's index.
  /// - Throws: as `noteErasure`.
  package func note(
    _ note: Note, id: NoteID, of team: TeamID, by administrator: Administrator?
  ) async throws(StoreError) -> Int64 {
    let answer = try await submit(.note(NoteRequest(team: team, id: id, note: note, by: administrator)))
    guard case .noted(let index) = answer else { throw StoreError(.database) }
    return index
  }

  /// The id of a note that is named by texts: the first half of the SHA-256 of them, each behind its length.
  static func noteID(_ texts: String...) -> NoteID {
    var hash = SHA256()
    for text in texts { hash.update(data: Array("\(text.utf8.count):\(text)".utf8)) }
    return NoteID(bits: hash.finalize().prefix(16).reduce(0) { $0 << 8 | UInt128($1) })
  }
}
