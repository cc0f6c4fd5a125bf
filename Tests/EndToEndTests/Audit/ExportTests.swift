import Foundation
import Ledger
import TallyTesting
import Testing
import TransparencyLog

extension EndToEnd {
  /// Finance takes the log away, by the command line and over HTTP, and checks it without us.
  @Suite("Exports") struct ExportTests {
    /// A key for heads, as a file.
    struct HeadKey {
      let folder: TemporaryFolder
      let file: String
      let vkey: String

      init() throws {
        folder = try TemporaryFolder()
        file = folder.url.appending(path: "log.key").path
        let key = try #require(NoteSigningKey(newNamed: "tally.local"))
        vkey = key.verifierKey
        try Data("\(key.secretText)\n".utf8).write(to: URL(filePath: file))
      }
    }

    static func lastMonth() -> String {
      var calendar = Calendar(identifier: .gregorian)
      calendar.timeZone = .gmt
      let last = calendar.date(byAdding: .month, value: -1, to: Date()) ?? Date()
      let parts = calendar.dateComponents([.year, .month], from: last)
      let number = "\((parts.year ?? 0) * 100 + (parts.month ?? 0))"
      return "\(number.prefix(4))-\(number.suffix(2))"
    }

    static func runningMonth() -> String {
      let parts = Calendar(identifier: .gregorian).dateComponents(in: .gmt, from: Date())
      let number = "\((parts.year ?? 0) * 100 + (parts.month ?? 0))"
      return "\(number.prefix(4))-\(number.suffix(2))"
    }

    /// A gateway that signs, and a team with edits before and behind the closing of the last month.
    static func with(
      _ body: (World, HeadKey, _ finance: World.Member, _ closed: Int64) async throws -> Void
    ) async throws {
      let key = try HeadKey()
      try await World.with(serveArguments: ["--signing-key-file", key.file]) { world in
        let member = try await world.makeMember(limit: "150000")
        let finance = try await world.addMember(to: member.team, user: "finance-1", role: "FINANCE")
        for _ in 0..<3 { #expect(try await world.submit(as: member).status == 200) }
        // The team is older than the month that is over.
        try await world.execute("UPDATE tally.team SET created_at = created_at - interval '70 days'")
        let closed = try await world.tally.json(
          "period", "close", member.team, lastMonth(), "--reason", "a test")["index"].integer
        #expect(try await world.submit(as: member).status == 200)
        #expect(try await world.submit(as: member).status == 406)
        try await body(world, key, finance, try #require(closed))
      }
      withExtendedLifetime(key) {}
    }

    private static func files(_ folder: String) throws -> [String: Data] {
      var files: [String: Data] = [:]
      for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
        files[name] = FileManager.default.contents(atPath: "\(folder)/\(name)")
      }
      return files
    }

    /// Whether Python reads a table whose rows all have as many cells as the heading.
    private static func isTable(_ path: String, rows: Int) async throws -> Bool {
      let script = """
        import csv, sys
        rows = list(csv.reader(open(sys.argv[1], newline=""), strict=True))
        sys.exit(0 if len(rows) == \(rows + 1) and all(len(row) == len(rows[0]) for row in rows) else 1)
        """
      return try await SystemProgram.run("python3", ["-c", script, path]) == 0
    }

    @Test("A bundle of any range is found whole, with Tally and without")
    func bundlesAreFoundWhole() async throws {
      try await Self.with { world, key, finance, closed in
        let team = finance.team
        func path(_ name: String) -> String { world.folder.appending(path: name).path }
        func export(_ name: String, _ more: String...) async throws -> JSONNode {
          let arguments = ["audit", "export", team, "--out", path(name), "--vkey", key.vkey, "--json"] + more
          let answer = try await world.tally.run(arguments)
          #expect(answer.status == 0, "\(answer.errors)")
          return answer.json
        }
        func verify(_ name: String, _ more: String...) async throws -> Int32 {
          try await world.tally.run(["audit", "verify", path(name), "--vkey", key.vkey] + more).status
        }
        let whole = try await export("whole", "--with-private")
        #expect(whole["from"].integer == 0 && whole["edits"].integer == 4)
        #expect(try await verify("whole") == 10)
        #expect(try await verify("whole", "--known-head", path("whole/checkpoint")) == 0)
        // From a closed month on, tied to the head that somebody got before.
        let later = try await export("later", "--from", "\(closed + 1)", "--known-head", path("whole/checkpoint"))
        #expect(later["from"].integer == closed)
        #expect(try await verify("later", "--known-head", path("whole/checkpoint")) == 0)
        #expect(try await verify("later") == 10)
        let shown = try await world.tally.run(["audit", "verify", path("later"), "--vkey", key.vkey]).output
        #expect(shown.contains("From line") && !shown.contains("Log covered"), "\(shown)")
        #expect(try await SystemProgram.run("sh", [path("later/verify.sh"), key.vkey]) == 0)
        #expect(try await SystemProgram.run("sh", [path("whole/verify.sh"), key.vkey]) == 0)
        // Each export is told of, and is no part of itself.
        let log = try await world.log(of: team)
        let told = log.compactMap { line -> ExportCreated? in
          if case .exportCreated(let event) = line.event { event } else { nil }
        }
        #expect(told.map(\.from) == [0, closed] && told.map(\.withPrivate) == [true, false])
        #expect(told.map(\.to) == [whole["to"].integer, later["to"].integer])
        // The bundle before leads to the book that the database kept at the closing.
        _ = try await export("before", "--to", "\(closed)")
        #expect(
          try await verify("later", "--previous", path("before"), "--known-head", path("whole/checkpoint")) == 0)
        #expect(try await verify("later", "--previous", path("whole")) == 64)
      }
    }

