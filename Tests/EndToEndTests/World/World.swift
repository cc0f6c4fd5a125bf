import Foundation
import Postgres
import TallyTesting

/// What an end-to-end test works with: a migrated database, an upstream, gateways, and the command line.
struct World: Sendable {
  let folder: URL
  let databaseURL: String
  /// The stand-in upstream; nil where the test brings its own.
  let sandbox: SandboxProcess?
  let gateways: [TallyProcess]
  let tally: TallyCommand

  /// The first gateway, without a key.
  var http: HTTP { HTTP(base: gateways[0].address) }

  /// A migrated database, made once for the whole run and copied for each test.
  static let migrated = DatabaseTemplate(name: "end-to-end") { settings in
    let folder = try TemporaryFolder()
    let answer = try await TallyCommand(folder: folder.url, databaseURL: settings.url).run(["migrate"])
    guard answer.status == 0 else { throw ProcessFailure("tally migrate: \(answer.errors)") }
  }

  /// Runs a test in a world of its own and takes it away afterwards.
  /// - Parameters:
  ///   - gateways: how many gateways share the database.
  ///   - upstream: address of the test's own upstream; nil: a sandbox.
  ///   - sandboxArguments: the sandbox's fault options.
  ///   - serveArguments: further arguments of each gateway.
  static func with(
    gateways count: Int = 1, upstream: String? = nil, sandboxArguments: [String] = [], serveArguments: [String] = [],
    _ body: (World) async throws -> Void
  ) async throws {
    let temporary = try TemporaryFolder()
    let folder = temporary.url
    try await withTestDatabase(template: migrated) { database in
      let sandbox = upstream == nil ? try await SandboxProcess.start(sandboxArguments, in: folder) : nil
      var gateways: [TallyProcess] = []
      do {
        for number in 0..<count {
          gateways.append(
            try await TallyProcess.start(
              TallyProcess.Settings(
                databaseURL: database.url, dataFolder: folder.appending(path: "data-\(number)"),
                upstream: upstream ?? sandbox?.address ?? "", arguments: serveArguments, name: "serve-\(number)"),
              in: folder))
        }
        try await body(
          World(
            folder: folder, databaseURL: database.url, sandbox: sandbox, gateways: gateways,
            tally: TallyCommand(folder: folder, databaseURL: database.url)))
      } catch {
        for gateway in gateways { await gateway.stop() }
        await sandbox?.stop()
        throw error
      }
      for gateway in gateways { await gateway.stop() }
      await sandbox?.stop()
    }
    withExtendedLifetime(temporary) {}
  }

  /// A team with one member, and the member's key.
  struct Member: Sendable {
    var team: String
    var user: String
    var key: String
    var keyID: String
  }

  /// Makes a team with one member. `limit` is the member's, as `--limit` takes it.
  func makeMember(
    team: String = "acme", user: String = "user-12345", limit: String = "none", role: String = "MEMBER"
  ) async throws -> Member {
    _ = try await tally.json("team", "create", team)
    return try await addMember(to: team, user: user, limit: limit, role: role)
  }

  /// Adds a member with a key to a team.
  func addMember(
    to team: String, user: String, limit: String = "none", role: String = "MEMBER"
  ) async throws -> Member {
    _ = try await tally.json(
      "member", "add", team, user, "--name", "John Doe", "--limit", limit, "--role", role)
    return try await issueKey(to: team, user: user)
  }

  /// Issues a key to a member that is there.
  func issueKey(to team: String, user: String) async throws -> Member {
    let key = try await tally.json("key", "issue", team, user, "--rate", "none")
    guard let text = key["key"].string, let id = key["keyId"].string else {
      throw ProcessFailure("tally key issue printed no key: \(key)")
    }
    return Member(team: team, user: user, key: text, keyID: id)
  }

  /// Runs statements behind everybody's back, as whoever owns the database.
  func execute(_ sql: String) async throws {
    let connection = try await Connection.open(ConnectionSettings(url: databaseURL), logger: TestCluster.logger)
    do {
      try await connection.execute(script: sql)
    } catch {
      await connection.close()
      throw error
    }
    await connection.close()
  }

  /// A small real picture.
  static func picture() throws -> Data {
    try Data(contentsOf: BuiltProducts.checkout("deploy/picture.png"))
  }

  /// Uploads a picture and answers its storage key.
  func uploadPicture(as member: Member) async throws -> String {
    let answer = try await http.with(key: member.key).upload(try World.picture())
    guard answer.status == 200, let key = answer.json["asset"]["key"].string else {
      throw ProcessFailure("upload: \(answer.status) \(answer.text)")
    }
    return key
  }

  /// An address that the gateway forwards and nobody fetches.
  static let publicImage = "https://pictures.example.com/cat.png"

  /// The body of the Feature API page's own example.
  static func edit(image: String, options: String = "") -> String {
    """
    {
    "type": "IMAGE_EDITOR",
    "model": "gpt-image-1-mini",
    "promptObject": {
    "imageUrl": "\(image)",
    "prompt": "transform into a watercolor painting style with soft brushstrokes and vibrant colors",
    "size": "1024x1024",
    "n": 1,
    "quality": "medium",
    "output_format": "png",
    "background": "auto"\(options)
    }
    }
    """
  }

  /// Submits an edit for 33,000 credits through gateway `number`.
  func submit(as member: Member, image: String = publicImage, through number: Int = 0) async throws -> HTTP.Answer {
    try await HTTP(base: gateways[number].address).with(key: member.key)
      .post("/api/features", json: World.edit(image: image))
  }

  /// The member as `tally member list` shows it.
  func listed(_ member: Member) async throws -> JSONNode {
    let members = try await tally.json("member", "list", member.team)
    return members.elements.first { $0["userId"].string == member.user } ?? members["absent"]
  }

  /// Waits until the team's newest record is in `state`, and answers it.
  func record(of member: Member, reaching state: String, within limit: Duration = .seconds(30)) async throws -> JSONNode
  {
    try await gateways[0].process.wait(within: limit, "a record that is \(state)") {
      let records = try await tally.json("records", "list", member.team, "--state", state)
      return records.elements.first
    }
  }

  /// `tally ledger check`, with the sandbox's truth log.
  func check() async throws -> TallyCommand.Answer {
    try await tally.run(
      ["ledger", "check", "--json"] + (sandbox.map { ["--truth-log", $0.truthLog.file.path] } ?? []))
  }
}
