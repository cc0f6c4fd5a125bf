import Foundation
import Ledger
import Synchronization
import TallyTesting
import Testing

extension EndToEnd {
  /// Gateways on both sides of a month's end, and of the month's removal, while edits go on.
  @Suite(
    "A month's end under load", .enabled(if: ShiftedWorld.compiler != nil, "a C compiler is installed (clang or cc)"))
  struct MonthEndUnderLoadTests {
    private static let workers = 4
    /// From the gateways' start to the end of the month.
    private static let secondsBefore: TimeInterval = 30
    /// Reports that are compared with the log's lines.
    private static let comparedReads = 300
    private static let day: TimeInterval = 86_400

    /// What a report said, and of which head.
    private struct Read: Sendable {
      var start: Int64
      var size: Int64
      var sums: [Int64]
    }

    /// What the workers are told, and what they tell.
    private final class Orders: Sendable {
      private let state = Mutex<(isOver: Bool, done: Int)>((false, 0))

      /// Edits that were charged.
      var done: Int { state.withLock { $0.done } }
      /// Whether no edit is to be begun any more.
      var isOver: Bool { state.withLock { $0.isOver } }

      func count() {
        state.withLock { $0.done += 1 }
      }

      func end() {
        state.withLock { $0.isOver = true }
      }
    }

    @Test("The gateways close the month and later remove it by themselves, and each report meanwhile adds up")
    func monthEndsUnderLoad() async throws {
      let (start, end) = Self.month()
      try await World.with(gateways: 0) { world in
        // Its team is made an hour before the month is over.
        let early = try await ShiftedWorld.make(in: world, ago: Int64(Date().timeIntervalSince(end - 3_600)))
        let keep = Int64(Date().timeIntervalSince(end) / Self.day) - 1
        _ = try await early.json("team", "create", "acme")
        let member = try await Self.makeMember("user-12345", "MEMBER", early)
        let finance = try await Self.makeMember("finance-1", "FINANCE", early)
        _ = try await early.json("team", "set", "acme", "--keep-records", "\(keep)d", "--reason", "a test")
        try await early.end()
        try await world.execute("DROP SCHEMA shifted CASCADE")

        let past = try await ShiftedWorld.make(
          in: world, ago: Int64(Date().timeIntervalSince(end - Self.secondsBefore)))
        var reads = try await Self.work(world, past.environment, member, finance, from: start) { orders, world in
          #expect(past.now < end, "the gateways took longer to start than the month lasted")
          let before = orders.done
          _ = try await world.gateways[0].process.wait(within: .seconds(180), "the month's closing") {
            let months = try await past.json("period", "list", "acme").elements
            return months.isEmpty ? nil : months.count
          }
          #expect(past.now >= end && orders.done > before)
          let closed = orders.done
          _ = try await world.gateways[0].process.wait(within: .seconds(60), "edits behind the end") {
            orders.done > closed + 20 ? true : nil
          }
        }
        try await past.end()
        reads += try await Self.work(world, [:], member, finance, from: end) { orders, world in
          _ = try await world.gateways[0].process.wait(within: .seconds(180), "the month's removal") {
            try await world.log(of: "acme").contains { $0.event.action == .usageRemoved } ? true : nil
          }
          let removed = orders.done
          _ = try await world.gateways[0].process.wait(within: .seconds(60), "edits behind the removal") {
            orders.done > removed + 20 ? true : nil
          }
        }
        try await Self.expectAddedUp(reads, world, end: end)
        let check = try await world.check()
        #expect(check.status == 0, "\(check.output) \(check.errors)")
      }
    }

    /// The month before the two last ones that are over.
    private static func month() -> (start: Date, end: Date) {
      var calendar = Calendar(identifier: .gregorian)
      calendar.timeZone = .gmt
      let running = calendar.dateInterval(of: .month, for: Date())?.start ?? Date()
      func month(_ number: Int) -> Date { calendar.date(byAdding: .month, value: number, to: running) ?? running }
      return (month(-3), month(-2))
    }

    private static func makeMember(_ user: String, _ role: String, _ past: ShiftedWorld) async throws -> World.Member {
      _ = try await past.json("member", "add", "acme", user, "--name", "John Doe", "--role", role)
      let key = try await past.json("key", "issue", "acme", user, "--rate", "none")
      return World.Member(
        team: "acme", user: user, key: key["key"].string ?? "", keyID: key["keyId"].string ?? "")
    }

