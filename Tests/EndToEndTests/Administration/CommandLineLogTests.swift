import Foundation
import Ledger
import TallyTesting
import Testing

extension EndToEnd {
  @Suite("Administration at the command line")
  struct CommandLineLogTests {
    /// One verb: its arguments before `--reason`, and what its lines must tell. `KEY` and `EDIT…` stand for ids that come to
    /// be on the way.
    private struct Verb: Sendable {
      var arguments: [String]
      var lines: [@Sendable (Event) -> Bool]

      init(_ arguments: String..., lines: @Sendable (Event) -> Bool...) {
        self.arguments = arguments
        self.lines = lines
      }
    }

    private static let verbs: [Verb] = [
      Verb("team", "create", "acme", "--limit", "900000") {
        if case .teamCreated(let event) = $0 { event.limit == Credits(900_000) } else { false }
      },
      Verb("member", "add", "acme", "user-1", "--name", "A", "--limit", "800000") {
        if case .memberAdded(let event) = $0 { event.limit == Credits(800_000) } else { false }
      },
      Verb("key", "issue", "acme", "user-1", "--rate", "none") {
        if case .keyIssued(let event) = $0 { event.scopes == [.edit] && event.ratePerMinute == 0 } else { false }
      },
      Verb(
        "team", "set", "acme", "--limit", "700000", "--time-zone", "Europe/Berlin", "--in-doubt-charge-after", "never",
        lines: {
          if case .teamChanged(let event) = $0 {
            event.old.timeZone == "UTC" && event.new.timeZone == "Europe/Berlin"
              && event.old.inDoubtChargeAfterSeconds == 86_400 && event.new.inDoubtChargeAfterSeconds == nil
          } else {
            false
          }
        },
        {
          if case .limitChanged(let event) = $0 {
            event.old == Credits(900_000) && event.new == Credits(700_000)
          } else {
            false
          }
        }),
      Verb("team", "set", "acme", "--status", "SUSPENDED") {
        if case .teamChanged(let event) = $0 {
          event.old.status == .active && event.new.status == .suspended
        } else {
          false
        }
      },
      Verb("team", "set", "acme", "--status", "ACTIVE", "--period", "total") {
        if case .teamChanged(let event) = $0 {
          event.old.status == .suspended && event.new.status == .active && event.old.period == .month
            && event.new.period == .total
        } else {
          false
        }
      },
      Verb("member", "set", "acme", "user-1", "--limit", "600000") {
        if case .limitChanged(let event) = $0 {
          event.old == Credits(800_000) && event.new == Credits(600_000)
        } else {
          false
        }
      },
      Verb("member", "set", "acme", "user-1", "--status", "SUSPENDED") { $0.action == .memberSuspended },
      Verb("member", "set", "acme", "user-1", "--status", "ACTIVE", "--role", "ADMIN") {
        if case .memberChanged(let event) = $0 {
          event.old.role == .member && event.new.role == .admin && event.old.status == .suspended
            && event.new.status == .active
        } else {
          false
        }
      },
      Verb("records", "resolve", "EDIT1", "--charge", "33000") {
        if case .settled(let event) = $0 { event.charge == Credits(33_000) } else { false }
      },
      Verb("records", "resolve", "EDIT2", "--release") {
        if case .released(let event) = $0 { event.cause == .administrator } else { false }
      },
      Verb("records", "credit", "EDIT1", "1000") {
        if case .credited(let event) = $0 { event.amount == Credits(1_000) } else { false }
      },
      Verb("key", "rotate", "KEY", "--overlap", "1h") {
        if case .keyRotated(let event) = $0 { event.oldExpiryBefore == nil } else { false }
      },
      Verb("key", "revoke", "KEY") { $0.action == .keyRevoked },
      Verb("audit", "legal-hold", "place", "acme") { $0.action == .legalHoldPlaced },
      Verb("audit", "legal-hold", "lift", "acme") { $0.action == .legalHoldLifted },
      Verb("audit", "erase", "acme", "--record", "EDIT2") {
        if case .privateErased(let event) = $0 { event.counted > 0 } else { false }
      },
      Verb("team", "set", "acme", "--keep-records", "400d") {
        if case .retentionChanged(let event) = $0 { event.old == nil && event.new == 400 } else { false }
      },
      // No edit comes near that threshold, so nothing but the test is sent.
      Verb(
        "alert", "set", "acme", "--scope", "team", "--at", "1000", "--url", "HOOK", "--webhook-allow", "127.0.0.1",
        lines: {
          if case .alertChanged(let event) = $0 { event.old == nil && event.new == [1_000] } else { false }
        }),
      Verb("alert", "test", "acme", "ALERT", "--webhook-allow", "127.0.0.1") {
        if case .alertDelivered(let event) = $0 { event.isDelivered && event.threshold == nil } else { false }
      },
      Verb("alert", "remove", "acme", "ALERT") {
        if case .alertChanged(let event) = $0 { event.old == [1_000] && event.new == nil } else { false }
      },
      Verb("report", "rebuild", "acme", "--from", "2020-01-01", "--to", "9000-01-01") {
        if case .usageRebuilt(let event) = $0 { event.changed == 0 } else { false }
      },
      Verb("audit", "export", "acme", "--format", "jsonl", "--out", "OUT") {
        if case .exportCreated(let event) = $0 { event.from == 0 && !event.withPrivate } else { false }
      },
      Verb("keys", "rotate") {
        if case .logKeyRotated(let event) = $0 { event.use == .checkpoint } else { false }
      },
      Verb("period", "close", "acme", "LAST") { $0.action == .periodClosed },
    ]

