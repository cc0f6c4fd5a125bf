import Ledger
import LedgerStore
import Testing

@Suite struct AdministrativeLineTests {
  private let header = LineHeader(
    log: "tally.local/\(TeamID(bits: 0xA0))", index: 7, at: Timestamp(microseconds: 5), actor: .key(KeyID(bits: 0xCC)),
    private: .zero)

  private func resources(_ event: Event) -> [UInt128] {
    let line = Line.write(event, header)
    return LaneWrites.AdministrativeLine(event, header, of: TeamID(bits: 0xA0), at: 9, line).resources
  }

  @Test func resourcesAreTheIdsOfTheLinesOwnFields() {
    let removed = UsageRemoved(removal: NoteID(bits: 3), before: .epoch, records: 1, buckets: 2)
    #expect(resources(.usageRemoved(removed)) == [3])
    let erased = PrivateErased(
      erasure: NoteID(bits: 9), target: .records([RecordID(bits: 1), RecordID(bits: 2)]), counted: 0)
    #expect(resources(.privateErased(erased)) == [1, 2, 9])
  }

  /// Neither the actor's key nor the log's name counts.
  @Test func lineWithoutIdsNamesItsTeam() {
    #expect(resources(.legalHoldPlaced(LegalHoldPlaced())) == [0xA0])
    #expect(resources(.retentionChanged(RetentionChanged(old: nil, new: 400))) == [0xA0])
  }
}
