import AdminCommands
import ArgumentParser
import Foundation
import Testing

@Suite("Help")
struct HelpTests {
  /// A command with the words that call it.
  struct Verb: Sendable, CustomTestStringConvertible {
    var words: [String]
    var type: any ParsableCommand.Type

    var testDescription: String { words.joined(separator: " ") }
    var isLeaf: Bool { type.configuration.subcommands.isEmpty }
    var help: String { Tally.helpMessage(for: type, columns: 100) + "\n" }
  }

  static let verbs = all([Verb(words: ["tally"], type: Tally.self)])

  private static func all(_ verbs: [Verb]) -> [Verb] {
    verbs.flatMap { verb in
      [verb]
        + all(
          verb.type.configuration.subcommands.map { Verb(words: verb.words + [$0._commandName], type: $0) })
    }
  }

  /// Set TALLY_UPDATE_SNAPSHOTS=1 to write the files anew, then read the difference.
  @Test("The help texts are the ones that were read and agreed on", arguments: verbs)
  func helpIsAsAgreed(verb: Verb) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Texts/\(verb.words.joined(separator: "-")).txt")
    if ProcessInfo.processInfo.environment["TALLY_UPDATE_SNAPSHOTS"] == "1" {
      try Data(verb.help.utf8).write(to: file)
    }
    let agreed = try String(contentsOf: file, encoding: .utf8)
    #expect(verb.help == agreed)
  }

  @Test("Every verb takes --json and shows an example of itself", arguments: verbs.filter(\.isLeaf))
  func everyVerbTakesJSON(verb: Verb) {
    #expect(verb.help.contains("--json"))
    let discussion = verb.type.configuration.discussion
    #expect(discussion.contains(verb.words.joined(separator: " ")))
    #expect(discussion.contains("Example"))
  }

  @Test("Every setting stands in the help of serve", arguments: Setting.all)
  func everySettingIsListed(setting: Setting) throws {
    let serve = try #require(Self.verbs.first { $0.words == ["tally", "serve"] })
    // Lines are wrapped, so a word may stand anywhere.
    #expect(serve.help.contains(setting.variable))
  }

  @Test("Help goes to standard output and is no failure")
  func helpIsNoFailure() async {
    let run = await CommandRun.run("team", "create", "--help")
    #expect(run.status == 0)
    #expect(run.output.contains("USAGE: tally team create"))
    #expect(run.errors.isEmpty)
  }

  @Test("Completion scripts are there", arguments: ["bash", "zsh", "fish"])
  func completionScriptsAreThere(shell: String) async {
    let run = await CommandRun.run("--generate-completion-script", shell)
    #expect(run.status == 0)
    #expect(run.output.contains("ledger"))
  }

  @Test(
    "A wrong command line exits with 64 and says so on standard error",
    arguments: [
      ["fly"], ["team", "create"], ["team", "set", "acme"], ["member", "set", "acme", "user"],
      ["member", "add", "acme", "user", "--name", "n", "--limit", "-1"], ["records", "show", "no-uuid"],
      ["records", "resolve", "6f1d2c3b-4a59-4687-8796-a5b4c3d2e1f0", "--release"],
      ["records", "resolve", "6f1d2c3b-4a59-4687-8796-a5b4c3d2e1f0", "--reason", "x"],
      ["records", "credit", "6f1d2c3b-4a59-4687-8796-a5b4c3d2e1f0", "0", "--reason", "x"],
      ["records", "list", "acme", "--limit", "0"], ["key", "issue", "acme", "user", "--rate", "0"],
      ["sandbox", "--fail", "2"], ["sandbox", "--listen", "9000"], ["serve", "--upstream-mode", "fast"],
      ["serve", "--listen", "0.0.0.0:0"],
    ])
  func wrongCommandLineIsUsage(arguments: [String]) async {
    let run = await CommandRun.run(arguments)
    #expect(run.status == 64, "\(run.errors)")
    #expect(run.output.isEmpty)
    #expect(!run.errors.isEmpty)
  }

  @Test("A password in the flag is refused and not repeated")
  func passwordInTheFlagIsRefused() async {
    let run = await CommandRun.run("team", "list", "--database-url", "postgres://u:hunter2@127.0.0.1:1/d")
    #expect(run.status == 64)
    #expect(run.errors.contains("TALLY_DATABASE_URL"))
    #expect(!run.errors.contains("hunter2"))
  }

  @Test("A database that is not there exits with 69")
  func unreachableDatabaseExitsWith69() async {
    let run = await CommandRun.run("team", "list", "--database-url", "postgres://u@127.0.0.1:1/d", "--json")
    #expect(run.status == 69, "\(run.errors)")
    #expect(run.output.isEmpty)
  }
}
