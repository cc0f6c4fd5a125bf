import Glibc

/// A data folder serves one process at a time. The lock is the kernel's (`flock(2)`), so it ends with its process however that ends;
/// the file only tells others who holds it.
package final class DataFolderLock: Sendable {
  /// What the folder is held for.
  package enum Purpose: String, Sendable {
    /// A service that runs until it is stopped: others use its server or give up.
    case service
    /// One command that is soon done: others may wait for its end.
    case command
  }

  private static let fileName = "lock"
  /// How often a lock that a command holds is tried again. Commands last seconds.
  private static let retryInterval: Duration = .milliseconds(50)

  private let descriptor: Int32

  private init(descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// Takes the lock.
  /// - Parameters:
  ///   - folder: the data folder, which must be there.
  ///   - purpose: what it is held for.
  ///   - patience: how long to wait when a command holds it. A service is not waited for.
  /// - Throws: `dataFolderInUse`, `fileSystem`, `CancellationError`.
  package static func acquire(folder: String, purpose: Purpose, patience: Duration) async throws -> DataFolderLock {
    let deadline = ContinuousClock.now + patience
    while true {
      if let lock = try tryAcquire(folder: folder, purpose: purpose) { return lock }
      let holder = try holder(of: folder)
      guard holder?.purpose != .service, ContinuousClock.now < deadline else {
        let who = holder.map { "process \($0.process)" } ?? "another process"
        throw EmbeddedPostgresError(
          .dataFolderInUse,
          "The data folder \(folder) is in use by \(who). Stop it, or choose another folder with --data-dir.")
      }
      try await Task.sleep(for: retryInterval)
    }
  }

  /// Gives the folder free, before the lock's own end.
  package func release() { _ = flock(descriptor, LOCK_UN) }

  /// Who holds the lock of a folder, nil when nobody does or its holder has not written its name yet.
  package static func holder(of folder: String) throws -> (process: Int32, purpose: Purpose)? {
    guard let text = try TextFile.read(path(folder)) else { return nil }
    let words = text.split(separator: " ")
    guard words.count == 2, let process = Int32(words[0]), let purpose = Purpose(rawValue: String(words[1])) else {
      return nil
    }
    return (process, purpose)
  }

  /// Whether somebody holds the lock of a folder now.
  package static func isHeld(_ folder: String) throws -> Bool {
    let path = path(folder)
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      guard errno == ENOENT else { throw EmbeddedPostgresError("cannot open \(path)", errno: errno) }
      return false
    }
    // Closing it gives a shared lock back at once.
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0
  }

  private static func tryAcquire(folder: String, purpose: Purpose) throws -> DataFolderLock? {
    let path = path(folder)
    // Not inherited: a server that outlives us must not hold the folder.
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw EmbeddedPostgresError("cannot open \(path)", errno: errno) }
    let lock = DataFolderLock(descriptor: descriptor)
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      guard errno == EWOULDBLOCK else { throw EmbeddedPostgresError("cannot lock \(path)", errno: errno) }
      return nil
    }
    let text = Array("\(getpid()) \(purpose.rawValue)".utf8)
    guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, text, text.count, 0) == text.count else {
      throw EmbeddedPostgresError("cannot write \(path)", errno: errno)
    }
    return lock
  }

  private static func path(_ folder: String) -> String { folder + "/" + fileName }
}
