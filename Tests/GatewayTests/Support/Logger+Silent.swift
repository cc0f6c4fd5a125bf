import Logging

extension Logger {
  /// A logger that nobody hears.
  static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}
