import Foundation
import Ledger
import TallyTesting
import Testing
import TransparencyLog

/// What months and gateways leave.
extension EndToEnd.ExportTests {
  @Test("What a gateway that died left of its exports is gone when it starts again")
  func leftoversAreGone() async throws {
    try await World.with(gateways: 0) { world in
      let data = world.folder.appending(path: "data-0")
      let left = data.appending(path: "exports/4711")
      try FileManager.default.createDirectory(at: left, withIntermediateDirectories: true)
      try Data("half a table".utf8).write(to: left.appending(path: "usage.csv"))
      let gateway = try await TallyProcess.start(
        TallyProcess.Settings(
          databaseURL: world.databaseURL, dataFolder: data, upstream: world.sandbox?.address ?? "", arguments: [],
          name: "serve-0"), in: world.folder)
      #expect(!FileManager.default.fileExists(atPath: left.path))
      await gateway.stop()
    }
  }

  @Test("A month's statement opens as the one before it closed")
  func statementsChain() async throws {
    try await Self.with { world, _, finance, closed in
      let http = world.http.with(key: finance.key)
      let missing = try await http.get("/v1/statements/1999-12")
      #expect(missing.status == 404, "\(missing.text)")
      let last = try await http.get("/v1/statements/\(Self.lastMonth())")
      #expect(last.status == 200 && last.json["complete"].boolean == true, "\(last.text)")
      #expect(last.json["statement"]["from"].integer == 0 && last.json["statement"]["to"].integer == closed)
      let running = try await http.get("/v1/statements/\(Self.runningMonth())")
      #expect(running.status == 200, "\(running.text)")
      #expect(running.json["complete"].boolean == false)
      let statement = running.json["statement"]
      #expect(statement["from"].integer == closed)
      let rows = statement["rows"].elements.filter { $0["scope"].string == "team" }
      #expect(
        rows.map { $0["usedAtOpen"].integer } == [99_000] && rows.map { $0["usedAtClose"].integer } == [132_000])
      let table = try await HTTP(base: world.gateways[0].address, headers: ["Accept": "text/csv"])
        .with(key: finance.key).get("/v1/statements/\(Self.runningMonth())")
      #expect(table.headers["content-type"] == "text/csv; charset=utf-8")
      let log = try await world.log(of: finance.team)
      #expect(log.filter { $0.event.action == .reportRead }.count == 1)
    }
  }
}
