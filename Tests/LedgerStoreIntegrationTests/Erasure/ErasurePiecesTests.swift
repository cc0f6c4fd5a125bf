import Ledger
import LedgerStore
import Synchronization
import TallyTesting
import Testing

/// An erasure that takes more than one window, transaction and look.
@Suite struct ErasurePiecesTests {
  /// Lines of a window, rows of a transaction, assets of a look.
  @Test(arguments: [(1, 1, 1), (3, 2, 2)] as [(Int64, Int, Int)])
  func anErasureInSmallPiecesTakesTheSame(windowLines: Int64, rows: Int, assets: Int) async throws {
    let by = Administrator(name: "test", reason: "they asked for it")
    var pieces = TakenAtOnce()
    pieces.windowLines = windowLines
    pieces.erasedRows = rows
    pieces.assets = assets
    try await withShiftedStore(takingAtOnce: pieces) { store, database, _ in
      let fixture = try await ErasureFixture.make(in: store, database)
      try await fixture.resolveOpen(in: store)
      let size = try await store.logState(of: fixture.ledger.team).size
      let seen = Progress()
      let transactions = Mutex(0)
      let report = try await store.erase(member: ErasureFixture.word, of: fixture.ledger.team, by: by) { progress in
        seen.note(progress)
      } pause: { _ in
        transactions.withLock { $0 += 1 }
      }
      #expect(report.erasure.counted == 21)
      #expect(seen.all.count == (Int(size) + Int(windowLines) - 1) / Int(windowLines))
      // 13 payloads and the assets do not fit into fewer.
      #expect(transactions.withLock { $0 } > 13 / rows)
      #expect(try await ErasureFixture.tablesWithTheWord(in: database) == [])
      try await expectSound(store)
    }
  }
}
