import Ledger
import LedgerStore
import TallyTesting
import Testing

@Suite struct AssetTests {
  @Test func storageKeyIsTheTeamsThatUploadedOrMadeIt() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      let asset = asset(of: ledger, "images/upload.png")
      try await store.storeAsset(asset)
      // Again, as after an answer that was lost.
      try await store.storeAsset(asset)
      for key in ["images/upload.png", "images/\(ledger.settled)_0.png"] {
        #expect(try await store.ownsStorageKey(key, team: ledger.team))
        #expect(try await store.ownsStorageKey(key, team: TeamID(bits: 1)) == false)
      }
      for key in ["images/UPLOAD.png", "images/upload.pn", "", "images/upload.png\0"] {
        #expect(try await store.ownsStorageKey(key, team: ledger.team) == false, "\(key)")
      }
    }
  }

  @Test func namesThatNoColumnTakesAreRefusedOrMended() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      for key in ["", "a\0b", String(repeating: "k", count: 1_025)] {
        let error = await #expect(throws: StoreError.self) { try await store.storeAsset(asset(of: ledger, key)) }
        guard case .invalid(field: "storageKey", message: _)? = error?.reason else {
          Issue.record("\(String(describing: error))")
          continue
        }
      }
      try await store.storeAsset(asset(of: ledger, "k", name: "pic\0ture.png"))
      #expect(
        try await database.texts("SELECT original_name FROM tally.asset WHERE storage_key = 'k'") == ["picture.png"])
    }
  }

  private func asset(of ledger: SmallLedger, _ key: String, name: String? = "picture.png") -> NewAsset {
    NewAsset(
      team: ledger.team, storageKey: key, member: ledger.first, mediaType: "image/png", bytes: 10,
      originalName: name, createdAt: Timestamp(microseconds: 1_795_435_200_000_000))
  }
}
