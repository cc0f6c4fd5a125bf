import Logging

extension Logger {
  /// The logger of a service: standard error, at `info` unless `--log-level` says otherwise.
  ///
  /// Throws `CommandFailure` for an unknown level.
  static func forService(_ settings: SettingsReader) throws -> Logger {
    try make(settings, default: .info)
  }

  /// The logger of a single command, which says little: its result is its answer.
  ///
  /// Throws `CommandFailure` for an unknown level.
  static func forCommands(_ settings: SettingsReader) throws -> Logger {
    try make(settings, default: .error)
  }

  private static func make(_ settings: SettingsReader, default fallback: Level) throws -> Logger {
    var logger = Logger(label: "tally", factory: { LineLogHandler.standardError(label: $0) })
    guard let name = settings.text(.logLevel) else {
      logger.logLevel = fallback
      return logger
    }
    guard let level = Level(rawValue: name) else {
      throw SettingsReader.wrong(.logLevel, Level.allCases.map(\.rawValue).joined(separator: ", "))
    }
    logger.logLevel = level
    return logger
  }
}
