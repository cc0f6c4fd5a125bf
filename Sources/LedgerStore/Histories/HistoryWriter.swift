package import Ledger
import Postgres

/// Writes the pieces of histories, each in one transaction, on a connection of its own.
package struct HistoryWriter: Sendable {
  /// The longest that one piece may take. Nobody waits for the rows of a history, so it may be more than a lane has.
  private static let timeout: Duration = .seconds(10)

  let connection: Connection

  /// Writes one piece, durably.
  /// - Throws: `unavailable`; `database` where a row is there already.
  package func write(_ piece: LaneWrites) async throws(StoreError) {
    do {
      _ = try await connection.run(piece.historyPipeline, timeout: Self.timeout)
    } catch {
      throw StoreError(error)
    }
  }

  /// Closes the connection.
  package func close() async { await connection.close() }
}

extension LedgerStore {
  /// A history without commands, which may run beside others on other teams.
  /// - Parameter prices: what its edits cost.
  package func history(prices: PriceBook) -> TeamHistory {
    TeamHistory(prices: prices, environment: Self.environment(settings, zones: zones))
  }

  /// A writer of histories. As the lanes it has their role and their plans.
  /// - Throws: `unavailable`.
  package func historyWriter() async throws(StoreError) -> HistoryWriter {
    do {
      return HistoryWriter(connection: try await Connection.open(Self.laneConnection(settings), logger: logger))
    } catch {
      throw StoreError(error)
    }
  }

  /// The bounds of the month of `timeZone` that `moment` lies in; nil: there is no such zone.
  package func month(at moment: Timestamp, timeZone: String) -> PeriodBounds? {
    zones.monthBounds(at: moment, timeZone: timeZone)
  }
}
