import Gateway
import Ledger
import LedgerStore

/// A team that a benchmark made for itself.
struct BenchTeam: Sendable {
  /// One member with its key.
  struct Member: Sendable {
    var id: MemberID
    var userID: String
    var key: KeyID
  }

  /// What the names of all of them begin with.
  static let namePrefix = "tally-bench-"
  /// Teams made or read at the same time: enough for the lanes to batch them.
  private static let atOnce = 64

  /// Who makes it.
  static let administrator = Administrator(name: AdministratorOptions.operatingSystemUser(), reason: "tally bench")

  var id: TeamID
  var members: [Member]
  /// Credits that it had used before.
  var usedBefore: Int64

  /// Refuses a database that holds a team which no benchmark made. Throws `CommandFailure`, `StoreError`.
  static func refuseOthers(in store: LedgerStore) async throws {
    let others = try await store.teams().filter { !isOwn($0) }
    guard let other = others.first else { return }
    throw CommandFailure(
      .usage,
      """
      this database holds other teams (\(other.name)\(others.count > 1 ? " and \(others.count - 1) more" : "")): \
      a benchmark writes many records that stay. Use a database of its own, or say --beside-other-teams.
      """)
  }

  private static func isOwn(_ team: TeamView) -> Bool { team.name.utf8.starts(with: namePrefix.utf8) }

  /// `count` teams: what earlier runs left where that has as many members, the rest made anew. Throws `StoreError`.
  static func provide(_ count: Int, membersEach: Int, in store: LedgerStore) async throws -> [BenchTeam] {
    let own = try await store.teams().filter { isOwn($0) && $0.status == .active }
    let left = try await each(own.prefix(count)) { team in try await read(team, members: membersEach, in: store) }
    let found = left.compactMap(\.self)
    return found + (try await make(count - found.count, membersEach: membersEach, in: store).map(\.team))
  }

  /// Makes `count` teams, with the keys of their members. Throws `StoreError`.
  static func make(
    _ count: Int, membersEach: Int, in store: LedgerStore
  ) async throws -> [(team: BenchTeam, keys: [APIKey])] {
    let run = TeamID.random()
    return try await each(0..<count) { number in
      try await make(name: "\(namePrefix)\(run)-\(number)", members: membersEach, in: store)
    }
  }

  /// Why the team's books do not say what its edits cost; nil: they do. Throws `StoreError`.
  func fault(settled: Int, price: Credits, in store: LedgerStore) async throws -> String? {
    let expected = usedBefore + Int64(settled) * price.value
    let budget = try await store.team(id).budget
    guard budget.used.value == expected, budget.held == .zero else {
      return """
        team \(id) used \(budget.used) and holds \(budget.held) credits where \(settled) edits at \(price) after \
        \(usedBefore) make \(expected)
        """
    }
    let ofMembers = try await store.members(of: id).reduce(0) { $0 + $1.budget.used.value }
    guard ofMembers == expected else {
      return "the members of team \(id) used \(ofMembers) credits where the team used \(expected)"
    }
    return nil
  }

  private static func read(_ team: TeamView, members count: Int, in store: LedgerStore) async throws -> BenchTeam? {
    let members = try await store.members(of: team.id)
    guard members.count == count else { return nil }
    let keys = Dictionary(try await store.keys(of: team.id).map { ($0.member, $0.id) }) { first, _ in first }
    let known = members.compactMap { member in
      keys[member.id].map { Member(id: member.id, userID: member.userID, key: $0) }
    }
    guard known.count == count else { return nil }
    return BenchTeam(id: team.id, members: known, usedBefore: team.budget.used.value)
  }

  private static func make(
    name: String, members count: Int, in store: LedgerStore
  ) async throws -> (team: BenchTeam, keys: [APIKey]) {
    let made = try await store.createTeam(NewTeam(id: .random(), name: name), by: Self.administrator)
    var team = BenchTeam(id: made.id, members: [], usedBefore: 0)
    var keys: [APIKey] = []
    for number in 0..<count {
      let member = Member(id: .random(), userID: "bench-user-\(number)", key: .random())
      _ = try await store.addMember(
        NewMember(team: team.id, id: member.id, userID: member.userID, userName: "Bench user \(number)"),
        by: Self.administrator)
      let secret = GatewayIDs.system.apiKey()
      _ = try await store.issueKey(
        NewKey(
          team: team.id, id: member.key, member: member.id, hash: secret.hash, hint: secret.hint, scopes: [.edit],
          ratePerMinute: 0),
        by: Self.administrator)
      team.members.append(member)
      keys.append(secret)
    }
    return (team, keys)
  }

  /// What `body` makes of each item, some at the same time, in no particular order.
  private static func each<Item: Sendable, Result: Sendable>(
    _ items: some Collection<Item>, _ body: @escaping @Sendable (Item) async throws -> Result
  ) async throws -> [Result] {
    try await withThrowingTaskGroup(of: Result.self) { group in
      var results: [Result] = []
      for (position, item) in items.enumerated() {
        if position >= atOnce, let result = try await group.next() { results.append(result) }
        group.addTask { try await body(item) }
      }
      for try await result in group { results.append(result) }
      return results
    }
  }
}