    /// Verbs whose lines need more than a team, by the test that shows who and why of them.
    private static let shownElsewhere = [
      "audit-prune": "RetentionTests", "audit-recover": "RecoverTests", "keys-retire": "SigningTests",
      "price-set": "aPriceLeavesItsLine", "records-remove": "CutRemovalTests",
    ]

    @Test("No verb that takes a reason is left out")
    func noVerbIsLeftOut() throws {
      let folder = BuiltProducts.checkout("Tests/AdminCommandsTests/Help/Texts")
      let shown = Self.verbs.map { $0.arguments.joined(separator: "-") + "-" }
      var count = 0
      for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
        let help = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
        guard help.contains("\n  --reason <text>") else { continue }
        count += 1
        let verb = String(file.dropFirst("tally-".count).dropLast(".txt".count))
        let isShown = shown.contains { $0.hasPrefix(verb + "-") }
        #expect(isShown != (Self.shownElsewhere[verb] != nil), "\(verb)")
      }
      #expect(count > 20)
    }

    /// Moves the teams' first day.
    private static func age(_ sign: String) -> String {
      "UPDATE tally.team SET created_at = created_at \(sign) interval '70 days'"
    }

    /// The month that runs in the team's zone, and the one before it. What prunes a month: RetentionTests.
    private static func months() throws -> [String: String] {
      var calendar = Calendar(identifier: .gregorian)
      calendar.timeZone = try #require(TimeZone(identifier: "Europe/Berlin"))
      func text(_ date: Date) -> String {
        let parts = calendar.dateComponents([.year, .month], from: date)
        let number = "\((parts.year ?? 0) * 100 + (parts.month ?? 0))"
        return "\(number.prefix(4))-\(number.suffix(2))"
      }
      let now = Date()
      return ["RUNNING": text(now), "LAST": text(try #require(calendar.date(byAdding: .month, value: -1, to: now)))]
    }

    @Test("A price leaves its line in the operator's log, with who, what, before, after and why")
    func aPriceLeavesItsLine() async throws {
      try await World.with(gateways: 0) { world in
        var log = AdministrationLog(world, team: "operator", actor: .operator, administrator: NSUserName())
        for (number, credits) in ["36000", "40000"].enumerated() {
          let set = [
            "price", "set", "gpt-image-1-mini", "medium", "1024x1024", credits, "--reason", "because-\(number)",
          ]
          let answer = try await world.tally.run(set + ["--json"])
          #expect(answer.status == 0, "\(answer.errors)")
          let isSet: @Sendable (Event) -> Bool = {
            guard case .priceChanged(let event) = $0 else { return false }
            return event.old == Credits(number == 0 ? 33_000 : 36_000)
              && event.new == Int64(credits).map { Credits($0) }
          }
          // The log itself is made with its first line.
          let made: [@Sendable (Event) -> Bool] = number == 0 ? [{ $0.action == .teamCreated }] : []
          try await log.expect("price set", reason: "because-\(number)", made + [isSet])
        }
      }
    }

    @Test("Every verb that changes a team leaves its line, with who, what, before, after and why")
    func everyVerbLeavesItsLine() async throws {
      try await World.with(sandboxArguments: ["--bill-then-500", "1"]) { world in
        let user = NSUserName()
        var log = AdministrationLog(world, team: "acme", actor: .operator, administrator: user)
        var names = try Self.months()
        let receiver = try await WebhookReceiver.start()
        names["HOOK"] = "\(receiver.address)/hook"
        names["OUT"] = world.folder.appending(path: "lines.jsonl").path
        _ = try await world.tally.json("keys", "init")
        for (number, verb) in Self.verbs.enumerated() {
          if verb.arguments.contains("EDIT1"), names["EDIT1"] == nil {
            try await holdTwo(world, key: names["SECRET"] ?? "", into: &names)
            try await log.skip()
          }
          // Only a month that the team has seen is closed.
          let isClosing = verb.arguments.first == "period"
          if isClosing { try await world.execute(Self.age("-")) }
          let arguments = verb.arguments.map { names[$0] ?? $0 }
          let reason = "because-\(number)"
          let answer = try await world.tally.run(arguments + ["--reason", reason, "--json"])
          #expect(answer.status == 0, "\(arguments): \(answer.errors)")
          if verb.arguments.prefix(2) == ["key", "issue"] {
            names["KEY"] = answer.json["keyId"].string
            names["SECRET"] = answer.json["key"].string
          }
          if let alert = answer.json["alertId"].string { names["ALERT"] = alert }
          try await log.expect("\(arguments)", reason: reason, verb.lines)
          if isClosing { try await world.execute(Self.age("+")) }
        }
        #expect(receiver.requests.count == 1)
        await receiver.stop()
        let check = try await world.check()
        #expect(check.status == 0, "\(check.output) \(check.errors)")
      }
    }

    /// Submits two edits that end in doubt.
    private func holdTwo(_ world: World, key: String, into names: inout [String: String]) async throws {
      let member = World.Member(team: "acme", user: "user-1", key: key, keyID: "")
      for name in ["EDIT1", "EDIT2"] {
        let answer = try await world.submit(as: member)
        #expect(answer.status == 502, "\(answer.text)")
        names[name] = answer.json["details"].parsed["uuid"].string
      }
    }
  }
}
