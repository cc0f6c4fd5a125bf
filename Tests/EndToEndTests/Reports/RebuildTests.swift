import Ledger
import Postgres
import TallyTesting
import Testing

extension EndToEnd {
  /// What an operator does when the check names a row of usage.
  @Suite("Rebuilding usage") struct RebuildTests {
    @Test func rowThatTheCheckNamesIsPutRightBesideAGateway() async throws {
      try await World.with { world in
        let member = try await world.makeMember()
        #expect(try await world.submit(as: member).status == 200)
        let damage = try await Connection.open(
          try ConnectionSettings(url: world.databaseURL), logger: TestCluster.logger)
        try await damage.execute(script: "UPDATE tally.usage_bucket SET charged = charged + 1")
        await damage.close()
        let found = try await world.check()
        #expect(found.status == 1)
        #expect(found.output.contains("usage_matches_log"))

        let missing = try await world.tally.run([
          "report", "rebuild", member.team, "--from", "2020-01-01", "--to", "9000-01-01",
        ])
        #expect(missing.status == 64)
        #expect(missing.errors.contains("--reason"))
        let ragged = try await world.tally.run([
          "report", "rebuild", member.team, "--from", "2020-01-01T00:01:00Z", "--to", "9000-01-01", "--reason",
          "a test",
        ])
        #expect(ragged.status != 0)
        #expect(ragged.errors.contains("whole quarter of an hour"))
        let rebuilt = try await world.tally.json(
          "report", "rebuild", member.team, "--from", "2020-01-01", "--to", "9000-01-01", "--reason", "a test")
        #expect(rebuilt["changed"].integer == 1)
        let again = try await world.tally.json(
          "report", "rebuild", member.team, "--from", "2020-01-01", "--to", "9000-01-01", "--reason", "a test")
        #expect(again["changed"].integer == 0)
        #expect((again["index"].integer ?? 0) > (rebuilt["index"].integer ?? 0))
        #expect(try await world.submit(as: member).status == 200)
        let sound = try await world.check()
        #expect(sound.status == 0, "\(sound.output)")
      }
    }
  }
}
