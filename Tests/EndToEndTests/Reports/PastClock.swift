import Foundation
import Ledger
import LedgerStore
import Postgres
import Synchronization
import TallyTesting

/// A store that lives on another day, and so does its database, so that edits happen when a test wants them to have
/// happened. Their times only go forward, as a log's do.
struct PastClock {
  /// What the store takes for the time.
  private final class Moment: Sendable {
    let now: Mutex<Timestamp>

    init(_ beginning: String) { now = Mutex(Timestamp(rfc3339: beginning) ?? .epoch) }
  }

  private static let beginning = "2026-10-01T00:00:00Z"

  private let store: LedgerStore
  private let moment: Moment
  private let databaseURL: String
  private let administrator = Administrator(name: "test", reason: "a test")

  /// Puts another `clock_timestamp()` before PostgreSQL's own, for logins from now on: not for the gateways that run.
  /// - Parameter beginning: the clock's first moment (RFC 3339).
  static func install(in world: World, at beginning: String = beginning) async throws -> PastClock {
    try await execute(
      """
      CREATE SCHEMA past;
      CREATE TABLE past.clock (now timestamptz NOT NULL);
      INSERT INTO past.clock VALUES ('\(beginning)');
      CREATE FUNCTION past.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE SECURITY DEFINER
        SET search_path = pg_catalog AS $$ SELECT now FROM past.clock $$;
      GRANT USAGE ON SCHEMA past TO PUBLIC;
      DO $$ BEGIN
        EXECUTE format('ALTER DATABASE %I SET search_path = past, pg_catalog', current_database());
      END $$
      """, world.databaseURL)
    let moment = Moment(beginning)
    var settings = LedgerStoreSettings(
      connection: try ConnectionSettings(url: world.databaseURL), instance: InstanceID(bits: .random()))
    settings.now = { moment.now.withLock { $0 } }
    return PastClock(
      store: try await LedgerStore.open(settings, logger: TestCluster.logger), moment: moment,
      databaseURL: world.databaseURL)
  }

  /// Ends the store; who logs in from now on has the present's clock.
  func end() async throws {
    await store.close(within: .seconds(5))
    try await Self.execute(
      "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I RESET search_path', current_database()); END $$", databaseURL)
  }

  /// A member of a team of its own, with a key.
  struct Person {
    let team = TeamID(bits: .random())
    let member = MemberID(bits: .random())
    let key = KeyID(bits: .random())
    let userID = "user-12345"
  }

  /// Makes a team with one member and one key.
  func makePerson() async throws -> Person {
    let person = Person()
    _ = try await store.createTeam(NewTeam(id: person.team, name: "past"), by: administrator)
    _ = try await store.addMember(
      NewMember(team: person.team, id: person.member, userID: person.userID, userName: "John Doe", role: .admin),
      by: administrator)
    let hash = Digest32(bytes: (0..<32).map { _ in UInt8.random(in: 0...255) }) ?? .zero
    _ = try await store.issueKey(
      NewKey(team: person.team, id: person.key, member: person.member, hash: hash, hint: "test", scopes: [.edit]),
      by: administrator)
    return person
  }

  /// Makes a team with members without keys, at the time that the clock began with.
  func makeTeam(named name: String, users: [String]) async throws {
    let team = TeamID(bits: .random())
    _ = try await store.createTeam(NewTeam(id: team, name: name), by: administrator)
    for user in users {
      _ = try await store.addMember(
        NewMember(team: team, id: MemberID(bits: .random()), userID: user, userName: "John Doe"), by: administrator)
    }
  }

  /// An edit with one image that is held and settled at that moment.
  func edit(_ person: Person, at time: String) async throws {
    try await Self.execute("UPDATE past.clock SET now = '\(time)'", databaseURL)
    moment.now.withLock { $0 = Timestamp(rfc3339: time) ?? $0 }
    let record = RecordID(bits: .random())
    _ = try await store.hold(
      HoldRequest(
        team: person.team, record: record, member: person.member, key: person.key, model: "gpt-image-1-mini",
        quality: "medium", size: "1024x1024", n: 1, promptObject: "{}", userID: person.userID))
    _ = try await store.settle(
      SettleRequest(
        team: person.team, record: record, upstreamUUID: "upstream-\(record)", resultKeys: ["images/\(record).png"],
        temporaryURL: nil))
  }

  private static func execute(_ script: String, _ url: String) async throws {
    let connection = try await Connection.open(try ConnectionSettings(url: url), logger: TestCluster.logger)
    try await connection.execute(script: script)
    await connection.close()
  }
}
