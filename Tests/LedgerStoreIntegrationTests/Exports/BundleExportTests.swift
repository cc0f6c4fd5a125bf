import Audit
import Exports
import Foundation
import Ledger
import LedgerStore
import TallyTesting
import Testing
import TransparencyLog

@Suite struct BundleExportTests {
  /// The files of a folder by name.
  private static func files(_ folder: String) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
      files[name] = FileManager.default.contents(atPath: "\(folder)/\(name)")
    }
    return files
  }

  private static func verify(_ folder: String, _ team: ExportedTeam) throws -> Verification {
    var verifier = BundleVerifier(folder: folder)
    verifier.pinnedKeys = [team.key.verifier]
    return try verifier.verify()
  }

  @Test func everyRangeIsABundleThatIsFoundWhole() async throws {
    try await withExportedTeam { team, folder in
      let size = try await team.store.logState(of: team.team).size
      let (first, second) = (team.closed[0].index, team.closed[1].index)
      let cases: [(from: Int64?, to: Int64?, start: Int64)] = [
        (nil, nil, 0), (0, size, 0), (first - 1, size, 0), (first, size, first), (first + 1, second, first),
        (second, size - 2, second), (size, size, second), (0, 0, 0), (second, second, second),
      ]
      for (number, range) in cases.enumerated() {
        let plan = try await team.exports.plan(
          team.request(.bundle, from: range.from, to: range.to), now: team.now)
        #expect(plan.start == range.start && plan.to == range.to ?? size, "case \(number)")
        let bundle = "\(folder)/\(number)"
        let writer = try BundleWriter(try await team.exports.bundleRange(plan), in: bundle)
        let manifest = try await team.exports.fill(writer) { done, all in #expect(done <= all) }
        #expect(manifest.from == range.start && writer.bookFault == nil)
        #expect(try Self.verify(bundle, team).verdict == .untied, "case \(number)")
      }
    }
  }

  @Test func anArchiveUnpacksToTheSameFiles() async throws {
    try await withExportedTeam { team, folder in
      for (number, from) in [0, team.closed[1].index].enumerated() {
        var request = team.request(.bundle, from: from)
        request.withPrivate = number == 0
        let plan = try await team.exports.plan(request, now: team.now)
        let expected = "\(folder)/bundle-\(number)"
        _ = try await team.exports.fill(
          try BundleWriter(try await team.exports.bundleRange(plan), in: expected)
        ) { _, _ in }
        let archive = "\(folder)/\(number).tar"
        try Data().write(to: URL(filePath: archive))
        let file = try #require(FileHandle(forWritingAtPath: archive))
        let scratch = "\(folder)/scratch"
        try await team.exports.write(plan, by: scratch, now: team.now) { try file.write(contentsOf: $0) }
        try file.close()
        #expect(!FileManager.default.fileExists(atPath: scratch))
        let tar = Process()
        tar.executableURL = URL(filePath: "/bin/tar")
        tar.arguments = ["-xf", archive, "-C", folder]
        try tar.run()
        tar.waitUntilExit()
        #expect(tar.terminationStatus == 0)
        let unpacked = "\(folder)/\(LogExports.archiveFolder(plan))"
        #expect(try Self.files(unpacked) == Self.files(expected))
        #expect(try Self.verify(unpacked, team).verdict == .untied)
      }
    }
  }

  /// Other users of the machine see nothing of what is on its way to one team.
  @Test func whatIsOnItsWayOutIsForTheGatewayAlone() async throws {
    try await withExportedTeam { team, folder in
      let plan = try await team.exports.plan(team.request(.bundle), now: team.now)
      let scratch = "\(folder)/scratch"
      var modes: Set<Int> = []
      try await team.exports.write(plan, by: scratch, now: team.now) { _ in
        let mode = try FileManager.default.attributesOfItem(atPath: scratch)[.posixPermissions] as? Int
        modes.insert(mode ?? 0)
      }
      #expect(modes == [0o700])
    }
  }

  @Test func anArchiveThatIsNotTakenLeavesNothingBehind() async throws {
    struct Gone: Error {}
    try await withExportedTeam { team, folder in
      let plan = try await team.exports.plan(team.request(.bundle), now: team.now)
      var pieces = 0
      await #expect(throws: Gone.self) {
        try await team.exports.write(plan, by: "\(folder)/scratch", now: team.now) { _ in
          pieces += 1
          if pieces == 4 { throw Gone() }
        }
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
    }
  }

  @Test func aHeadThatTheReaderHoldsIsTied() async throws {
    try await withExportedTeam { team, folder in
      let second = team.closed[1].index
      let lines = try await team.lines()
      var peaks = Peaks()
      for line in lines.prefix(7) { peaks.add(LeafHash.hash(line)) }
      let origin = try await team.store.logState(of: team.team).origin
      let known = try Checkpoint(origin: origin, size: 7, root: peaks.root).signed(by: team.key)
      for (number, from) in [0, second].enumerated() {
        var request = team.request(.bundle, from: from)
        request.knownHead = known
        let plan = try await team.exports.plan(request, now: team.now)
        let range = try await team.exports.bundleRange(plan)
        #expect((range.knownProof == nil) == (from == 0))
        let bundle = "\(folder)/\(number)"
        _ = try await team.exports.fill(try BundleWriter(range, in: bundle)) { _, _ in }
        var verifier = BundleVerifier(folder: bundle)
        verifier.pinnedKeys = [team.key.verifier]
        verifier.knownHead = known
        #expect(try verifier.verify().verdict == .extending)
      }
      var wrong = team.request(.bundle)
      wrong.knownHead = try Checkpoint(origin: origin, size: 7, root: LeafHash.hash([1])).signed(by: team.key)
      let plan = try await team.exports.plan(wrong, now: team.now)
      await #expect(throws: ExportFailure.contradiction(size: 7)) { try await team.exports.bundleRange(plan) }
      wrong.knownHead = try Checkpoint(origin: "other/log", size: 7, root: peaks.root).signed(by: team.key)
      let foreign = try await team.exports.plan(wrong, now: team.now)
      await #expect(throws: ExportFailure.self) { try await team.exports.bundleRange(foreign) }
    }
  }

  /// Over HTTP a reader names the size of its head alone: the proof is the same.
  @Test func aHeadIsTiedByItsSizeAlone() async throws {
    try await withExportedTeam { team, folder in
      let second = team.closed[1].index
      var peaks = Peaks()
      for line in try await team.lines().prefix(7) { peaks.add(LeafHash.hash(line)) }
      let origin = try await team.store.logState(of: team.team).origin
      let known = try Checkpoint(origin: origin, size: 7, root: peaks.root).signed(by: team.key)
      for (number, from) in [Int64(0), second].enumerated() {
        var request = team.request(.bundle, from: from)
        request.knownSize = 7
        let range = try await team.exports.bundleRange(try await team.exports.plan(request, now: team.now))
        (request.knownSize, request.knownHead) = (nil, known)
        let same = try await team.exports.bundleRange(try await team.exports.plan(request, now: team.now))
        #expect(range.knownProof == same.knownProof && (range.knownProof == nil) == (from == 0))
        let bundle = "\(folder)/\(number)"
        _ = try await team.exports.fill(try BundleWriter(range, in: bundle)) { _, _ in }
        var verifier = BundleVerifier(folder: bundle)
        verifier.pinnedKeys = [team.key.verifier]
        verifier.knownHead = known
        #expect(try verifier.verify().verdict == .extending)
      }
      var request = team.request(.bundle)
      request.knownSize = try await team.store.logState(of: team.team).size + 1
      let error = await #expect(throws: StoreError.self) { try await team.exports.plan(request, now: team.now) }
      guard case .invalid("known", _) = error?.reason else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
  }

  @Test func aLogWithoutAHeadSaysSo() async throws {
    try await withExportedTeam { team, _ in
      // A head that reaches less far than the log, and none at all.
      let size = try await team.store.logState(of: team.team).size
      _ = try await team.store.hold(team.ledger.request(RecordID(bits: 0xF01)))
      await #expect(throws: ExportFailure.shortHead(size: size)) {
        try await team.exports.plan(team.request(.bundle), now: team.now)
      }
      var request = team.request(.bundle)
      request.takesShortHead = true
      let plan = try await team.exports.plan(request, now: team.now)
      #expect(plan.to == size && plan.isHeadShort)
      // What was asked for is all there: that the log goes on is no reason for a warning.
      request.to = .index(size - 1)
      let asked = try await team.exports.plan(request, now: team.now)
      #expect(asked.to == size - 1 && !asked.isHeadShort)
      request.to = nil
      try await team.database.execute("DELETE FROM tally.checkpoint")
      await #expect(throws: ExportFailure.noHead) { try await team.exports.plan(request, now: team.now) }
      #expect(try await team.exports.plan(team.request(.lines), now: team.now).to == size + 1)
      try await team.sign()
      let other = try #require(NoteSigningKey(newNamed: "tally.local")).verifier
      await #expect(throws: ExportFailure.unknownKey) {
        try await LogExports(store: team.store, pace: .full) { [other] }.plan(request, now: team.now)
      }
    }
  }

  @Test func anExportIsToldOfBeforeItsFirstLine() async throws {
    try await withExportedTeam { team, _ in
      var request = team.request(.bundle, from: team.closed[0].index + 1)
      request.withPrivate = true
      let plan = try await team.exports.plan(request, now: team.now)
      let id = NoteID(bits: 0x77)
      try await team.exports.note(plan, id: id, by: SmallLedger.administrator)
      try await team.exports.note(plan, id: id, by: SmallLedger.administrator)
      let told = try await team.lines().compactMap { line -> ExportCreated? in
        guard case .exportCreated(let event) = try Line.parse(line).1 else { return nil }
        return event
      }
      #expect(
        told == [
          ExportCreated(export: id, from: team.closed[0].index, to: plan.to, filters: nil, withPrivate: true)
        ])
    }
  }
}