    /// The lines of a list, each with the head that its proof leads to.
    private static func rows(_ path: String) throws -> [(line: String, head: String)] {
      struct Row: Decodable {
        var index: Int64
        var proof: String
      }
      return try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { text in
        let row = try JSONDecoder().decode(Row.self, from: Data(text.utf8))
        let proof = try LogProof(text: Array(row.proof.utf8))
        return (String(decoding: proof.extra ?? [], as: UTF8.self), proof.checkpoint.string)
      }
    }

    @Test("A cut export goes on to the same bytes")
    func aCutExportGoesOn() async throws {
      try await Self.with { world, key, finance, _ in
        let team = finance.team
        let tally = try BuiltProducts.tally().path
        func path(_ name: String) -> String { world.folder.appending(path: name).path }
        let forms = [
          ("bundle", ["--with-private"]), ("lines", ["--format", "jsonl"]), ("list", ["--action", "edit.held"]),
        ]
        for (name, more) in forms {
          // No file may have more than 8 KiB: it ends in the middle of the lines.
          let arguments = ["audit", "export", team, "--out", path("\(name)-cut"), "--vkey", key.vkey] + more
          let script = "ulimit -f 8; TALLY_DATABASE_URL=\"$0\" exec \(tally) \(arguments.joined(separator: " "))"
          #expect(try await SystemProgram.run("bash", ["-c", script, world.databaseURL]) != 0)
          let again = try await world.tally.run(arguments)
          #expect(again.status == 64 && again.errors.contains("--resume"), "\(again.errors)")
          if name == "list" {
            let other = try await world.tally.run(
              arguments.dropLast(2) + ["--action", "edit.settled", "--resume"])
            #expect(other.status == 64 && other.errors.contains("--action edit.held"), "\(other.errors)")
          }
          let kept = FileManager.default.contents(atPath: path("\(name)-cut.unfinished"))
          let resumed = try await world.tally.run(arguments + ["--resume", "--json"])
          #expect(resumed.status == 0, "\(resumed.errors)")
          let to = try #require(resumed.json["to"].integer)
          let uncut = try await world.tally.run(
            ["audit", "export", team, "--out", path("\(name)-uncut"), "--vkey", key.vkey, "--to", "\(to)"] + more)
          #expect(uncut.status == 0, "\(uncut.errors)")
          if name == "bundle" {
            #expect(try Self.files(path("bundle-cut")) == Self.files(path("bundle-uncut")))
          } else if name == "list" {
            // The other one has a newer head, and so other proofs.
            let (cut, uncut) = (try Self.rows(path("list-cut")), try Self.rows(path("list-uncut")))
            #expect(cut.map(\.line) == uncut.map(\.line) && cut.count > 1)
            #expect(Set(cut.map(\.head)).count == 1)
            let text = try #require(FileManager.default.contents(atPath: path("list-cut")))
            #expect(text.starts(with: try #require(kept).prefix { $0 != UInt8(ascii: "\n") }))
            #expect(resumed.json["rows"].integer == Int64(cut.count))
          } else {
            let cut = try #require(FileManager.default.contents(atPath: path("lines-cut")))
            #expect(cut == FileManager.default.contents(atPath: path("lines-uncut")))
            #expect(!FileManager.default.fileExists(atPath: path("lines-cut.unfinished")))
            #expect(!FileManager.default.fileExists(atPath: path("lines-cut.unfinished.json")))
          }
        }
      }
    }

