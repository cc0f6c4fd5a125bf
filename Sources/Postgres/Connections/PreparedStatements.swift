/// Which statements one connection has prepared, and under which names of the server's. Pure: it decides, the connection sends.
package struct PreparedStatements {
  /// A connection that meets more different statements than this begins anew: statements are constants, so a larger number
  /// means that somebody puts texts together, and each costs memory on the server.
  package static let maximumCount = 1_000

  /// Name and text; both, so that two statements under one name do not mix.
  package struct Key: Hashable, Sendable {
    /// The statement's name.
    package let name: String
    /// Its text.
    package let sql: String

    /// - Parameters:
    ///   - name: the statement's name.
    ///   - sql: its text.
    package init(name: String, sql: String) {
      self.name = name
      self.sql = sql
    }

    // The name tells nearly all of them apart, and the texts are long.
    package func hash(into hasher: inout Hasher) { hasher.combine(name) }
  }

  /// A statement as the server knows it.
  package struct Plan: Hashable, Sendable {
    /// Its name on this connection.
    package let serverName: String
    /// The parameters' types; 0 where only untyped NULLs were seen.
    package let types: [UInt32]
  }

  /// What must be done before a statement can run.
  package enum Step: Hashable, Sendable {
    case run(Plan)
    case prepareAndRun(Plan)
  }

  private var prepared: [Key: Plan] = [:]
  private var pending: [Key: Plan] = [:]
  private var counter = 0
  /// Whether the server still holds statements that this cache has forgotten.
  package private(set) var mustDeallocate = false

  /// How many statements the server is known to hold.
  package var count: Int { prepared.count }

  /// Nothing is prepared yet.
  package init() {}

  /// Begins a pipeline: nothing of an earlier one counts any more unless the server confirmed it.
  package mutating func begin() {
    pending = [:]
    if prepared.count >= Self.maximumCount { forget() }
  }

  /// Chooses the server's name for a statement with parameters of these types, 0 for an untyped NULL. A plan fits when all types
  /// that are given are the plan's; otherwise the statement is prepared once more, with what is known of both.
  package mutating func step(for key: Key, types: [UInt32]) -> Step {
    let known = pending[key] ?? prepared[key]
    if let known, known.types.count == types.count, zip(known.types, types).allSatisfy({ $1 == 0 || $0 == $1 }) {
      return .run(known)
    }
    var merged = types
    if let known, known.types.count == types.count {
      for (index, type) in known.types.enumerated() where merged[index] == 0 { merged[index] = type }
    }
    counter += 1
    let plan = Plan(serverName: "s\(counter)", types: merged)
    pending[key] = plan
    return .prepareAndRun(plan)
  }

  /// The server has prepared it.
  package mutating func confirm(_ key: Key, _ plan: Plan) { prepared[key] = plan }

  /// Forgets everything: the plans do not fit any more (0A000), or the server has lost them (26000).
  package mutating func forget() {
    prepared = [:]
    pending = [:]
    mustDeallocate = true
  }

  /// The server holds nothing any more.
  package mutating func deallocated() { mustDeallocate = false }
}
