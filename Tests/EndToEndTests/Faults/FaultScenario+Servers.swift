import Foundation
import Postgres
import TallyTesting
import Testing

// Faults of the servers on both sides.

extension FaultScenario {
  /// Size of the small disk, in megabytes: a new cluster takes some fifty, and a segment of its log sixteen.
  private static let diskMegabytes = 160

  func breakUpstream(_ world: FaultWorld, _ generator: inout SeededGenerator) async throws {
    let relay = world.upstreamRelay
    for _ in 0..<30 {
      relay.cut(
        .afterBytes(Int.random(in: 0...1_500, using: &generator), generator.chance(50) ? .request : .reply))
      try await Task.sleep(for: generator.duration(milliseconds: 20...120))
    }
    await relay.stall(true)
    try await Task.sleep(for: .milliseconds(2_500))
    await relay.stall(false)
    for _ in 0..<2 {
      try await world.sandbox.kill()
      try await Task.sleep(for: generator.duration(milliseconds: 100...300))
      try await world.sandbox.restart()
      try await Task.sleep(for: generator.duration(milliseconds: 200...500))
    }
    #expect(relay.cutCount >= 15)
  }

  func killPostgres(
    _ cluster: FaultCluster, _ world: FaultWorld, _ generator: inout SeededGenerator
  ) async throws {
    for _ in 0..<2 {
      try await Task.sleep(for: generator.duration(milliseconds: 300...800))
      await cluster.kill()
      try await Task.sleep(for: generator.duration(milliseconds: 0...500))
      try await cluster.restart()
      // One process of it: the server ends all the others and recovers by itself.
      try await Task.sleep(for: generator.duration(milliseconds: 300...800))
      let backend = try await world.count(
        """
        SELECT pid::bigint
          FROM pg_stat_activity
         WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1
        """)
      guard backend > 0 else { continue }
      Foundation.kill(Int32(backend), SIGKILL)
    }
  }

  /// What is left for the server's log and its tables while a disk is full, or made to look full.
  private static let diskParameters = [(name: "max_wal_size", value: "48MB"), (name: "min_wal_size", value: "32MB")]

  func fillDisk(_ folder: URL, _ seed: UInt64) async throws {
    let disk = folder.appending(path: "disk")
    guard try await SmallDisk.mount(at: disk, megabytes: Self.diskMegabytes) else {
      Notice.tell("No small disk may be mounted here: the server's files may not grow instead.")
      return try await limitFiles(folder, seed)
    }
    do {
      try await onDisk(disk, folder, seed) { _ in
        try SmallDisk.fill(disk)
        try await Task.sleep(for: .seconds(3))
        try SmallDisk.empty(disk)
      }
    } catch {
      try await SmallDisk.unmount(disk)
      throw error
    }
    try await SmallDisk.unmount(disk)
  }

  private func limitFiles(_ folder: URL, _ seed: UInt64) async throws {
    var generator = SeededGenerator(seed: ~seed)
    // Less than a segment of the log has. A page of it is written whole or not at all.
    let pages = Int.random(in: 128...1_024, using: &generator)
    try await onDisk(folder, folder, seed) { cluster in
      try await FileSizeLimit.set(pages * 8_192, ofServer: cluster.processID)
      try await Task.sleep(for: .seconds(3))
      try await FileSizeLimit.set(nil, ofServer: cluster.processID)
    }
  }

  /// Runs a cluster on `disk`, which `fillForAWhile` fills twice.
  private func onDisk(
    _ disk: URL, _ folder: URL, _ seed: UInt64, _ fillForAWhile: (FaultCluster) async throws -> Void
  ) async throws {
    let cluster = try await FaultCluster(in: disk.appending(path: "cluster"), parameters: Self.diskParameters)
    do {
      try await run(on: cluster, folder, gateways: 1, seed) { cluster, world, generator in
        for _ in 0..<2 {
          try await Task.sleep(for: generator.duration(milliseconds: 300...800))
          try await fillForAWhile(cluster)
          // Without room for its log the server ends; without room for a table it goes on.
          try await cluster.restart()
          try await world.waitForEdits(1)
        }
      }
    } catch {
      await cluster.stop()
      throw error
    }
    await cluster.stop()
  }
}
