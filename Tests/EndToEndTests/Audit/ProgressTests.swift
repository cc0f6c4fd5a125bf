import Foundation
import TallyTesting
import Testing
import TransparencyLog

extension EndToEnd {
  @Suite("Progress") struct ProgressTests {
    private static let python = "/usr/bin/python3"

    /// Runs a command on a terminal of its own, and exits as it does. What the terminal shows goes to standard output.
    private static let onATerminal = """
      import os, pty, sys
      sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))
      """

    @Test(
      "Exports and checks show on a terminal how far they are, and nothing of it elsewhere",
      .enabled(if: FileManager.default.isExecutableFile(atPath: python), "python3 is installed"))
    func progressIsShownOnTerminalsAlone() async throws {
      try await SigningWorld.with { signing in
        try await signing.serving { world in
          let member = try await world.makeMember()
          #expect(try await world.submit(as: member).status == 200)
          #expect(try await world.http.with(key: member.key).get("/v1/audit/checkpoint").status == 200)
        }
        func path(_ name: String) -> String { signing.folder.appending(path: name).path }
        let export = ["audit", "export", "acme", "--out"]
        for (words, verb, out, rest, status) in [
          ("lines exported", export, "bundle", [], 0), ("lines read", export, "lines", ["--format", "jsonl"], 0),
          ("lines checked", ["audit", "verify"], "bundle", ["--vkey", signing.vkey.text], 10),
        ] as [(String, [String], String, [String], Int32)] {
          let shown = try ChildProcess(
            URL(filePath: Self.python),
            arguments: ["-c", Self.onATerminal, try BuiltProducts.tally().path] + verb + [path(out)] + rest,
            environment: [
              "TALLY_DATABASE_URL": signing.database.url, "TALLY_DATA_DIR": signing.signingFolder.path,
            ], folder: signing.folder, name: "terminal-\(out)-\(status)")
          #expect(try await shown.waitForExit() == status, "\(shown.output) \(shown.log)")
          #expect(shown.output.contains(" \(words), 100 %"), "\(shown.output)")
          // The line is taken away at the end.
          #expect(shown.output.contains("\r\u{1B}[K"))
          let other = verb == export ? "\(out)-2" : out
          let piped = try await signing.tally.run(verb + [path(other)] + rest)
          #expect(piped.status == status, "\(piped.errors)")
          for text in [piped.output, piped.errors] { #expect(!text.contains(words) && !text.contains("\u{1B}")) }
        }
      }
    }
  }
}
