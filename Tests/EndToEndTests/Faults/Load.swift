import Foundation
import Synchronization
import TallyTesting

/// Clients with all the manners of real ones: they send an edit to two gateways at once, again after an error, again much
/// later, and go away before the answer. Meanwhile an administrator cuts and raises limits and suspends people.
final class Load: Sendable {
  /// Clients at a time: enough that batches have several commands, few enough for two cores.
  static let usualClients = 10
  /// Tries of one wish in a row.
  private static let triesMaximum = 3
  /// Longest wait for an answer: longer than the upstream's time-out in these tests.
  private static let patience = Duration.seconds(8)

  let memory = Memory()
  private let fleet: Fleet
  private let members: [FaultMember]
  private let tally: TallyCommand
  private let seed: UInt64
  private let clients: Int
  private let isOver = Mutex(false)

  /// Clients of `fleet`. The same seed wishes for the same edits in the same order; what they meet is another matter.
  init(_ fleet: Fleet, members: [FaultMember], tally: TallyCommand, seed: UInt64, clients: Int) {
    self.fleet = fleet
    self.members = members
    self.tally = tally
    self.seed = seed
    self.clients = clients
  }

  /// Sends edits for as long as `faults` runs, and until every client has its last answer.
  func run(while faults: () async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for client in 0..<clients { group.addTask { await self.client(client) } }
      group.addTask { try await self.administer() }
      do {
        try await faults()
      } catch {
        end()
        throw error
      }
      end()
      try await group.waitForAll()
    }
  }

  private func end() {
    isOver.withLock { $0 = true }
  }

  /// Changes something every second. Where there is no database just now the command fails, and nothing is changed.
  private func administer() async throws {
    var generator = SeededGenerator(seed: ~seed)
    while !isOver.withLock({ $0 }) {
      try? await Task.sleep(for: generator.duration(milliseconds: 500...1_200))
      let member = members[Int.random(in: members.indices, using: &generator)]
      // Cut to a few edits, which most have used by then, or raised again.
      let limit =
        generator.chance(40)
        ? Int64.random(in: 0...FaultWorld.cutLimit, using: &generator)
        : Int64.random(in: FaultWorld.memberLimit...2 * FaultWorld.memberLimit, using: &generator)
      let change =
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: ["--status", "SUSPENDED"]
        case 1: ["--status", "ACTIVE"]
        default: ["--status", "ACTIVE", "--limit", "\(limit)"]
        }
      _ = try await tally.run(["member", "set", member.team, member.user, "--reason", "test"] + change)
    }
  }

  private func client(_ number: Int) async {
    var generator = SeededGenerator(seed: seed &+ UInt64(number) &* 0x1_0000_0001)
    var count = 0
    while !isOver.withLock({ $0 }) {
      let wish: Wish
      if generator.chance(25), let old = memory.anyWish(&generator) {
        wish = old
      } else {
        wish = newWish("\(number)-\(count)", &generator)
        memory.add(wish)
        count += 1
      }
      await pursue(wish, &generator)
      // Somebody who finds no gateway does not turn in circles.
      try? await Task.sleep(for: generator.duration(milliseconds: 1...20))
    }
  }

  private func newWish(_ number: String, _ generator: inout SeededGenerator) -> Wish {
    let member = members[Int.random(in: members.indices, using: &generator)]
    let n = generator.chance(20) ? Int.random(in: 2...4, using: &generator) : 1
    let quality = generator.chance(50) ? "low" : "medium"
    return Wish(
      member: member, key: "wish-\(seed)-\(number)",
      body: """
        {"type":"IMAGE_EDITOR","model":"gpt-image-1-mini","promptObject":{"imageUrl":"\(World.publicImage)",
        "prompt":"wish \(number)","size":"1024x1024","n":\(n),"quality":"\(quality)"}}
        """)
  }

  /// Sends a wish until something final is heard, or the client has had enough.
  private func pursue(_ wish: Wish, _ generator: inout SeededGenerator) async {
    for _ in 0..<Self.triesMaximum {
      let copies = generator.chance(15) ? 2 : 1
      let targets = (0..<copies).compactMap { _ in fleet.addresses.randomElement(using: &generator) }
      let patience = generator.chance(8) ? generator.duration(milliseconds: 5...60) : Self.patience
      let heard = await withTaskGroup(of: Heard.self) { group in
        for target in targets { group.addTask { await self.send(wish, to: target, patience) } }
        return await group.reduce(into: Set<Heard>()) { $0.insert($1) }
      }
      if heard.contains(where: \.isFinal) || generator.chance(20) { return }
      if isOver.withLock({ $0 }) { return }
      try? await Task.sleep(for: generator.duration(milliseconds: 20...250))
    }
  }

  private func send(_ wish: Wish, to address: String, _ patience: Duration) async -> Heard {
    var client = HTTP(base: address).with(key: wish.member.key)
    client.patience = patience
    let heard: Heard
    do {
      heard = Heard(
        try await client.post("/api/features", json: wish.body, headers: ["Idempotency-Key": wish.key]))
    } catch {
      heard = .nothing
    }
    memory.note(heard, of: wish)
    return heard
  }
}