    @Test("What cannot be exported says why, and leaves nothing behind")
    func badRangesSayWhy() async throws {
      try await Self.with { world, key, finance, _ in
        func path(_ name: String) -> String { world.folder.appending(path: name).path }
        func failure(_ more: String...) async throws -> (status: Int32, errors: String) {
          let arguments = ["audit", "export", finance.team, "--out", path("none"), "--vkey", key.vkey]
          let answer = try await world.tally.run(arguments + more)
          for name in ["none", "none.unfinished", "none.unfinished.json"] {
            #expect(!FileManager.default.fileExists(atPath: path(name)))
          }
          return (answer.status, answer.errors)
        }
        #expect(try await failure("--from", "4", "--to", "3").errors.contains("ends before it starts"))
        #expect(try await failure("--from", "99999").errors.contains("lies in the future"))
        #expect(try await failure("--to", "2999-01-01").errors.contains("lies in the future"))
        #expect(try await failure("--to", "2999-01-01").status == 64)
        #expect(try await failure("--action", "edit.eaten").status == 64)
        for format in ["bundle", "csv"] {
          #expect(try await failure("--action", "edit.held", "--format", format).errors.contains("leave out --format"))
        }
        let log = try await failure("--log", "another", "--format", "jsonl")
        #expect(log.status == 64 && log.errors.contains("it has tally.local/"), "\(log.errors)")
        #expect(try await failure("--user", "nobody").errors.contains("the member does not exist"))
        let foreign = try await world.tally.run(["audit", "export", "nobody", "--out", path("none")])
        #expect(foreign.status == 1 && foreign.errors.contains("the team does not exist"))
        let wrong = try await world.tally.run(
          ["audit", "export", finance.team, "--out", path("none"), "--signing-key-file", path("no.key")])
        #expect(wrong.status == 1 && wrong.errors.contains("--vkey"), "\(wrong.errors)")
      }
    }

    @Test("Over HTTP come the same lines, tables and bundles")
    func httpExportsAreTheSame() async throws {
      try await Self.with { world, key, finance, closed in
        let http = world.http.with(key: finance.key)
        func path(_ name: String) -> String { world.folder.appending(path: name).path }
        let lines = try await http.get("/v1/audit/export?format=jsonl&from=2")
        #expect(lines.status == 200, "\(lines.text)")
        let log = try await world.log(of: finance.team)
        let to = try #require(lines.headers["tally-to"].flatMap(Int.init))
        #expect(lines.body == Data(log[2..<to].flatMap { $0.bytes + [UInt8(ascii: "\n")] }))
        let tables = [("csv", 5), ("focus", 4)]
        for (format, rows) in tables {
          let table = try await http.get("/v1/audit/export?format=\(format)&to=\(to)")
          #expect(table.status == 200, "\(table.text)")
          try table.body.write(to: URL(filePath: path("\(format).csv")))
          #expect(try await Self.isTable(path("\(format).csv"), rows: rows), "\(format)")
          let told = try await world.tally.json(
            "audit", "export", finance.team, "--out", path("\(format)-told.csv"), "--format", format, "--to", "\(to)",
            "--vkey", key.vkey)
          #expect(told["rows"].integer == Int64(rows))
          #expect(try Data(contentsOf: URL(filePath: path("\(format)-told.csv"))) == table.body)
        }
        let archive = try await http.get("/v1/audit/export?format=bundle&from=\(closed + 1)")
        #expect(archive.status == 200 && archive.headers["tally-from"] == "\(closed)", "\(archive.text.prefix(400))")
        try archive.body.write(to: URL(filePath: path("bundle.tar")))
        #expect(try await SystemProgram.run("tar", ["-xf", path("bundle.tar"), "-C", world.folder.path]) == 0)
        let end = archive.headers["tally-to"] ?? ""
        let folder = path("tally-audit-\(closed)-\(end)")
        let verified = try await world.tally.run(["audit", "verify", folder, "--vkey", key.vkey])
        #expect(verified.status == 10, "\(verified.output)")
        #expect(try await SystemProgram.run("sh", ["\(folder)/verify.sh", key.vkey]) == 0)
        let exported = try await world.tally.run(
          [
            "audit", "export", finance.team, "--out", path("same"), "--vkey", key.vkey, "--from", "\(closed)", "--to",
            end,
          ])
        #expect(exported.status == 0, "\(exported.errors)")
        let (streamed, written) = (try Self.files(folder), try Self.files(path("same")))
        #expect(streamed.keys.sorted() == written.keys.sorted())
        // The head may have been signed anew between the two.
        for name in ["audit-000001.jsonl", "usage.csv", "statement.json", "focus-1.2.csv", "state.json", "peaks"] {
          #expect(streamed[name] == written[name], "\(name)")
        }
        let future = try await http.get("/v1/audit/export?to=2999-01-01")
        #expect(future.status == 400 && future.json["errors"].elements.first?["field"].string == "to")
      }
    }

