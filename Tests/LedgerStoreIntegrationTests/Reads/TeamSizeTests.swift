import Ledger
import LedgerStore
import TallyTesting
import Testing

/// Members and keys of a team have a limit, so that no loop of an administrator's grows its books for ever.
@Suite struct TeamSizeTests {
  private static let by = SmallLedger.administrator

  @Test func noMemberIsAddedToAFullTeam() async throws {
    let limit: (inout LedgerStoreSettings) -> Void = { $0.maximumMembersPerTeam = 3 }
    try await withLedgerStore(limit) { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      let members = try await store.members(of: ledger.team).count
      for number in members..<3 { try await Self.add(UInt128(number), to: ledger, in: store) }
      let size = try await store.team(ledger.team).logSize
      let error = await #expect(throws: StoreError.self) { try await Self.add(9, to: ledger, in: store) }
      let message = "a team has at most 3 members, and this one has them"
      #expect(error?.reason == .invalid(field: "userId", message: message))
      #expect(try await store.members(of: ledger.team).count == 3)
      #expect(try await store.team(ledger.team).logSize == size)
    }
  }

  private static func add(_ number: UInt128, to ledger: SmallLedger, in store: LedgerStore) async throws {
    _ = try await store.addMember(
      NewMember(team: ledger.team, id: MemberID(bits: 0x900 + number), userID: "user-9\(number)", userName: "Nine"),
      by: by)
  }

  @Test func noKeyIsIssuedOrRotatedInAFullTeam() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      let keys = try await store.keys(of: ledger.team).count
      let full = try await database.openStore { $0.maximumKeysPerTeam = keys }
      let message = "a team has at most \(keys) keys, and this one has them"
      let issued = await #expect(throws: StoreError.self) {
        _ = try await full.issueKey(
          NewKey(
            team: ledger.team, id: KeyID(bits: 0x999), member: ledger.first, hash: try SmallLedger.hash(9),
            hint: "nine",
            scopes: [.edit]), by: Self.by)
      }
      #expect(issued?.reason == .invalid(field: "userId", message: message))
      let rotated = await #expect(throws: StoreError.self) {
        _ = try await full.rotateKey(
          KeyRotation(
            team: ledger.team, key: ledger.firstKey, newKey: KeyID(bits: 0x998), hash: try SmallLedger.hash(8),
            hint: "eight",
            overlapSeconds: 0), by: Self.by)
      }
      #expect(rotated?.reason == .invalid(field: "id", message: message))
      #expect(try await store.keys(of: ledger.team).count == keys)
      await full.close(within: .seconds(5))
    }
  }
}
