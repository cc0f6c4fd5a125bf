package import Ledger
import LedgerStore
package import Logging
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Writes each entry of the log as one line to a descriptor, in one call of the system:
/// `2026-11-23T11:59:50.123456Z info tally: key=value … [Source] message`, keys in order.
///
/// The one of swift-log sorts and writes the metadata anew whenever one of them is set, and asks for the time zone for
/// each line, which took as much time of an edit as admitting it.
package struct LineLogHandler: LogHandler {
  /// What each line has.
  package var metadata: Logger.Metadata = [:]
  /// What each line is given where it is written.
  package var metadataProvider: Logger.MetadataProvider?
  /// The least level that is written.
  package var logLevel: Logger.Level = .info
  private let label: String
  private let descriptor: Int32
  private let now: @Sendable () -> Timestamp

  /// Lets one line in at a time, so that one that the system takes in two pieces stays whole.
  private static let writer = Mutex(())

  /// A handler that writes to `descriptor`.
  package init(label: String, descriptor: Int32, now: @escaping @Sendable () -> Timestamp) {
    self.label = label
    self.descriptor = descriptor
    self.now = now
  }

  /// A handler that writes to standard error.
  package static func standardError(label: String) -> LineLogHandler {
    LineLogHandler(label: label, descriptor: STDERR_FILENO, now: LedgerStoreSettings.systemClock)
  }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  package func log(event: LogEvent) {
    let line = line(event)
    Self.writer.withLock { _ in
      line.withUnsafeBytes { bytes in
        var rest = bytes
        while !rest.isEmpty {
          let written = write(descriptor, rest.baseAddress, rest.count)
          // Nobody could be told of a log that cannot be written.
          guard written > 0 || errno == EINTR else { return }
          rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(max(0, written)))
        }
      }
    }
  }

  private func line(_ event: LogEvent) -> [UInt8] {
    var all = metadata
    if let provided = metadataProvider?.get() { all.merge(provided) { _, new in new } }
    if let own = event.metadata { all.merge(own) { _, new in new } }
    if let error = event.error {
      all["error.message"] = "\(error)"
      all["error.type"] = "\(String(reflecting: type(of: error)))"
    }
    var line: [UInt8] = []
    line.reserveCapacity(512)
    Self.append(now().rfc3339, to: &line)
    Self.append(" \(event.level.rawValue) \(label):", to: &line)
    for (key, value) in all.sorted(by: { $0.key < $1.key }) {
      line.append(UInt8(ascii: " "))
      Self.append(key, to: &line)
      line.append(UInt8(ascii: "="))
      Self.append(value, to: &line)
    }
    Self.append(" [\(event.source)] ", to: &line)
    Self.append(event.message.description, to: &line)
    line.append(UInt8(ascii: "\n"))
    return line
  }

  private static func append(_ value: Logger.MetadataValue, to line: inout [UInt8]) {
    if case .string(let text) = value { append(text, to: &line) } else { append(value.description, to: &line) }
  }

  /// Appends a text without anything that could end the line or move a terminal's cursor.
  private static func append(_ text: String, to line: inout [UInt8]) {
    let isPlain = text.utf8.withContiguousStorageIfAvailable { bytes in
      for byte in bytes where isControl(byte) { return false }
      return true
    }
    if isPlain == true {
      line.append(contentsOf: text.utf8)
    } else {
      for byte in text.utf8 { line.append(isControl(byte) ? UInt8(ascii: "?") : byte) }
    }
  }

  private static func isControl(_ byte: UInt8) -> Bool { byte < 0x20 || byte == 0x7F }
}
