import EmbeddedPostgres
import Foundation
import Testing

@Suite struct DataFolderLockTests {
  private func withFolder(_ body: (String) async throws -> Void) async throws {
    let path = "/tmp/tally-lock-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try await body(path)
  }

  @Test func aServiceIsNotWaitedFor() async throws {
    try await withFolder { folder in
      let lock = try await DataFolderLock.acquire(folder: folder, purpose: .service, patience: .zero)
      #expect(try DataFolderLock.isHeld(folder))
      #expect(try DataFolderLock.holder(of: folder)?.process == getpid())
      let error = await #expect(throws: EmbeddedPostgresError.self) {
        try await DataFolderLock.acquire(folder: folder, purpose: .command, patience: .seconds(3600))
      }
      #expect(error?.code == .dataFolderInUse)
      #expect(error?.description.contains("\(getpid())") == true)
      lock.release()
      #expect(try !DataFolderLock.isHeld(folder))
    }
  }

  @Test func aCommandIsWaitedFor() async throws {
    try await withFolder { folder in
      let first = try await DataFolderLock.acquire(folder: folder, purpose: .command, patience: .zero)
      await #expect(throws: EmbeddedPostgresError.self) {
        try await DataFolderLock.acquire(folder: folder, purpose: .service, patience: .zero)
      }
      let second = Task { try await DataFolderLock.acquire(folder: folder, purpose: .service, patience: .seconds(60)) }
      first.release()
      _ = try await second.value
      #expect(try DataFolderLock.holder(of: folder)?.purpose == .service)
    }
  }
}
