import EmbeddedPostgres
import Foundation
import Postgres
import Synchronization

/// What a test process takes away when it ends: its cluster with the folder, or its databases on somebody else's server.
enum TestProcessEnd {
  /// The longest time that the end may take.
  private static let limit: DispatchTimeInterval = .seconds(10)

  private struct State {
    var isRegistered = false
    var cluster: EmbeddedCluster?
    var folder: String?
    var databases: [(name: String, administration: ConnectionSettings)] = []
  }

  private static let state = Mutex(State())

  static func remember(cluster: EmbeddedCluster, folder: String) {
    register()
    state.withLock { state in
      state.cluster = cluster
      state.folder = folder
    }
  }

  static func remember(database: String, _ administration: ConnectionSettings) {
    register()
    state.withLock { $0.databases.append((database, administration)) }
  }

  private static func register() {
    let isFirst = state.withLock { state in
      defer { state.isRegistered = true }
      return !state.isRegistered
    }
    if isFirst { atexit { TestProcessEnd.cleanUp() } }
  }

  private static func cleanUp() {
    let end = state.withLock { $0 }
    let done = DispatchSemaphore(value: 0)
    // The process is single-minded now, but its other threads still run: long enough for this.
    Task.detached {
      if let cluster = end.cluster {
        kill(cluster.processID, SIGQUIT)
        await cluster.waitForExit()
      } else {
        for database in end.databases { try? await TestDatabase.drop(database.name, database.administration) }
      }
      done.signal()
    }
    _ = done.wait(timeout: .now() + limit)
    if let folder = end.folder { try? FileManager.default.removeItem(atPath: folder) }
  }
}
