import Ledger
import LedgerStore
import Postgres
import TallyTesting
import Testing

/// Salts of the private payloads.
@Suite struct SaltTests {
  /// Several lines of one command have one payload. Whoever is told the salt of one of them, by a bundle with payloads or a
  /// court, could else try what stands in the others, and would see that they are of one command.
  @Test func eachLineHasASaltOfItsOwn() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      let change = MemberChange(role: .set(.admin), limit: .set(Credits(600_000)))
      let before = try await store.team(ledger.team).logSize
      _ = try await store.changeMember(team: ledger.team, userID: "user-2", change, by: SmallLedger.administrator)
      #expect(try await store.team(ledger.team).logSize == before + 2)
      let salts = try await database.texts(
        "SELECT encode(salt, 'hex') FROM tally.log_private WHERE team_id = '\(ledger.team)'")
      #expect(Set(salts).count == salts.count)
      let payloads = try await database.texts(
        "SELECT convert_from(payload, 'UTF8') FROM tally.log_private WHERE index >= \(before)")
      #expect(payloads.count == 2 && Set(payloads).count == 1)
      let commitments = try await database.texts(
        """
        SELECT convert_from(line, 'UTF8')::json ->> 'private' FROM tally.log_line WHERE index >= \(before)
        """)
      #expect(Set(commitments).count == 2)
      #expect(try await store.check().violations == [])
    }
  }
}
