import Foundation
import Ledger
import Postgres
import TallyTesting
import Testing

extension EndToEnd {
  @Suite("Alerts")
  struct AlertTests {
    private static let allowing = ["--webhook-allow", "127.0.0.1"]

    /// Sets an alert on a team's budget; answers what the command printed.
    private static func set(
      _ at: String, to receiver: WebhookReceiver, of team: String = "acme", in world: World
    ) async throws -> JSONNode {
      try await world.tally.json(
        "alert", "set", team, "--scope", "team", "--at", at, "--url", "\(receiver.address)/hook", "--webhook-allow",
        "127.0.0.1", "--reason", "a test")
    }

    /// A team whose budget three edits fill.
    private static func makeMember(in world: World) async throws -> World.Member {
      let member = try await world.makeMember()
      _ = try await world.tally.json("team", "set", member.team, "--limit", "99000")
      return member
    }

    /// Waits for so many ends of messages in the log, and answers them.
    private static func deliveries(_ count: Int, in world: World) async throws -> [AlertDelivered] {
      try await world.gateways[0].process.wait(within: .seconds(60), "\(count) lines of deliveries") {
        let told = try await world.log(of: "acme").compactMap { line -> AlertDelivered? in
          if case .alertDelivered(let event) = line.event { event } else { nil }
        }
        return told.count >= count ? told : nil
      }
    }

    @Test("Thresholds of 50, 80 and 100 are three messages in a month and three lines, of two gateways together")
    func eachThresholdIsToldOnce() async throws {
      let receiver = try await WebhookReceiver.start()
      try await World.with(gateways: 2, serveArguments: Self.allowing) { world in
        let member = try await Self.makeMember(in: world)
        let alert = try await Self.set("50,80,100", to: receiver, in: world)
        #expect(alert["secret"].string?.hasPrefix("whsec_") == true)
        for number in 0..<4 { _ = try await world.submit(as: member, through: number % 2) }
        let told = try await Self.deliveries(3, in: world)
        #expect(told.compactMap(\.threshold).sorted() == [50, 80, 100])
        #expect(told.allSatisfy { $0.isDelivered && $0.status == 204 && $0.scope == .team })
        #expect(receiver.requests.count == 3)
        let ids = receiver.requests.compactMap { $0.headers["webhook-id"] }
        #expect(Set(ids) == Set(told.map(\.message.description)))
        for request in receiver.requests {
          #expect(request.line == "POST /hook HTTP/1.1")
          let body = request.json
          #expect(body["type"].string == "budget.threshold_reached")
          #expect(body["data"]["alertId"].string == alert["alertId"].string)
          #expect(body["data"]["limit"].integer == 99_000 && body["data"]["period"].string == "month")
        }
        // Neither address nor secret stands in any line.
        let log = try await world.log(of: member.team)
        for line in log {
          let text = String(decoding: line.bytes, as: UTF8.self)
          #expect(!text.contains("127.0.0.1") && !text.contains("whsec_"))
        }
        let listed = try await world.tally.json("alert", "list", member.team)
        #expect(listed.elements.count == 1)
        #expect(listed.elements.first?["last"]["state"].string == "delivered")
        #expect(listed.elements.first?["secret"].string == nil)
        let check = try await world.check()
        #expect(check.status == 0, "\(check.output) \(check.errors)")
      }
      await receiver.stop()
    }

    @Test("Two gateways deliver each of many messages once")
    func manyMessagesArriveOnce() async throws {
      let receiver = try await WebhookReceiver.start()
      try await World.with(gateways: 2, serveArguments: Self.allowing) { world in
        let member = try await Self.makeMember(in: world)
        let at = (1...20).map(String.init).joined(separator: ",")
        _ = try await Self.set(at, to: receiver, in: world)
        _ = try await world.submit(as: member)
        let told = try await Self.deliveries(20, in: world)
        #expect(told.count == 20 && told.allSatisfy { $0.attempts == 1 })
        #expect(receiver.requests.count == 20)
        #expect(Set(receiver.requests.compactMap { $0.headers["webhook-id"] }).count == 20)
      }
      await receiver.stop()
    }

