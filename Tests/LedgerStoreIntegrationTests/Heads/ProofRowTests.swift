import Ledger
import LedgerStore
import TallyTesting
import Testing
import TransparencyLog

/// What proofs are made of, from the tables.
@Suite struct ProofRowTests {
  /// The lines' leaf hashes, from their bytes.
  private static func leaves(of team: TeamID, in store: LedgerStore) async throws -> [Digest] {
    var leaves: [Digest] = []
    while let line = try await store.loggedLine(of: team, at: Int64(leaves.count)) {
      #expect(!line.isPruned)
      #expect(LeafHash.hash(line.line) == line.leaf)
      leaves.append(LeafHash.hash(line.line))
    }
    return leaves
  }

  @Test func proofsFromStoredRowsLeadToTheRecomputedRoot() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      let state = try await store.logState(of: ledger.team)
      let leaves = try await Self.leaves(of: ledger.team, in: store)
      var roots = [NodeHash.emptyRoot]
      var peaks = Peaks()
      for leaf in leaves {
        peaks.add(leaf)
        roots.append(peaks.root)
      }
      #expect(state.size == Int64(leaves.count))
      #expect(state.peaks == peaks)
      #expect(state.origin == "tally.local/\(ledger.team)")
      let size = state.size
      for index in 0..<size {
        let rows = try await store.treeRows(of: ledger.team, try InclusionProof.plan(index: index, size: size).rows)
        try InclusionProof(index: index, size: size, from: rows.hash).verify(leaf: leaves[Int(index)], root: peaks.root)
      }
      for old in 0...size {
        let rows = try await store.treeRows(
          of: ledger.team, try ConsistencyProof.plan(oldSize: old, newSize: size).rows)
        try ConsistencyProof(oldSize: old, newSize: size, from: rows.hash)
          .verify(oldRoot: roots[Int(old)], newRoot: peaks.root)
      }
    }
  }

  @Test func rowsOfSeveralLogsComeTogether() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      let other = TeamID(bits: 0xA9)
      _ = try await store.createTeam(NewTeam(id: other, name: "Other"), by: SmallLedger.administrator)
      let trees = try await store.treeRows([ledger.team: [0, 1, 999], other: [0]])
      let first = try await store.loggedLine(of: ledger.team, at: 0)
      let others = try await store.loggedLine(of: other, at: 0)
      #expect(trees[ledger.team]?.hash(of: .leaf(0)) == first?.leaf)
      #expect(trees[ledger.team]?.hash(of: .leaf(1)) != nil)
      #expect(trees[ledger.team]?.hash(of: .leaf(999)) == nil)
      #expect(trees[other]?.hash(of: .leaf(0)) == others?.leaf)
      #expect(try await store.treeRows([:]).isEmpty)
    }
  }

  @Test func aLineTellsWhichEditItIsAbout() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      #expect(try await store.loggedLine(of: ledger.team, at: 0)?.record == nil)
      let record = try #require(try await store.record(ledger.settled, of: ledger.team))
      let index = try #require(record.resolveIndex)
      #expect(try await store.loggedLine(of: ledger.team, at: index)?.record == ledger.settled)
      #expect(try await store.loggedLine(of: ledger.team, at: 999) == nil)
      #expect(try await store.loggedLine(of: TeamID(bits: 7), at: 0) == nil)
    }
  }

  @Test func anUnknownTeamHasNoLogAndTooManyRowsAreRefused() async throws {
    try await withLedgerStore { store, _ in
      let unknown = await #expect(throws: StoreError.self) { try await store.logState(of: TeamID(bits: 7)) }
      #expect(unknown?.reason == .notFound("the team"))
      let many = await #expect(throws: StoreError.self) {
        try await store.treeRows(of: TeamID(bits: 7), Array(0...Int64(LedgerStore.treeRowsMaximum)))
      }
      #expect(many?.reason == .invalid(field: "indexes", message: "must be at most 1024"))
    }
  }
}
