import Ledger
import LedgerStore
import TallyTesting
import Testing
import TransparencyLog

/// One line over the newest heads of all teams' logs, and what proves one of them.
@Suite struct CoveringTests {
  private static let state = SignerStateID(bits: 0x51)

  /// Signs the newest head of each log, as the signer does.
  private static func sign(_ store: LedgerStore, _ term: Int64) async throws {
    let key = try #require(NoteSigningKey(newNamed: "tally.local"))
    let heads = try await store.logTips(after: nil, limit: 100).map { tip in
      let root = tip.log.peaks.root
      let note = try Checkpoint(origin: tip.log.origin, size: tip.log.size, root: root).signed(by: key)
      return LogHead(
        team: tip.team, origin: tip.log.origin, size: tip.log.size, root: root, note: note.bytes, signedAt: .epoch)
    }
    #expect(try await store.storeHeads(heads, term: term))
  }

  private static func begin(_ store: LedgerStore, teams: Int) async throws -> (teams: [TeamID], term: Int64) {
    var ids: [TeamID] = []
    for number in 1...teams {
      let id = TeamID(bits: UInt128(number) << 100 | 0xA0)
      _ = try await store.createTeam(NewTeam(id: id, name: "team \(number)"), by: SmallLedger.administrator)
      ids.append(id)
    }
    return (ids, try #require(try await store.takeSignerLease(state: state, after: nil, for: .seconds(60))))
  }

  @Test func theNewestHeadsOfAllTeamsAreCoveredWhereOneChanged() async throws {
    try await withLedgerStore { store, _ in
      #expect(try await store.coverHeads() == nil)
      let (teams, term) = try await Self.begin(store, teams: 5)
      #expect(try await store.coverHeads() == nil)
      try await Self.sign(store, term)
      let covered = try #require(try await store.coverHeads())
      #expect(covered.count == 5)
      // By the definition, over what the tables say.
      let tips = try await store.logTips(of: teams)
      let texts = tips.compactMap(\.head).map { "\($0.origin) \($0.size) \($0.root.base64)" }
      let leaves = texts.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { LeafHash.hash(Array($0.utf8)) }
      var peaks = Peaks()
      for leaf in leaves { peaks.add(leaf) }
      #expect(covered.root.bytes == peaks.root.bytes)
      #expect(try await store.coverHeads() == nil)
      let line = try #require(try await store.loggedLine(of: .operatorLog, at: 1))
      #expect(try Line.parse(line.line).1 == .headsCovered(covered))
      #expect(try Line.parse(line.line).0.actor == .system)
      // The operator's own head, signed again or not, changes nothing of it.
      try await Self.sign(store, term)
      #expect(try await store.coverHeads() == nil)
      try await store.changeLegalHold(of: teams[2], isOn: true, by: SmallLedger.administrator)
      #expect(try await store.coverHeads() == nil)
      try await Self.sign(store, term)
      let second = try #require(try await store.coverHeads())
      #expect(second.count == 5 && second.root != covered.root)
      #expect(try await store.headCovering()?.index == 2)
    }
  }

  @Test func eachCoveredHeadIsProved() async throws {
    try await withLedgerStore { store, database in
      let (teams, term) = try await Self.begin(store, teams: 7)
      let missing = await #expect(throws: StoreError.self) { try await store.coveredPlace(of: teams[0]) }
      guard case .notFound = missing?.reason else {
        Issue.record("\(String(describing: missing))")
        return
      }
      try await Self.sign(store, term)
      let covered = try #require(try await store.coverHeads())
      let root = try #require(Digest(bytes: covered.root.bytes))
      for team in teams {
        let place = try await store.coveredPlace(of: team)
        #expect(place.covering.root == root && place.covering.index == 1)
        #expect(place.head.origin == "tally.local/\(team)" && place.head.size == 1)
        try place.proof.verify(leaf: place.head.leaf, root: root)
      }
      // While other heads are being collected nothing is proved by the line before.
      try await database.execute("UPDATE tally.covered_head SET size = 9 WHERE team_id = '\(teams[3])'")
      let error = await #expect(throws: StoreError.self) { try await store.coveredPlace(of: teams[0]) }
      guard case .conflict = error?.reason else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(try await store.coverHeads() == nil)
      _ = try await store.coveredPlace(of: teams[0])
    }
  }

  @Test func aLogThatWasReplacedIsCoveredByItsNewName() async throws {
    try await withLedgerStore { store, database in
      let (teams, term) = try await Self.begin(store, teams: 2)
      try await Self.sign(store, term)
      _ = try await store.coverHeads()
      try await database.execute("UPDATE tally.team SET is_halted = true WHERE team_id = '\(teams[0])'")
      let log = try await store.recoverLog(of: teams[0], known: nil, by: SmallLedger.administrator).log
      try await Self.sign(store, term)
      #expect(try await store.coverHeads()?.count == 2)
      #expect(try await store.coveredPlace(of: teams[0]).head.origin == log)
    }
  }
}
