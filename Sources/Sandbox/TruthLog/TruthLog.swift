import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Appends what really happened to a file, one whole line a call, each handed to the operating system before the call
/// is answered: it survives the death of the sandbox, and no answer is ever seen without its line.
final class TruthLog: Sendable {
  private let descriptor: Int32
  /// Lets one writer in at a time, so that a line that the system takes in two pieces stays whole.
  private let writer = Mutex(())

  /// Opens the file, and makes it where it is missing.
  ///
  /// - Throws: ``SandboxError/truthLogUnusable(errno:)``.
  init(path: String) throws(SandboxError) {
    descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .truthLogUnusable(errno: errno) }
  }

  deinit {
    close(descriptor)
  }

  /// Hands a line to the operating system.
  ///
  /// - Returns: whether all of it was taken.
  func append(_ line: TruthLine) -> Bool {
    var text = line.json
    return text.withUTF8 { bytes in
      writer.withLock { _ in
        var rest = UnsafeRawBufferPointer(bytes)
        while !rest.isEmpty {
          let written = write(descriptor, rest.baseAddress, rest.count)
          if written < 0 {
            if errno == EINTR { continue }
            return false
          }
          rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
        }
        return true
      }
    }
  }
}
