package import Ledger
import Postgres

extension LedgerStore {
  /// Rows of one page of a listing that is read in pages, so that each transaction is short.
  static let pageSize = 1_000

  /// The team that a person names: by its id, or by its name where that is unique.
  /// - Throws: `notFound`; `conflict`, which lists the ids, when several teams have the name; `unavailable`.
  package func team(named text: String) async throws(StoreError) -> TeamView {
    if let id = TeamID(text) { return try await team(id) }
    guard Self.isStorable(text) else { throw StoreError(.notFound("the team")) }
    let ids = try await operatorRows(.teamsNamed, text).filter { $0 != .operatorLog }
    switch ids.count {
    case 0: throw StoreError(.notFound("the team"))
    case 1: return try await team(ids[0])
    default:
      let list = ids.map(\.description).joined(separator: ", ")
      throw StoreError(.conflict("several teams have this name, name one by its id: \(list)"))
    }
  }

  /// One team.
  /// - Throws: `notFound`; `unavailable`.
  package func team(_ id: TeamID) async throws(StoreError) -> TeamView {
    guard id != .operatorLog, let row = try await rows(.teamByID, id.uuid, of: id).first else {
      throw StoreError(.notFound("the team"))
    }
    return row.view(zones: zones)
  }

  /// All teams, the oldest first. For the operator.
  /// - Throws: `unavailable`.
  package func teams() async throws(StoreError) -> [TeamView] {
    var rows: [TeamRow] = []
    var after = TeamID(bits: 0)
    while true {
      let page = try await operatorRows(.teamsAfter, after.uuid, Int64(Self.pageSize))
      rows += page
      guard page.count == Self.pageSize, let last = page.last else { break }
      after = last.view.id
    }
    return rows.map { $0.view(zones: zones) }.sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
  }
}

extension LedgerStore {
  /// The rows of one statement as the request of one team.
  func rows<Row>(
    _ statement: Statement<Row>, _ parameters: (any PostgresEncodable)?..., of team: TeamID,
    access: RequestScope.Access = .readOnly
  ) async throws(StoreError) -> [Row] {
    var scope = RequestScope(team: team, access)
    let slot = scope.append(statement, parameters: parameters)
    return try await scope.run(on: requestPool).decoded(slot)
  }

  /// Whether a column can hold `text`: PostgreSQL's text knows no NUL, so nothing can be found by one either.
  static func isStorable(_ text: String) -> Bool {
    !text.utf8.contains(0)
  }

  /// The rows of one statement that looks over all teams, as the role of the lanes.
  func operatorRows<Row>(
    _ statement: Statement<Row>, _ parameters: (any PostgresEncodable)?...
  ) async throws(StoreError) -> [Row] {
    var pipeline = Pipeline()
    let slot = pipeline.append(statement, parameters: parameters)
    return try await lanePool.run(pipeline, timeout: RequestScope.timeout).decoded(slot)
  }
}

extension PipelineResults {
  /// The rows of one statement, with the store's own error.
  func decoded<Row>(_ slot: Pipeline.Slot<Row>) throws(StoreError) -> [Row] {
    do {
      return try rows(slot)
    } catch {
      throw StoreError(error)
    }
  }
}
