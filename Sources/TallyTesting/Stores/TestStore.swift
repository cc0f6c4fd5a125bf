package import Ledger
package import LedgerStore
import Postgres

/// A ledger store on a database of its own, with a team to work with.
package struct TestStore: Sendable {
  /// A database with all migrations applied.
  package static let template = DatabaseTemplate(name: "migrated") { settings in
    _ = try await Migrator(connection: settings, logger: TestCluster.logger).migrate()
  }

  /// Credits of one medium square edit in the default price book.
  package static let price: Int64 = 33_000

  package let store: LedgerStore
  package let database: TestDatabase
  /// Who administers in tests.
  package let administrator = Administrator(name: "test", reason: "a test")

  /// Opens a store on a migrated database.
  package static func open(_ database: TestDatabase, laneCount: Int = 2) async throws -> TestStore {
    var settings = LedgerStoreSettings(connection: database.superuserSettings, instance: InstanceID(bits: .random()))
    settings.laneCount = laneCount
    return TestStore(store: try await LedgerStore.open(settings, logger: TestCluster.logger), database: database)
  }

  /// A member of a team of its own, with a key.
  package struct Person: Sendable {
    package let team: TeamID
    package let member: MemberID
    package let key: KeyID
    package let userID: String
  }

  /// Makes a team with one member and one key.
  package func makePerson(
    team: TeamID? = nil, teamLimit: Int64? = nil, limit: Int64? = nil, keyLimit: Int64? = nil,
    userID: String = "user-12345"
  ) async throws -> Person {
    let id = team ?? TeamID(bits: .random())
    if team == nil {
      _ = try await store.createTeam(
        NewTeam(id: id, name: "team \(id)", limit: teamLimit.map { Credits($0) }), by: administrator)
    }
    let member = MemberID(bits: .random())
    _ = try await store.addMember(
      NewMember(team: id, id: member, userID: userID, userName: "John Doe", limit: limit.map { Credits($0) }),
      by: administrator)
    let key = KeyID(bits: .random())
    let hash = (0..<32).map { _ in UInt8.random(in: 0...255) }
    _ = try await store.issueKey(
      NewKey(
        team: id, id: key, member: member, hash: Digest32(bytes: hash) ?? .zero, hint: "test", scopes: [.edit],
        limit: keyLimit.map { Credits($0) }), by: administrator)
    return Person(team: id, member: member, key: key, userID: userID)
  }

  /// A medium square edit of `person`.
  package func request(
    _ person: Person, record: RecordID = RecordID(bits: .random()), n: Int = 1
  ) -> HoldRequest {
    HoldRequest(
      team: person.team, record: record, member: person.member, key: person.key, model: "gpt-image-1-mini",
      quality: "medium", size: "1024x1024", n: n, promptObject: #"{"prompt":"a test","n":\#(n)}"#,
      userID: person.userID)
  }

  /// Takes a hold that must fit.
  package func hold(_ person: Person, n: Int = 1) async throws -> HeldEdit {
    guard case .held(let held) = try await store.hold(request(person, n: n)) else { throw HoldWasRefused() }
    return held
  }

  /// A settlement with `results` results.
  package func settlement(_ person: Person, _ record: RecordID, results: Int = 1) -> SettleRequest {
    SettleRequest(
      team: person.team, record: record, upstreamUUID: "upstream-\(record)",
      resultKeys: (0..<results).map { "images/\(record)_\($0).png" }, temporaryURL: "https://example.com/\(record)")
  }
}

/// A hold that a test needed did not fit.
package struct HoldWasRefused: Error {
  /// The refusal itself is what another test asks about.
  package init() {}
}

extension UInt128 {
  /// Random bits for an id.
  package static func random() -> UInt128 {
    UInt128(UInt64.random(in: .min ... .max)) << 64 | UInt128(UInt64.random(in: .min ... .max))
  }
}

/// Runs a test with a store on a database of its own.
package func withTestStore<R>(laneCount: Int = 2, _ body: (TestStore) async throws -> R) async throws -> R {
  try await withTestDatabase(template: TestStore.template) { database in
    let store = try await TestStore.open(database, laneCount: laneCount)
    do {
      let result = try await body(store)
      await store.store.close(within: .seconds(5))
      return result
    } catch {
      await store.store.close(within: .seconds(1))
      throw error
    }
  }
}
