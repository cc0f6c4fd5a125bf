import Foundation
import Postgres
import TallyTesting

extension World {
  /// Starts a gateway in a world that has none, until `body` is done.
  func serving(_ body: (World) async throws -> Void) async throws {
    let gateway = try await TallyProcess.start(
      TallyProcess.Settings(
        databaseURL: databaseURL, dataFolder: folder.appending(path: "data-0"), upstream: sandbox?.address ?? "",
        arguments: [], name: "serve-0"), in: folder)
    do {
      try await body(
        World(folder: folder, databaseURL: databaseURL, sandbox: sandbox, gateways: [gateway], tally: tally))
    } catch {
      await gateway.stop()
      throw error
    }
    await gateway.stop()
  }

  /// The number that a statement answers, as whoever owns the database.
  func number(_ sql: String) async throws -> Int64 {
    let connection = try await Connection.open(ConnectionSettings(url: databaseURL), logger: TestCluster.logger)
    let rows: [Int64]
    do {
      rows = try await connection.query(
        Statement("test_number", sql, row: { (row) throws(PostgresError) in try row.next(Int64.self) }))
    } catch {
      await connection.close()
      throw error
    }
    await connection.close()
    return rows.first ?? 0
  }
}
