import Postgres

extension LedgerStore {
  /// Checks, on a connection with the login's own rights, that the database has the tables that this program needs. A
  /// role of Tally's would not do: in a new database it is not there either.
  /// - Throws: `schema`, whose text names `tally migrate`; `unavailable` without a database.
  func checkSchema() async throws(StoreError) {
    let connection: Connection
    do {
      connection = try await Connection.open(settings.connection, logger: logger)
    } catch {
      throw StoreError(error)
    }
    do throws(StoreError) {
      try await Migrator.requireExpectedVersion(connection)
    } catch {
      await connection.close()
      throw error
    }
    await connection.close()
  }
}
