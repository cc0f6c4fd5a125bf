import Foundation
import Ledger
import LedgerStore
import Logging
import Postgres

/// What `tally doctor` asks of the database.
enum DatabaseChecks {
  /// More than this, and the gateway refuses the database: a clock that jumps pins periods and prices (docs/ledger.md).
  static let maximumClockDifference: Int64 = 300

  private static let names = ["database", "schema", "clock", "signer", "signed heads", "halted logs"]

  /// Connects and asks; each question has its answer even where there is no connection.
  static func all(_ settings: SettingsReader, folder: DataFolder, logger: Logger) async -> [HealthCheck] {
    if settings.text(.databaseURL) == nil, !folder.hasCluster {
      return names.map { HealthCheck($0, .warn, "no embedded database yet; the first start makes it") }
    }
    do {
      return try await LedgerDatabase.use(settings, logger: logger) { database, logger in
        let connection = try await Connection.open(database.connection, logger: logger)
        let checks = [
          HealthCheck("database", .ok, "\(database.connection)"),
          await schema(connection), await clock(connection),
        ]
        await connection.close()
        return checks + (await SignerChecks.all(settings, database, logger: logger))
      }
    } catch {
      let reason = CommandFailure(error)?.message ?? "\(error)"
      return names.enumerated().map { HealthCheck($1, .fail, $0 == 0 ? reason : "not known without the database") }
    }
  }

  private static func schema(_ connection: Connection) async -> HealthCheck {
    await HealthCheck.running("schema") {
      try await Migrator.requireExpectedVersion(connection)
      return HealthCheck("schema", .ok, "version \(Migrator.expectedVersion)")
    }
  }

  private static func clock(_ connection: Connection) async -> HealthCheck {
    await HealthCheck.running("clock") {
      let before = Timestamp.now()
      guard let theirs = try await connection.query(.databaseClock).first else {
        return HealthCheck("clock", .fail, "the database did not tell its time")
      }
      // The answer was made at some moment between the two looks at our own clock.
      let after = Timestamp.now()
      let distance = max(before.microseconds - theirs, theirs - after.microseconds, 0)
      let seconds = distance / Timestamp.microsecondsPerSecond
      return HealthCheck(
        "clock", seconds < maximumClockDifference ? .ok : .fail,
        "\(seconds) s from the database's; \(maximumClockDifference) s at most")
    }
  }
}

extension Statement where Row == Int64 {
  /// The database's time of day, in microseconds since 1970.
  fileprivate static let databaseClock = Statement("database clock", "SELECT clock_timestamp()") {
    (row) throws(PostgresError) in try row.next(PostgresTimestamp.self).microsecondsSinceUnixEpoch
  }
}

extension DataFolder {
  /// Whether an embedded database was made here.
  var hasCluster: Bool {
    FileManager.default.fileExists(atPath: url.appending(path: "pg/data").path)
  }
}