    @Test("After answers of 500 the same message is sent again, under the same id")
    func failedMessageIsSentAgain() async throws {
      let receiver = try await WebhookReceiver.start { number in
        number < 2 ? "HTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n" : WebhookReceiver.success
      }
      try await World.with(serveArguments: Self.allowing) { world in
        let member = try await Self.makeMember(in: world)
        _ = try await Self.set("30", to: receiver, in: world)
        _ = try await world.submit(as: member)
        let told = try await Self.deliveries(1, in: world)
        #expect(told.first?.attempts == 3 && told.first?.status == 204 && told.first?.isDelivered == true)
        #expect(receiver.requests.count == 3)
        #expect(Set(receiver.requests.compactMap { $0.headers["webhook-id"] }).count == 1)
        #expect(Set(receiver.requests.map(\.body)).count == 1)
        // Each attempt has its own time, which is signed.
        #expect(Set(receiver.requests.compactMap { $0.headers["webhook-timestamp"] }).count > 1)
      }
      await receiver.stop()
    }

    @Test("A gateway that is killed between the attempt and its booking leaves the message to the next one")
    func killedGatewaysMessageIsSentAgain() async throws {
      let receiver = try await WebhookReceiver.start()
      try await World.with(serveArguments: Self.allowing) { world in
        let member = try await Self.makeMember(in: world)
        _ = try await world.submit(as: member)
        // The world's own gateway would send it itself.
        await world.gateways[0].stop()
        func start(_ name: String, _ environment: [String: String] = [:]) async throws -> TallyProcess {
          try await TallyProcess.start(
            TallyProcess.Settings(
              databaseURL: world.databaseURL, dataFolder: world.folder.appending(path: name),
              upstream: world.sandbox?.address ?? "", arguments: Self.allowing, environment: environment, name: name),
            in: world.folder)
        }
        let killed = try await start("killed", ["TALLY_FAILPOINTS": "alert.before_booking=kill"])
        _ = try await Self.set("30", to: receiver, in: world)
        #expect(try await killed.process.waitForExit(within: .seconds(60)) == 128 + SIGKILL)
        #expect(receiver.requests.count == 1)
        #expect(
          try await world.log(of: member.team).contains { $0.event.action == .alertDelivered } == false)
        // Its lease ends.
        let connection = try await Connection.open(
          try ConnectionSettings(url: world.databaseURL), logger: TestCluster.logger)
        try await connection.execute(script: "UPDATE tally.alert_message SET due_at = now()")
        await connection.close()
        let next = try await start("next")
        let told = try await next.process.wait(within: .seconds(60), "the line") {
          try await world.log(of: member.team).compactMap { line -> AlertDelivered? in
            if case .alertDelivered(let event) = line.event { event } else { nil }
          }.first
        }
        #expect(told.attempts == 2 && told.isDelivered)
        #expect(receiver.requests.count == 2)
        #expect(
          receiver.requests.map { $0.headers["webhook-id"] } == [told.message.description, told.message.description])
        await next.stop()
      }
      await receiver.stop()
    }

    @Test("A gateway that is not told so sends nothing to a private address")
    func privateAddressNeedsTheGatewaysOwnAllowance() async throws {
      let receiver = try await WebhookReceiver.start()
      try await World.with { world in
        let member = try await Self.makeMember(in: world)
        let alert = try await Self.set("30", to: receiver, in: world)
        _ = try await world.submit(as: member)
        let last = try await world.gateways[0].process.wait(within: .seconds(60), "an attempt") {
          let listed = try await world.tally.json("alert", "list", member.team)
          let last = listed.elements.first?["last"]
          return (last?["attempts"].integer ?? 0) >= 1 ? last : nil
        }
        #expect(last["state"].string == "waiting" && last["status"].integer == nil)
        #expect(receiver.connections == 0)
        let id = try #require(alert["alertId"].string)
        let test = try await world.tally.run(["alert", "test", member.team, id, "--json"])
        #expect(test.status == 1 && test.json["delivered"].boolean == false)
        #expect(test.errors.contains("TALLY_WEBHOOK_ALLOW"))
        #expect(receiver.connections == 0)
      }
      await receiver.stop()
    }

    /// deploy/test installs the package and names its Python here.
    @Test(
      "The package standardwebhooks takes what arrives, with the secret that was shown",
      .enabled(
        if: ProcessInfo.processInfo.environment["TALLY_WEBHOOKS_PYTHON"] != nil,
        "the Python package standardwebhooks is installed"))
    func packageTakesWhatArrives() async throws {
      let receiver = try await WebhookReceiver.start()
      try await World.with(gateways: 0) { world in
        _ = try await world.tally.json("team", "create", "acme")
        let alert = try await Self.set("50", to: receiver, in: world)
        let id = try #require(alert["alertId"].string)
        let test = try await world.tally.json("alert", "test", "acme", id, "--webhook-allow", "127.0.0.1")
        #expect(test["delivered"].boolean == true && test["status"].integer == 204)
        let request = try #require(receiver.requests.first)
        #expect(request.headers["webhook-id"] == test["messageId"].string)
        let body = world.folder.appending(path: "body")
        try Data(request.body).write(to: body)
        let headers = world.folder.appending(path: "headers")
        try JSONEncoder().encode(request.headers).write(to: headers)
        let script = """
          import json, sys
          from standardwebhooks.webhooks import Webhook
          print(Webhook(sys.argv[1]).verify(open(sys.argv[2]).read(), json.load(open(sys.argv[3])))["type"])
          """
        let python = try ChildProcess(
          URL(filePath: ProcessInfo.processInfo.environment["TALLY_WEBHOOKS_PYTHON"] ?? ""),
          arguments: ["-c", script, alert["secret"].string ?? "", body.path, headers.path], folder: world.folder,
          name: "verify")
        #expect(try await python.waitForExit() == 0, "\(python.log)")
        #expect(python.output == "budget.alert_test\n")
        let line = try await world.log(of: "acme").last
        #expect(line?.event.action == .alertDelivered)
      }
      await receiver.stop()
    }

    @Test("The command line says what is wrong and how to mend it")
    func commandLineNamesTheFix() async throws {
      try await World.with(gateways: 0) { world in
        _ = try await world.tally.json("team", "create", "acme")
        let set = ["alert", "set", "acme", "--scope", "team"]
        let file = world.folder.appending(path: "secret")
        try Data("whsec_short".utf8).write(to: file)
        for (arguments, status, words) in [
          (set + ["--at", "50", "--url", "http://hooks.example.com/"], 64, "TALLY_WEBHOOK_ALLOW"),
          (set + ["--at", "50", "--url", "https://10.0.0.1/"], 64, "TALLY_WEBHOOK_ALLOW"),
          (set + ["--at", "50", "--url", "https://u:p@hooks.example.com/"], 64, "user name or password"),
          (set + ["--at", "0", "--url", "https://hooks.example.com/"], 64, "--at"),
          (set + ["--at", "50,50", "--url", "https://hooks.example.com/"], 64, "--at"),
          (set + ["--at", "50", "--url", "https://hooks.example.com/", "--subject", "u"], 64, "--subject"),
          (
            set + ["--at", "50", "--url", "https://hooks.example.com/", "--secret-file", file.path], 64, "openssl rand"
          ),
          (set + ["--at", "50", "--url", "https://hooks.example.com/", "--webhook-allow", "*"], 64, "10.0.0.0/8"),
          (
            ["alert", "set", "acme", "--scope", "member", "--at", "50", "--url", "https://x.example.com/"], 64,
            "--subject"
          ),
          (
            [
              "alert", "set", "acme", "--scope", "member", "--subject", "nobody", "--at", "50", "--url",
              "https://x.example.com/",
            ], 1, "member does not exist"
          ),
          (["alert", "remove", "acme", "5e0c1c2e-51e7-4d2e-9a52-7a1f5f1c2d3e"], 1, "alert does not exist"),
        ] as [([String], Int32, String)] {
          let answer = try await world.tally.run(arguments)
          #expect(answer.status == status, "\(arguments): \(answer.errors)")
          #expect(answer.errors.contains(words), "\(arguments): \(answer.errors)")
        }
        try Data("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n".utf8).write(to: file)
        let given = set + ["--at", "50", "--url", "https://hooks.example.com/", "--json"]
        let made = try await world.tally.run(given + ["--secret-file", file.path])
        #expect(made.status == 0 && made.json["secret"].string == nil && !made.output.contains("whsec_"))
        // The team has no limit to have a part of: that is said until it gets one.
        #expect(made.errors.contains("tally team set --limit") && made.json["creditLimit"].isNull)
        let silent = try await world.tally.run(["alert", "list", "acme"])
        #expect(silent.output.contains("none") && silent.errors.contains("no limit"), "\(silent.output)")
        _ = try await world.tally.json("team", "set", "acme", "--limit", "1000")
        let useful = try await world.tally.run(["alert", "list", "acme", "--json"])
        #expect(useful.json[0]["creditLimit"].integer == 1_000 && useful.errors.isEmpty)
        // Set again without a file it keeps its secret, and none is shown.
        let again = try await world.tally.run(given)
        #expect(again.json["alertId"].string == made.json["alertId"].string && again.json["secret"].string == nil)
        let id = try #require(made.json["alertId"].string)
        #expect(try await world.tally.json("alert", "remove", "acme", id, "--reason", "done")["alertId"].string == id)
        #expect(try await world.tally.json("alert", "list", "acme").elements.isEmpty)
      }
    }
  }
}
