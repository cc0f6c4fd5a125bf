import ArgumentParser
import Foundation

/// Where the upstream is and how it is used.
struct UpstreamOptions: ParsableArguments {
  @Option(
    name: .customLong("upstream-url"),
    help: ArgumentHelp("The upstream (TALLY_UPSTREAM_URL; default https://api.1min.ai).", valueName: "url"))
  var upstreamURL: String?

  @Option(
    name: .customLong("upstream-key-file"),
    help: ArgumentHelp(
      "File that holds the upstream's key (TALLY_UPSTREAM_KEY_FILE; or the key itself in TALLY_UPSTREAM_KEY).",
      valueName: "file"))
  var upstreamKeyFile: String?

  /// What was given as a flag.
  var flags: [Setting: String] {
    var flags: [Setting: String] = [:]
    flags[.upstreamURL] = upstreamURL
    flags[.upstreamKeyFile] = upstreamKeyFile
    return flags
  }
}

/// The upstream's key.
enum UpstreamKey {
  /// Reads it from its file, or else from the environment or the `--config` file.
  ///
  /// Throws `CommandFailure` where there is none; the key itself is never shown.
  static func read(_ settings: SettingsReader) throws -> String {
    if let path = settings.text(.upstreamKeyFile) {
      guard let bytes = FileManager.default.contents(atPath: path) else {
        throw CommandFailure(.usage, "the upstream's key file cannot be read: \(path)")
      }
      let key = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
      guard !key.isEmpty else { throw CommandFailure(.usage, "the upstream's key file is empty: \(path)") }
      return key
    }
    guard let key = settings.text(.upstreamKey) else {
      throw CommandFailure(
        .usage,
        "there is no upstream key: put it into a file and name that with --upstream-key-file, or set TALLY_UPSTREAM_KEY"
      )
    }
    return key
  }
}
