import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import Sandbox
import Testing

@Suite struct FaultTests {
  private static func statuses(seed: UInt64, rate: String) async throws -> [Int] {
    let rate = try #require(FaultRate(rate))
    var statuses: [Int] = []
    let configuration = SandboxConfiguration(failRate: rate, billThen500Rate: rate, seed: seed)
    try await SandboxServer.run(configuration) { sandbox in
      for _ in 0..<60 { statuses.append(try await sandbox.edit().status) }
    }
    return statuses
  }

  @Test func sameSeedGivesTheSameFaults() async throws {
    let first = try await Self.statuses(seed: 7, rate: "0.3")
    let second = try await Self.statuses(seed: 7, rate: "0.3")
    let other = try await Self.statuses(seed: 8, rate: "0.3")
    #expect(first == second)
    #expect(first != other)
    #expect(Set(first) == [200, 400, 500])
  }

  @Test func refusedEditNamesTheServiceBehind() async throws {
    try await SandboxServer.run(SandboxConfiguration(failRate: .always)) { sandbox in
      let answer = try await sandbox.edit()
      #expect(answer.status == 400 && answer.errorCode == "EXTERNAL_API_RESPONSE_WITH_ERROR")
      #expect((answer.json["context"] as? [String: Any])?["service"] is String)
      #expect(answer.json["details"] is String)
    }
  }

  @Test func truthLogTellsWhatReallyHappened() async throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("truth-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    func lines() throws -> [[String: Any]] {
      try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { line in
        try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      }
    }
    func last() throws -> String {
      let line = try #require(try lines().last)
      return
        "\(line["type"] ?? "") \(line["worked"] as? Bool == true) \(line["credits"] ?? "") \(line["answered"] ?? "")"
    }
    try await SandboxServer.run(SandboxConfiguration(truthLogPath: path)) { sandbox in
      let answer = try await sandbox.edit(["n": 2], headers: ["API-KEY": "k", "X-Request-Id": "record-1"])
      let line = try #require(try lines().last)
      #expect(line["uuid"] as? String == answer.record["uuid"] as? String)
      #expect(line["requestId"] as? String == "record-1")
      #expect((line["at"] as? String)?.hasSuffix("Z") == true)
      #expect(try last() == "IMAGE_EDITOR true 66000 200")
      _ = try await sandbox.edit(["n": 0])
      #expect(try last() == "IMAGE_EDITOR false 0 400")
      _ = try await sandbox.upload(UploadTests.picture)
      #expect(try last() == "ASSET true 0 200")
      _ = try await sandbox.send(.GET, "/api/results/x")
      #expect(try last() == "RESULT false 0 200")
      _ = try await sandbox.send(.GET, "/nothing")
      #expect(try lines().count == 4)
    }
    try await SandboxServer.run(SandboxConfiguration(billThen500Rate: .always, truthLogPath: path)) { sandbox in
      let answer = try await sandbox.edit()
      #expect(answer.status == 500)
      #expect(try last() == "IMAGE_EDITOR true 33000 500")
    }
    try await SandboxServer.run(SandboxConfiguration(failRate: .always, truthLogPath: path)) { sandbox in
      _ = try await sandbox.edit()
      #expect(try last() == "IMAGE_EDITOR false 0 400")
    }
    try await SandboxServer.run(SandboxConfiguration(timeoutRate: .always, truthLogPath: path)) { sandbox in
      var answer: SandboxServer.Answer?
      // Again where the machine was too busy for the call to arrive in time.
      while answer == nil, try lines().count == 6 {
        answer = try? await sandbox.edit(timeout: .milliseconds(300))
      }
      let line = try last()
      #expect(answer == nil)
      #expect(line == "IMAGE_EDITOR true 33000 <null>")
    }
    #expect(try lines().count >= 7, "the log goes on over restarts")
  }

  @Test func stoppingEndsTheCallsThatAreNeverAnswered() async throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("truth-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    var silent: Task<Bool, Never>?
    try await SandboxServer.run(SandboxConfiguration(timeoutRate: .always, truthLogPath: path)) { sandbox in
      silent = Task { (try? await sandbox.edit()) == nil }
      while (try String(contentsOfFile: path, encoding: .utf8)).isEmpty { await Task.yield() }
    }
    #expect(await silent?.value == true)
  }

  /// Calls at once must not write into each other's lines.
  @Test func everyLineOfTheTruthLogIsWhole() async throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("truth-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try await SandboxServer.run(SandboxConfiguration(truthLogPath: path)) { sandbox in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<300 {
          group.addTask {
            _ = try await sandbox.edit(headers: ["API-KEY": "k", "X-Request-Id": "record-\(number)"])
          }
        }
        try await group.waitForAll()
      }
    }
    let ids = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { line in
      (try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])?["requestId"] as? String
    }
    #expect(Set(ids) == Set((0..<300).map { "record-\($0)" }))
    #expect(ids.count == 300)
  }

  @Test func unusableConfigurationIsRefusedAtTheStart() async throws {
    let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    #expect(throws: SandboxError.ratesOverOne) {
      try Sandbox(configuration: SandboxConfiguration(failRate: .always, timeoutRate: .always), logger: logger)
    }
    #expect(throws: SandboxError.latencyOutOfRange) {
      try Sandbox(configuration: SandboxConfiguration(latencyMilliseconds: -1), logger: logger)
    }
    await #expect(throws: SandboxError.self) {
      try await Sandbox(configuration: SandboxConfiguration(truthLogPath: "/nowhere/truth.log"), logger: logger).run()
    }
  }

  @Test(arguments: [
    ("0", 0), ("1", 1_000_000), ("0.5", 500_000), ("0.000001", 1), ("1.0", 1_000_000), ("0.25", 250_000),
  ])
  func rateIsReadExactly(text: String, partsPerMillion: Int) throws {
    let rate = try #require(FaultRate(text))
    #expect(rate.partsPerMillion == partsPerMillion)
    #expect(FaultRate("\(rate)") == rate)
  }

  @Test(arguments: ["", ".", "0.", ".5", "-0.1", "1.1", "2", "0.0000001", "1e-3", "0,5", " 0", "nan", "00"])
  func otherTextIsNoRate(text: String) {
    #expect(FaultRate(text) == nil)
  }
}
