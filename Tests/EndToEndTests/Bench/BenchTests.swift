import Foundation
import TallyTesting
import Testing

extension EndToEnd {
  @Suite("Benchmarks")
  struct BenchTests {
    @Test("bench ledger books exactly what its edits cost, and leaves a ledger that holds", arguments: [["--hot"], []])
    func engineBooksFit(arguments: [String]) async throws {
      try await World.with { world in
        let teams = arguments.isEmpty ? ["--teams", "3"] : []
        let bench = try await world.tally.run(
          [
            "bench", "ledger", "--json", "--members", "2", "--clients", "8", "--warm-up", "0", "--seconds", "60",
            "--edits", "40",
          ] + arguments + teams
        ).json
        #expect(bench["booksFit"].boolean == true)
        #expect(bench["errors"].integer == 0)
        #expect((bench["settledEdits"].integer ?? 0) >= 40)
        #expect(bench["chargedCredits"].integer == (bench["settledEdits"].integer ?? 0) * 33_000)
        // Without the truth log: what the benchmark books was never sent anywhere.
        let check = try await world.tally.run(["ledger", "check"])
        #expect(check.status == 0, "\(check.output)")
        // Its own teams are no reason to refuse a second run; anybody else's are.
        let again = try await world.tally.run([
          "bench", "ledger", "--hot", "--clients", "1", "--warm-up", "0", "--edits", "1",
        ])
        #expect(again.status == 0, "\(again.errors)")
        _ = try await world.tally.json("team", "create", "acme")
        let refused = try await world.tally.run(["bench", "ledger", "--hot"])
        #expect(refused.status == 64)
        #expect(refused.errors.contains("acme"))
      }
    }

    @Test("bench records makes months of edits that hold every invariant, and makes nothing twice")
    func recordsHoldEveryInvariant() async throws {
      try await World.with(gateways: 0) { world in
        let command = [
          "bench", "records", "--teams", "4", "--edits", "3000", "--members", "8", "--months", "3", "--seed", "7",
        ]
        let made = try await world.tally.run(command + ["--json"]).json
        let sum = ["settled", "released", "refused"].reduce(0) { $0 + (made[$1].integer ?? 0) }
        #expect(sum == 3_000, "\(made)")
        for kind in ["released", "refused", "credited", "closedMonths"] { #expect((made[kind].integer ?? 0) > 0) }
        let check = try await world.tally.run(["ledger", "check"])
        #expect(check.status == 0, "\(check.output)")
        let teams = made["teamList"].elements
        #expect(teams.reduce(0) { $0 + ($1["edits"].integer ?? 0) } == 3_000)
        #expect(teams.allSatisfy { $0["key"].string?.hasPrefix("tally_") == true })

        let again = try await world.tally.run(command)
        #expect(again.status == 1)
        #expect(again.errors.contains("--seed"))
        _ = try await world.tally.json("team", "create", "acme")
        let refused = try await world.tally.run(command)
        #expect(refused.status == 64)
        #expect(refused.errors.contains("acme"))
      }
    }

    @Test("bench edits sends edits at its rate, and counts every answer that is no success")
    func loadCountsEveryAnswer() async throws {
      try await World.with { world in
        let keys = try await world.tally.run(["bench", "teams", "--teams", "2"])
        #expect(keys.output.split(separator: "\n").count == 2)
        let file = world.folder.appending(path: "keys.txt")
        try Data(keys.output.utf8).write(to: file)
        let load = ["bench", "edits", "--url", world.gateways[0].address, "--key-file", file.path, "--warm-up", "0"]
        let done = try await world.tally.run(load + ["--rate", "20", "--seconds", "1", "--json"]).json
        #expect(done["intended"].integer == 20)
        #expect((done["edits"].integer ?? 0) + (done["errors"].integer ?? 0) + (done["dropped"].integer ?? 0) == 20)
        #expect(done["errors"].integer == 0, "\(done)")
        let used = try await world.tally.json("team", "list").elements.map { $0["usedCredit"].integer ?? 0 }
        #expect(used.reduce(0, +) == 20 * 33_000)

        let closed = try await world.tally.run(
          load + ["--rate", "max", "--connections", "2", "--seconds", "1", "--json"]
        ).json
        #expect((closed["edits"].integer ?? 0) > 0)
        #expect(closed["errors"].integer == 0)

        let foreign = try await world.tally.run(
          load + ["--rate", "5", "--seconds", "1", "--image", "images/nobody.png", "--json"])
        #expect(foreign.status == 1)
        #expect(foreign.json["edits"].integer == 0)
        #expect(foreign.json["errors"].integer == 5)
        #expect(foreign.json["errorsByKind"].description.contains("http4"))
      }
    }
  }
}
