import Foundation
import Logging
import Postgres
import TallyTesting

/// What a fault test works with: gateways under load on a real PostgreSQL, with a relay on each side of them, and a
/// sandbox that fails by itself now and then and knows the truth.
struct FaultWorld: Sendable {
  /// An edit may be in the sandbox's hands for so long, a gateway's lease and the margin are as short as they may be:
  /// recovery is to happen within the test.
  static let serveArguments = [
    "--upstream-timeout", "2s", "--lease", "2s", "--in-doubt-margin", "1s", "--rate", "0", "--lanes", "2",
    "--log-level", "warning",
  ]
  /// The same for `tally ledger check`, which asks whether anything was held for too long.
  static let checkEnvironment = ["TALLY_UPSTREAM_TIMEOUT": "2s", "TALLY_IN_DOUBT_MARGIN": "1s"]
  /// Credits that a team may spend in all: more than any scenario does, so that edits go on to its end.
  static let teamLimit: Int64 = 3_000_000_000
  /// Credits that a member may spend at first: some thousand edits. An administrator cuts limits, so that refusals come.
  static let memberLimit: Int64 = 100_000_000
  /// What a limit is cut to at most: some ten edits.
  static let cutLimit: Int64 = 300_000
  /// Edits that must be done after the last fault: whatever happened, the service goes on.
  private static let editsAfterFaults = 30
  /// How long they may take: a busy machine does some ten a second.
  private static let editsLimit = Duration.seconds(60)

  let folder: URL
  /// As superuser, past the relay.
  let database: ConnectionSettings
  /// Between the gateways and PostgreSQL.
  let databaseRelay: FaultRelay
  /// Between the gateways and the sandbox.
  let upstreamRelay: FaultRelay
  let sandbox: SandboxSlot
  let fleet: Fleet
  let load: Load
  let tally: TallyCommand

  /// Runs `faults` under load, lets everything heal, and checks that nothing was lost, doubled or invented.
  /// - Parameters:
  ///   - settings: the migrated database.
  ///   - gateways: how many there are.
  ///   - clients: how many send edits at a time.
  ///   - arguments: further arguments of each gateway.
  ///   - afterwards: what is done with the healed world, whose ledger was found to be sound.
  static func run(
    on settings: ConnectionSettings, in folder: URL, gateways: Int, seed: UInt64, clients: Int = Load.usualClients,
    arguments: [String] = [], faults: (FaultWorld, inout SeededGenerator) async throws -> Void,
    afterwards: (FaultWorld) async throws -> Void = { _ in }
  ) async throws {
    let sandbox = try await SandboxSlot.start(seed: seed, in: folder)
    let (databaseRelay, through) = try await FaultRelay.start(to: settings)
    let upstreamRelay = try await FaultRelay.start(to: .port(host: "127.0.0.1", sandbox.port))
    let fleet = Fleet(
      size: gateways,
      Fleet.Settings(
        folder: folder, databaseURL: through.url, upstream: "http://127.0.0.1:\(upstreamRelay.port)",
        arguments: serveArguments + arguments))
    let tally = TallyCommand(folder: folder, databaseURL: settings.url)
    do {
      let members = try await people(tally)
      let world = FaultWorld(
        folder: folder, database: settings, databaseRelay: databaseRelay, upstreamRelay: upstreamRelay,
        sandbox: sandbox, fleet: fleet, load: Load(fleet, members: members, tally: tally, seed: seed, clients: clients),
        tally: tally)
      try await fleet.startAll()
      var generator = SeededGenerator(seed: seed)
      try await world.load.run {
        try await faults(world, &generator)
        try await world.heal()
        try await world.waitForEdits(Self.editsAfterFaults)
      }
      try await world.judge()
      try await afterwards(world)
    } catch {
      Notice.tell(fleet.logs)
      await fleet.stopAll()
      await sandbox.stop()
      await databaseRelay.stop()
      await upstreamRelay.stop()
      throw error
    }
    await fleet.stopAll()
    await sandbox.stop()
    await databaseRelay.stop()
    await upstreamRelay.stop()
  }

  /// Two teams. One charges what is in doubt after a second, the other one never.
  private static func people(_ tally: TallyCommand) async throws -> [FaultMember] {
    var members: [FaultMember] = []
    for (team, policy) in [("acme", "1s"), ("globex", "never")] {
      _ = try await tally.json("team", "create", team, "--limit", "\(teamLimit)")
      _ = try await tally.json("team", "set", team, "--in-doubt-charge-after", policy, "--reason", "test")
      for user in ["user-1", "user-2"] {
        _ = try await tally.json("member", "add", team, user, "--name", "John Doe", "--limit", "\(memberLimit)")
        let issued = try await tally.json("key", "issue", team, user, "--rate", "none")
        guard let key = issued["key"].string else { throw ProcessFailure("tally key issue printed no key") }
        members.append(FaultMember(team: team, user: user, key: key))
      }
    }
    return members
  }

  /// Ends every fault: all gateways run, nothing is cut or silent.
  func heal() async throws {
    databaseRelay.heal()
    upstreamRelay.heal()
    await databaseRelay.stall(false)
    await upstreamRelay.stall(false)
    try await sandbox.restart()
    for number in 0..<fleet.size {
      fleet.resume(number)
      try await fleet.start(number)
    }
  }

  /// Runs SQL as superuser, past the relay.
  func execute(_ sql: String) async throws {
    var patient = database
    // It waits for locks that the gateways hold.
    patient.lockTimeout = .zero
    patient.statementTimeout = .zero
    let connection = try await Connection.open(patient, logger: Self.quiet)
    do {
      try await connection.execute(script: sql, timeout: .seconds(30))
    } catch {
      await connection.close()
      throw error
    }
    await connection.close()
  }

  /// The first column of the first row, as superuser.
  func count(_ sql: String) async throws -> Int64 {
    try await rows(Statement("count", sql, row: { (row) throws(PostgresError) in try row.next(Int64.self) })).first ?? 0
  }

  /// The rows of a statement, as superuser.
  func rows<Row>(_ statement: Statement<Row>) async throws -> [Row] {
    let connection = try await Connection.open(database, logger: Self.quiet)
    do {
      let rows = try await connection.query(statement)
      await connection.close()
      return rows
    } catch {
      await connection.close()
      throw error
    }
  }

  /// Waits until so many more edits were answered with success.
  ///
  /// Throws `ProcessFailure` where they are not within a minute.
  func waitForEdits(_ count: Int) async throws {
    let wanted = load.memory.counts.done + count
    try await wait(within: Self.editsLimit, for: "\(count) more edits") { load.memory.counts.done >= wanted }
  }

  /// Waits until something is true.
  ///
  /// Throws `ProcessFailure` where it is not within `limit`.
  func wait(within limit: Duration, for what: String, _ isTrue: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !isTrue() {
      guard ContinuousClock.now < deadline else { throw ProcessFailure("waited \(limit) for \(what)") }
      try await Task.sleep(for: .milliseconds(50))
    }
  }

  static let quiet = Logger(label: "faults") { _ in SwiftLogNoOpLogHandler() }
}
