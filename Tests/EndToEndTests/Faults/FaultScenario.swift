import Foundation
import Postgres
import TallyTesting

/// A kind of fault with everything that it needs. Each one runs in a world of its own.
enum FaultScenario: String, CaseIterable, Sendable {
  /// kill -9 of gateways at random.
  case killedGateways
  /// kill -9 of all gateways at once, and all of them back at once, several times.
  case restartStorms
  /// A gateway dies at each named point, before and after each commit.
  case failpoints
  /// A gateway stands still between the two round trips of a batch, and past its lease, and goes on.
  case stoppedGateways
  /// The database ends connections.
  case endedBackends
  /// Connections to the database are cut in either direction, also so that exactly the COMMIT's reply is lost.
  case cutConnections
  /// Somebody else holds rows and tables, and statements take too long.
  case blockedTables
  /// The upstream is killed, silent, and cut off.
  case brokenUpstream
  /// The server has no connection left (53300).
  case fewConnections
  /// kill -9 of PostgreSQL and of one of its processes.
  case killedPostgres
  /// PostgreSQL's disk is full.
  case fullDisk

  /// Runs it and checks the ledger at its end.
  func run(seed: UInt64) async throws {
    let temporary = try TemporaryFolder()
    switch self {
    case .killedGateways: try await shared(temporary.url, gateways: 4, seed, killGateways)
    case .restartStorms: try await shared(temporary.url, gateways: 2, seed, isAsync: true, storm)
    case .failpoints: try await shared(temporary.url, gateways: 2, seed, dieAtFailpoints)
    case .stoppedGateways: try await shared(temporary.url, gateways: 2, seed, stopGateways)
    case .endedBackends: try await shared(temporary.url, gateways: 2, seed, endBackends)
    case .cutConnections: try await shared(temporary.url, gateways: 2, seed, cutConnections)
    case .blockedTables: try await shared(temporary.url, gateways: 1, seed, block)
    case .brokenUpstream: try await shared(temporary.url, gateways: 2, seed, isAsync: seed % 2 == 1, breakUpstream)
    case .fewConnections: try await own(temporary.url, small: true, gateways: 2, seed, useUpConnections)
    case .killedPostgres: try await own(temporary.url, small: false, gateways: 2, seed, killPostgres)
    case .fullDisk: try await fillDisk(temporary.url, seed)
    }
    withExtendedLifetime(temporary) {}
  }

  typealias Faults = (FaultWorld, inout SeededGenerator) async throws -> Void

  /// - Parameter isAsync: whether the upstream gives its id at once and is asked for the result.
  private func shared(
    _ folder: URL, gateways: Int, _ seed: UInt64, isAsync: Bool = false, _ faults: Faults
  ) async throws {
    try await withTestDatabase(template: World.migrated) { database in
      try await FaultWorld.run(
        on: database.superuserSettings, in: folder, gateways: gateways, seed: seed,
        arguments: isAsync ? ["--upstream-mode", "async"] : [], faults: faults)
    }
  }

  private func own(
    _ folder: URL, small: Bool, gateways: Int, _ seed: UInt64,
    _ faults: @escaping (FaultCluster, FaultWorld, inout SeededGenerator) async throws -> Void
  ) async throws {
    // Two gateways need some ten connections each; the rest is the test's own.
    let parameters = small ? [("max_connections", "30"), ("superuser_reserved_connections", "0")] : []
    let cluster = try await FaultCluster(in: folder.appending(path: "cluster"), parameters: parameters)
    do {
      try await run(on: cluster, folder, gateways: gateways, seed, faults)
    } catch {
      await cluster.stop()
      throw error
    }
    await cluster.stop()
  }

  func run(
    on cluster: FaultCluster, _ folder: URL, gateways: Int, _ seed: UInt64,
    _ faults: (FaultCluster, FaultWorld, inout SeededGenerator) async throws -> Void
  ) async throws {
    let answer = try await TallyCommand(folder: folder, databaseURL: cluster.settings.url).run(["migrate"])
    guard answer.status == 0 else { throw ProcessFailure("tally migrate: \(answer.errors)") }
    try await FaultWorld.run(on: cluster.settings, in: folder, gateways: gateways, seed: seed) { world, generator in
      try await faults(cluster, world, &generator)
    }
  }
}
