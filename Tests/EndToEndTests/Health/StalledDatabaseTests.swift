import Foundation
import Postgres
import TallyTesting
import Testing

extension EndToEnd {
  @Suite("A stalled database")
  struct StalledDatabaseTests {
    /// Edits that wait while the database is silent: more than there are lanes and connections.
    private static let waitingEdits = 60

    @Test(
      "With every connection stalled the process says that it is alive and not ready; edits get 503 and nothing is sent"
    )
    func stalledDatabaseStopsNothingButItself() async throws {
      try await World.with { world in
        let member = try await world.makeMember()
        let (relay, settings) = try await FaultRelay.start(to: ConnectionSettings(url: world.databaseURL))
        let gateway = try await TallyProcess.start(
          TallyProcess.Settings(
            databaseURL: settings.url, dataFolder: world.folder.appending(path: "stalled"),
            upstream: try #require(world.sandbox).address, name: "serve-stalled"),
          in: world.folder)
        do {
          try await check(world, member, relay, gateway)
        } catch {
          await gateway.stop()
          await relay.stop()
          throw error
        }
        await gateway.stop()
        await relay.stop()
      }
    }

    private func check(
      _ world: World, _ member: World.Member, _ relay: FaultRelay, _ gateway: TallyProcess
    ) async throws {
      let client = HTTP(base: gateway.address).with(key: member.key)
      let body = World.edit(image: World.publicImage)
      #expect(try await client.post("/api/features", json: body).status == 200)
      await relay.stall(true)
      let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<Self.waitingEdits {
          group.addTask { try await client.post("/api/features", json: body).status }
        }
        // The last answer is good for a second.
        _ = try await gateway.process.wait(within: .seconds(60), "the gateway not to be ready") {
          try await client.get("/readyz").status == 503 ? true : nil
        }
        for _ in 0..<20 { #expect(try await client.get("/healthz").status == 200) }
        return try await group.reduce(into: [Int]()) { $0.append($1) }
      }
      #expect(Set(statuses) == [503])
      await relay.stall(false)
      _ = try await gateway.process.wait(within: .seconds(60), "the database to be back") {
        try await client.get("/readyz").status == 200 ? true : nil
      }
      #expect(try #require(world.sandbox).truthLog.edits().count == 1)
      _ = try await gateway.process.wait(within: .seconds(60), "holds that nobody waits for to be released") {
        try await world.listed(member)["heldCredit"].integer == 0 ? true : nil
      }
      #expect(try await world.listed(member)["usedCredit"].integer == 33_000)
      #expect(try await world.check().status == 0)
    }
  }
}
