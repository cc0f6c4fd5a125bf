#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file of a bundle that the system did not let be read or written.
package struct FileError: Error, Hashable, Sendable {
  /// Path of the file.
  package var path: String
  /// What failed, as the middle of a sentence: `cannot be opened`.
  package var what: String
  /// The system's own words; nil where there are none.
  package var cause: String?

  /// An error with the system's reason for the last call.
  static func last(_ path: String, _ what: String) -> FileError {
    FileError(path: path, what: what, cause: String(cString: strerror(errno)))
  }
}

extension FileError: CustomStringConvertible {
  /// One sentence.
  package var description: String {
    "\(path) \(what)" + (cause.map { ": \($0)" } ?? "")
  }
}