    /// Runs two gateways with edits and reports, until `body` has seen what it waits for, and ends them.
    private static func work(
      _ world: World, _ environment: [String: String], _ member: World.Member, _ finance: World.Member,
      from start: Date,
      _ body: (Orders, World) async throws -> Void
    ) async throws -> [Read] {
      var gateways: [TallyProcess] = []
      for number in 0..<2 {
        let name = "serve-\(environment.count)-\(number)"
        gateways.append(
          try await TallyProcess.start(
            TallyProcess.Settings(
              databaseURL: world.databaseURL, dataFolder: world.folder.appending(path: "data-\(number)"),
              upstream: world.sandbox?.address ?? "", environment: environment, name: name), in: world.folder))
      }
      let running = World(
        folder: world.folder, databaseURL: world.databaseURL, sandbox: world.sandbox, gateways: gateways,
        tally: world.tally)
      let orders = Orders()
      do {
        let reads = try await withThrowingTaskGroup(of: [Read].self) { group in
          for number in 0..<workers {
            group.addTask {
              while !orders.isOver {
                let answer = try await running.submit(as: member, through: number % 2)
                #expect(answer.status == 200, "\(answer.text)")
                orders.count()
              }
              return []
            }
          }
          group.addTask {
            var reads: [Read] = []
            while !orders.isOver { reads.append(try await read(running, finance, from: start, reads.count)) }
            return reads
          }
          defer { orders.end() }
          try await body(orders, running)
          orders.end()
          return try await group.reduce(into: []) { $0 += $1 }
        }
        for gateway in gateways { await gateway.stop() }
        return reads
      } catch {
        for gateway in gateways { await gateway.stop() }
        throw error
      }
    }

    /// Reads a report of everything from `start` on, cut in another way each time.
    private static func read(
      _ world: World, _ finance: World.Member, from start: Date, _ number: Int
    ) async throws -> Read {
      let second = Int64(start.timeIntervalSince1970)
      let cut = ["", "&group_by=user_id", "&group_by=model&group_by=size", "&group_by=api_key_id"][number % 4]
      let width = ["bucket_width=1M&limit=12", "bucket_width=1w&limit=50"][number / 4 % 2]
      let answer = try await HTTP(base: world.gateways[number % 2].address).with(key: finance.key)
        .get("\(ReportWorld.usage)?start_time=\(second)&\(width)\(cut)")
      #expect(answer.status == 200 && answer.json["has_more"].boolean == false, "\(answer.text)")
      return Read(
        start: second, size: answer.json["as_of"]["size"].integer ?? -1,
        sums: ReportWorld.sums(of: answer.json["data"].elements.flatMap { $0["results"].elements }))
    }

    /// Each report has what the lines below its head say, and what is left is what was resolved behind the removal.
    private static func expectAddedUp(_ reads: [Read], _ world: World, end: Date) async throws {
      let lines = try await world.log(of: "acme")
      let settled = lines.compactMap { line -> (index: Int64, second: Int64, charge: Int64)? in
        guard case .settled(let settled) = line.event else { return nil }
        return (
          line.header.index, line.header.at.microseconds / Timestamp.microsecondsPerSecond, settled.charge.value
        )
      }
      #expect(Set(reads.map(\.start)).count == 2 && Set(reads.map(\.size)).count > 10)
      // There are thousands of them: some hundreds, from the first to the last.
      for position in stride(from: 0, to: reads.count, by: reads.count / comparedReads + 1) {
        let read = reads[position]
        let counted = settled.filter { $0.index < read.size && $0.second >= read.start }
        #expect(
          read.sums == [Int64(counted.count), Int64(counted.count), 0, 0, counted.reduce(0) { $0 + $1.charge }])
      }
      let bound = Int64(end.timeIntervalSince1970)
      let before = settled.filter { $0.second < bound }.count
      #expect(before > 0 && settled.count - before > 40)
      let removals = lines.compactMap { line -> UsageRemoved? in
        if case .usageRemoved(let removed) = line.event { removed } else { nil }
      }
      #expect(removals.map(\.records) == [Int64(before)])
      #expect(removals.map { $0.before.microseconds / Timestamp.microsecondsPerSecond } == [bound])
      let listed = try await world.tally.json("report", "usage", "acme", "--from", "\(removals[0].before.rfc3339)")
      #expect(listed["total"]["edits"].integer == Int64(settled.count - before))
    }
  }
}
