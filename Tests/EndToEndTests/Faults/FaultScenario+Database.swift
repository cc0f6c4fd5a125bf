import Postgres
import TallyTesting
import Testing

// Faults of the way to the database, and of the database as somebody else uses it.

extension FaultScenario {
  func endBackends(_ world: FaultWorld, _ generator: inout SeededGenerator) async throws {
    for _ in 0..<20 {
      try await Task.sleep(for: generator.duration(milliseconds: 50...250))
      try await world.execute(
        """
        SELECT pg_terminate_backend(pid)
          FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid() AND random() < 0.5
        """)
    }
  }

  func cutConnections(_ world: FaultWorld, _ generator: inout SeededGenerator) async throws {
    let relay = world.databaseRelay
    for round in 0..<40 {
      let bytes = Int.random(in: 0...6_000, using: &generator)
      switch round % 4 {
      case 0, 1: relay.cut(.beforeCommitReply)
      case 2: relay.cut(.afterBytes(bytes, .request))
      default: relay.cut(.afterBytes(bytes, .reply))
      }
      try await Task.sleep(for: generator.duration(milliseconds: 20...150))
    }
    // The network swallows everything for longer than a round trip may take.
    await relay.stall(true)
    try await Task.sleep(for: .milliseconds(2_500))
    await relay.stall(false)
    #expect(relay.cutCount >= 20)
  }

  func block(_ world: FaultWorld, _ generator: inout SeededGenerator) async throws {
    // Longer than lock_timeout: the team's row, then every row of a table that each write needs.
    for sql in [
      "SELECT FROM tally.team WHERE name = 'acme' FOR UPDATE", "SELECT FROM tally.team FOR UPDATE",
      "LOCK TABLE tally.log_line IN SHARE MODE", "LOCK TABLE tally.record IN ACCESS EXCLUSIVE MODE",
    ] {
      try await world.execute("BEGIN; \(sql); SELECT pg_sleep(1.5); COMMIT")
      try await Task.sleep(for: generator.duration(milliseconds: 100...300))
    }
    // Longer than statement_timeout: a trigger sleeps in the middle of the write.
    try await world.execute(
      """
      CREATE FUNCTION public.slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(30); RETURN NULL; END';
      CREATE TRIGGER slow BEFORE INSERT ON tally.log_line FOR EACH STATEMENT EXECUTE FUNCTION public.slow()
      """)
    try await Task.sleep(for: .seconds(3))
    try await world.execute("DROP TRIGGER slow ON tally.log_line; DROP FUNCTION public.slow()")
  }

  func useUpConnections(
    _ cluster: FaultCluster, _ world: FaultWorld, _ generator: inout SeededGenerator
  ) async throws {
    for _ in 0..<3 {
      try await Task.sleep(for: generator.duration(milliseconds: 100...300))
      // Whatever is free is taken, and what the gateways lose as well.
      var taken: [Connection] = []
      var isFull = false
      while !isFull {
        do throws(PostgresError) {
          taken.append(try await Connection.open(cluster.settings, logger: FaultWorld.quiet))
        } catch {
          // libpq has no SQLSTATE for a refusal at the door.
          #expect(String(reflecting: error).contains("too many clients"))
          isFull = true
        }
      }
      if let first = taken.first {
        try await first.execute(
          script: """
            SELECT pg_terminate_backend(pid)
              FROM pg_stat_activity
             WHERE datname = current_database() AND application_name <> '' AND pid <> pg_backend_pid()
             ORDER BY random() LIMIT 4
            """)
      }
      while taken.count < 40, let more = try? await Connection.open(cluster.settings, logger: FaultWorld.quiet) {
        taken.append(more)
      }
      try await Task.sleep(for: .milliseconds(1_500))
      for connection in taken { await connection.close() }
    }
  }
}
