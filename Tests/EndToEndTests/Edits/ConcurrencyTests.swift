import Foundation
import TallyTesting
import Testing

extension EndToEnd {
  @Suite("Many edits at once")
  struct ConcurrencyTests {
    @Test("500 edits at once by a member who can afford 10: exactly 10 are done", arguments: [1, 2])
    func onlyWhatIsAffordableIsDone(gateways: Int) async throws {
      try await World.with(gateways: gateways, sandboxArguments: ["--latency", "20"]) { world in
        let member = try await world.makeMember(limit: "330000")
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
          for number in 0..<500 {
            group.addTask { try await world.submit(as: member, through: number % gateways).status }
          }
          return try await group.reduce(into: [:]) { counts, status in counts[status, default: 0] += 1 }
        }
        #expect(statuses == [200: 10, 406: 490])
        let edits = try #require(world.sandbox).truthLog.edits()
        #expect(edits.count == 10)
        #expect(Set(edits.map(\.requestId)).count == 10)
        #expect(try await world.listed(member)["usedCredit"].integer == 330_000)
        let check = try await world.check()
        #expect(check.status == 0, "\(check.output) \(check.errors)")
      }
    }
  }
}