    @Test("What somebody changed in the database is in no statement, and ends no table")
    func changedRowsAreNotGivenAway() async throws {
      try await Self.with { world, _, finance, _ in
        let http = world.http.with(key: finance.key)
        #expect(try await http.get("/v1/audit/export?format=csv").status == 200)
        try await world.execute(
          """
          UPDATE tally.log_line
             SET line = convert_to(replace(convert_from(line, 'UTF8'), '"charge":33000', '"charge":11000'), 'UTF8')
          """)
        let statement = try await http.get("/v1/statements/\(Self.runningMonth())")
        #expect(statement.status == 503 && statement.json["code"].string == "SERVICE_UNAVAILABLE", "\(statement.text)")
        await #expect(throws: (any Error).self) { try await http.get("/v1/audit/export?format=csv") }
        let told = world.gateways[0].process.log
        #expect(told.contains("cannot be trusted"))
      }
    }

    @Test("An export of changed lines fails, names the line, and is never called what it was to be called")
    func failedExportsHaveNoName() async throws {
      try await Self.with { world, key, finance, closed in
        let changed = try #require(
          try await world.log(of: finance.team).last { $0.event.action == .editSettled && $0.header.index < closed })
        let index = changed.header.index
        try await world.execute(
          """
          UPDATE tally.log_line
             SET line = convert_to(regexp_replace(convert_from(line, 'UTF8'), '"private":".{8}', '"private":"00000000'),
                                   'UTF8')
           WHERE index = \(index)
          """)
        for format in ["jsonl", "csv", "focus", "bundle"] {
          let out = world.folder.appending(path: "changed.\(format)").path
          let export = ["audit", "export", finance.team, "--out", out, "--format", format, "--vkey", key.vkey]
          for more in [[], ["--resume"]] {
            let answer = try await world.tally.run(export + more)
            #expect(answer.status == 1, "\(format): \(answer.errors)")
            #expect(
              answer.errors.contains("line \(index) is not") && answer.errors.contains("tally ledger check"),
              "\(format): \(answer.errors)")
          }
          if format != "bundle" { #expect(!FileManager.default.fileExists(atPath: out)) }
          #expect(!FileManager.default.fileExists(atPath: "\(out)/manifest.json"))
        }
      }
    }

    @Test("Over HTTP a bundle is tied to the head that its reader holds, by the head's size")
    func heldHeadsAreTiedOverHTTP() async throws {
      try await Self.with { world, key, finance, closed in
        let http = world.http.with(key: finance.key)
        func path(_ name: String) -> String { world.folder.appending(path: name).path }
        func bundle(_ query: String) async throws -> String {
          let archive = try await http.get("/v1/audit/export?format=bundle&\(query)")
          #expect(archive.status == 200, "\(archive.text.prefix(400))")
          try archive.body.write(to: URL(filePath: path("bundle.tar")))
          #expect(try await SystemProgram.run("tar", ["-xf", path("bundle.tar"), "-C", world.folder.path]) == 0)
          let range = "\(archive.headers["tally-from"] ?? "")-\(archive.headers["tally-to"] ?? "")"
          return path("tally-audit-\(range)")
        }
        let first = try await world.tally.run(
          ["audit", "export", finance.team, "--out", path("first"), "--vkey", key.vkey])
        #expect(first.status == 0, "\(first.errors)")
        let head = try String(contentsOfFile: path("first/checkpoint"), encoding: .utf8)
        let size = try #require(head.split(separator: "\n").dropFirst().first)
        let verify = ["--vkey", key.vkey, "--known-head", path("first/checkpoint")]
        let end = try await world.log(of: finance.team).count
        // A newer head, and a range that ends before the one that is held: only a proof ties the two.
        #expect(try await http.get("/v1/audit/checkpoint").status == 200)
        let tied = try await bundle("from=\(closed)&to=\(closed)&known=\(size)")
        #expect(FileManager.default.fileExists(atPath: "\(tied)/known.proof"))
        #expect(try await world.tally.run(["audit", "verify", tied] + verify).status == 0)
        let untied = try await bundle("from=\(closed)&to=\(closed + 1)")
        let told = try await world.tally.run(["audit", "verify", untied] + verify)
        #expect(told.status == 10 && told.output.contains("known="), "\(told.output)")
        let beyond = try await http.get("/v1/audit/export?format=bundle&known=\(end + 99)")
        #expect(beyond.status == 400 && beyond.json["errors"].elements.first?["field"].string == "known")
      }
    }
  }
}
