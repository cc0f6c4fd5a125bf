import Configuration
import Foundation

/// The settings of one run, from flags, environment and file.
package struct SettingsReader: Sendable {
  private let reader: ConfigReader

  /// Reads from `flags` first, then `environment`, then the JSON object in `file`.
  ///
  /// Throws `CommandFailure` where the file is not readable, or names a setting that there is not.
  package init(
    flags: [Setting: String], environment: [String: String] = ProcessInfo.processInfo.environment, file: String?
  ) throws {
    var providers: [any ConfigProvider] = [
      InMemoryProvider(
        name: "flags",
        values: Dictionary(
          uniqueKeysWithValues: flags.map { (AbsoluteConfigKey([$0.name]), SettingsReader.value($1, for: $0)) })),
      // An empty variable counts as none: that is how scripts unset one for a command.
      EnvironmentVariablesProvider(
        environmentVariables: environment.filter { !$0.value.isEmpty },
        secretsSpecifier: .specific(Set(Setting.all.filter(\.isSecret).map(\.variable)))
      ).prefixKeys(with: "tally"),
    ]
    if let file = file ?? environment["TALLY_CONFIG"].flatMap({ $0.isEmpty ? nil : $0 }) {
      providers.append(InMemoryProvider(name: "file", values: try SettingsFile.read(file)))
    }
    reader = ConfigReader(providers: providers)
  }

  /// The setting's text: what was set, else its default, else nil.
  package func text(_ setting: Setting) -> String? {
    reader.string(forKey: ConfigKey([setting.name]), isSecret: setting.isSecret) ?? setting.fallback
  }

  /// A duration. Throws `CommandFailure` where the text is none, or is out of `range` of seconds.
  package func duration(_ setting: Setting, seconds range: ClosedRange<Int64>) throws -> Duration {
    guard let text = text(setting), let argument = DurationArgument(argument: text), range.contains(argument.seconds)
    else {
      throw SettingsReader.wrong(setting, "a duration of \(range.lowerBound) to \(range.upperBound) seconds, like 15s")
    }
    return argument.duration
  }

  /// A whole number; nil where nothing is set and there is no default. Throws `CommandFailure` where it is out of
  /// `range`.
  package func number(_ setting: Setting, in range: ClosedRange<Int64>) throws -> Int64? {
    guard let text = text(setting) else { return nil }
    guard let value = WholeNumber.parse(text), range.contains(value) else {
      throw SettingsReader.wrong(setting, "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// A truth value. Throws `CommandFailure` where the text is neither true nor false.
  package func isOn(_ setting: Setting) throws -> Bool {
    switch text(setting) {
    case "true", "1", "yes": true
    case nil, "false", "0", "no": false
    default: throw SettingsReader.wrong(setting, "true or false")
    }
  }

  /// The failure of a setting whose value is not `wanted`; the value itself is not shown, it may be a secret.
  package static func wrong(_ setting: Setting, _ wanted: String) -> CommandFailure {
    CommandFailure(.usage, "--\(setting.name) (or \(setting.variable)) takes \(wanted)")
  }

  fileprivate static func value(_ text: String, for setting: Setting) -> ConfigValue {
    ConfigValue(.string(text), isSecret: setting.isSecret)
  }
}

/// A `--config` file: a JSON object whose names are those of the settings.
enum SettingsFile {
  private enum Scalar: Decodable {
    case text(String)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let value = try? container.decode(Bool.self) {
        self = .text(value ? "true" : "false")
      } else if let value = try? container.decode(Int64.self) {
        self = .text(String(value))
      } else {
        self = .text(try container.decode(String.self))
      }
    }
  }

  static func read(_ path: String) throws -> [AbsoluteConfigKey: ConfigValue] {
    guard let text = FileManager.default.contents(atPath: path) else {
      throw CommandFailure(.usage, "the file of --config cannot be read: \(path)")
    }
    guard let entries = try? JSONDecoder().decode([String: Scalar].self, from: text) else {
      throw CommandFailure(
        .usage, "the file of --config is no JSON object of texts, whole numbers and truth values: \(path)")
    }
    let known = Dictionary(uniqueKeysWithValues: Setting.all.map { ($0.name, $0) })
    var values: [AbsoluteConfigKey: ConfigValue] = [:]
    for (name, entry) in entries {
      // A misspelt name that is silently ignored is a setting that somebody believes in.
      guard let setting = known[name] else {
        throw CommandFailure(.usage, "the file of --config names \(name), which is no setting")
      }
      guard case .text(let text) = entry else { continue }
      values[AbsoluteConfigKey([name])] = SettingsReader.value(text, for: setting)
    }
    return values
  }
}
