import Foundation
import TallyTesting
import Testing

extension EndToEnd {
  @Suite("Killed processes")
  struct CrashTests {
    /// The process of the embedded server, as it wrote it down itself; nil while it is not there.
    private static func server(of data: URL) -> pid_t? {
      let file = data.appending(path: "pg/data/postmaster.pid")
      guard let text = try? String(contentsOf: file, encoding: .utf8) else { return nil }
      return text.split(separator: "\n").first.flatMap { pid_t($0) }
    }

    private static func with(
      _ body: (_ data: URL, _ folder: URL, TallyProcess.Settings, TallyCommand) async throws -> Void
    ) async throws {
      let temporary = try TemporaryFolder()
      let data = temporary.url.appending(path: "data")
      let sandbox = try await SandboxProcess.start(in: temporary.url)
      do {
        try await body(
          data, temporary.url,
          TallyProcess.Settings(databaseURL: nil, dataFolder: data, upstream: sandbox.address),
          TallyCommand(folder: temporary.url, dataFolder: data))
      } catch {
        await sandbox.stop()
        throw error
      }
      await sandbox.stop()
    }

    @Test("A killed embedded server is started again, and the gateway serves on")
    func killedServerIsStartedAgain() async throws {
      try await Self.with { data, folder, settings, tally in
        let gateway = try await TallyProcess.start(settings, in: folder)
        do {
          _ = try await tally.json("team", "create", "acme")
          let first = try #require(Self.server(of: data))
          kill(first, SIGKILL)
          let http = HTTP(base: gateway.address)
          let deadline = ContinuousClock.now + .seconds(120)
          var isBack = false
          while !isBack, ContinuousClock.now < deadline {
            let second = Self.server(of: data)
            let ready = try await http.get("/readyz").status == 200
            isBack = ready && second != nil && second != first
          }
          #expect(isBack)
          #expect(try await tally.json("team", "list").elements.count == 1)
          #expect(try await http.get("/healthz").status == 200)
        } catch {
          await gateway.stop()
          throw error
        }
        #expect(await gateway.stop() == 0)
      }
    }

    @Test("A killed gateway's data is there when it is started again")
    func killedGatewayComesBack() async throws {
      try await Self.with { data, folder, settings, tally in
        let killed = try await TallyProcess.start(settings, in: folder)
        _ = try await tally.json("team", "create", "acme")
        killed.process.send(signal: SIGKILL)
        await killed.stop()
        var again = settings
        again.name = "again"
        let gateway = try await TallyProcess.start(again, in: folder)
        do {
          #expect(try await tally.json("team", "list").elements.map { $0["name"].string } == ["acme"])
          let check = try await tally.run(["ledger", "check"])
          #expect(check.status == 0, "\(check.output)")
        } catch {
          await gateway.stop()
          throw error
        }
        #expect(await gateway.stop() == 0)
      }
    }
  }
}
