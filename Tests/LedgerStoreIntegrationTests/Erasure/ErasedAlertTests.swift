import Ledger
import LedgerStore
import TallyTesting
import Testing

/// An alert holds an address, and none may come back once the member is gone.
@Suite struct ErasedAlertTests {
  private static let by = Administrator(name: "test", reason: "a test")

  private static func setAlert(
    _ id: UInt128, on subject: BudgetSubject, of team: TeamID, in store: LedgerStore
  ) async throws {
    let secret = try #require(AlertSecret(bytes: [UInt8](repeating: 2, count: 32)))
    _ = try await store.setAlert(
      Alert(
        id: NoteID(bits: id), team: team, subject: subject, thresholds: [50],
        url: "https://example.com/\(ErasureFixture.word)/\(id)", secret: secret), keepsSecret: true, by: by)
  }

  private static func expectRefused(_ fixture: ErasureFixture, in store: LedgerStore) async {
    for subject in [BudgetSubject.member(fixture.member), .key(fixture.key)] {
      let error = await #expect(throws: StoreError.self) {
        try await setAlert(0xFA, on: subject, of: fixture.ledger.team, in: store)
      }
      #expect(error?.description.contains("the member is erased") == true, "\(String(describing: error))")
    }
  }

  @Test func onAMemberThatIsErasedOrIsBeingNoAlertCanBeSet() async throws {
    struct Cut: Error {}
    try await withLedgerStore { store, database in
      let fixture = try await ErasureFixture.make(in: store, database)
      let team = fixture.ledger.team
      try await fixture.resolveOpen(in: store)
      try await Self.setAlert(0xFB, on: .key(fixture.key), of: team, in: store)
      await #expect(throws: StoreError.self) {
        _ = try await store.erase(member: ErasureFixture.word, of: team, by: Self.by) { _ in
        } pause: { _ in
          throw Cut()
        }
      }
      // It has begun, and its line is still to come.
      await Self.expectRefused(fixture, in: store)
      _ = try await store.erase(member: ErasureFixture.word, of: team, by: Self.by)
      await Self.expectRefused(fixture, in: store)
      #expect(try await store.alerts(of: team) == [])
      #expect(try await ErasureFixture.tablesWithTheWord(in: database) == [])
      // Others' budgets, and the team's, are as before.
      try await Self.setAlert(0xFC, on: .member(fixture.ledger.first), of: team, in: store)
      try await Self.setAlert(0xFD, on: .team(team), of: team, in: store)
      #expect(try await store.alerts(of: team).count == 2)
    }
  }
}
