import AdminCommands
import Foundation
import Testing

@Suite("Settings")
struct SettingsReaderTests {
  private func file(_ text: String) throws -> String {
    let file = try temporaryFolder().appending(path: "tally.json")
    try Data(text.utf8).write(to: file)
    return file.path
  }

  @Test("A flag goes before the environment, that before the file, that before the default")
  func precedenceIsFlagEnvironmentFileDefault() throws {
    let path = try file(
      #"{"listen": "127.0.0.1:3", "log-name": "file.example", "upstream-timeout": 7, "insecure": true}"#)
    let environment = ["TALLY_LISTEN": "127.0.0.1:2", "TALLY_DATA_DIR": "/data"]
    let reader = try SettingsReader(flags: [.listen: "127.0.0.1:1"], environment: environment, file: path)
    #expect(reader.text(.listen) == "127.0.0.1:1")
    #expect(reader.text(.dataFolder) == "/data")
    #expect(reader.text(.logName) == "file.example")
    #expect(try reader.duration(.upstreamTimeout, seconds: 1...100) == .seconds(7))
    #expect(try reader.isOn(.insecure))
    #expect(reader.text(.upstreamURL) == "https://api.1min.ai")
    let later = try SettingsReader(flags: [:], environment: environment, file: path)
    #expect(later.text(.listen) == "127.0.0.1:2")
  }

  @Test("An empty variable counts as none, and TALLY_CONFIG names the file")
  func emptyVariableCountsAsNone() throws {
    let path = try file(#"{"log-name": "file.example"}"#)
    let reader = try SettingsReader(flags: [:], environment: ["TALLY_LOG_NAME": "", "TALLY_CONFIG": path], file: nil)
    #expect(reader.text(.logName) == "file.example")
    #expect(reader.text(.databaseURL) == nil)
  }

  @Test(
    "A file that is no object of known names and plain values is refused",
    arguments: [
      "", "[]", #"{"listne": "127.0.0.1:1"}"#, #"{"listen": ["a"]}"#, #"{"listen": null}"#, #"{"rate": 1.5}"#,
    ])
  func wrongFileIsRefused(text: String) throws {
    let path = try file(text)
    #expect { _ = try SettingsReader(flags: [:], environment: [:], file: path) } throws: { error in
      (error as? CommandFailure)?.status == .usage
    }
  }

  @Test("A value out of its range names the setting and not the value")
  func wrongValueNamesTheSetting() throws {
    let reader = try SettingsReader(flags: [.upstreamTimeout: "secret-text", .rate: "0"], environment: [:], file: nil)
    #expect { _ = try reader.duration(.upstreamTimeout, seconds: 1...10) } throws: { error in
      let text = "\(error)"
      return text.contains("--upstream-timeout") && text.contains("TALLY_UPSTREAM_TIMEOUT")
        && !text.contains("secret-text")
    }
    #expect(throws: CommandFailure.self) { _ = try reader.number(.rate, in: 1...10) }
  }

  @Test("Every setting has its variable")
  func variablesFollowTheFlags() {
    #expect(Setting.databaseURL.variable == "TALLY_DATABASE_URL")
    #expect(Setting.inDoubtMargin.variable == "TALLY_IN_DOUBT_MARGIN")
    #expect(Set(Setting.all.map(\.variable)).count == Setting.all.count)
  }
}
