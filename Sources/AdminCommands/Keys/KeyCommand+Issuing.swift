import ArgumentParser
import Gateway
import Ledger
import LedgerStore

/// `tally key issue`.
struct KeyIssueCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "issue", abstract: "Issue an API key to a member and show it, this once.",
    discussion: """
      Examples:
        tally key issue acme user-12345
        tally key issue acme user-12345 --limit 500000 --rate 60 --expires 30d
        KEY=$(tally key issue acme books --scopes reports,audit --json | jq -r .key)
      """)

  @Argument(help: "The team's id or name.") var team: String
  @Argument(help: "The user's id.") var user: String
  @Option(help: ArgumentHelp("Credits that this key may use in all, or none.", valueName: "n")) var limit:
    LimitArgument?
  @Option(help: ArgumentHelp("Requests a minute, or none; the gateway's rate by default.", valueName: "n")) var rate:
    RateArgument?
  @Option(
    help: ArgumentHelp(
      "Until when the key is good: a duration (30d), a date in the team's zone, or an RFC 3339 time.",
      valueName: "time"))
  var expires: MomentArgument?
  @Option(help: "What the key may do: edit, reports, audit, admin, with commas. By default what the role allows.")
  var scopes: ScopesArgument?
  @OptionGroup var administrator: AdministratorOptions
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let secret = GatewayIDs.system.apiKey()
    let issued = try await database.withStore { store in
      let found = try await store.team(named: team)
      let member = try await store.member(of: found.id, userID: user)
      let now = Timestamp.now()
      let expiresAt = try expires?.resolved(timeZone: found.timeZone, now: now)
      if let expiresAt, expiresAt <= now { throw CommandFailure(.usage, "--expires lies in the past") }
      let key = NewKey(
        team: found.id, id: .random(), member: member.id, hash: secret.hash, hint: secret.hint,
        scopes: scopes?.scopes ?? member.role.defaultScopes, limit: limit?.credits, ratePerMinute: rate?.perMinute,
        expiresAt: expiresAt)
      return try await store.issueKey(key, by: administrator.administrator)
    }
    try Console.current.show(OutputRow(issued, secret: secret.text), asJSON: output.asJSON)
  }
}

/// `tally key rotate`.
struct KeyRotateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate", abstract: "Replace a key by a new one and show it, this once.",
    discussion: """
      The new key has the old one's member, limit, rate and budget. The old one
      stays good for the overlap.

      Example:
        tally key rotate 0d5a8f8e-6b0e-4f0c-9d6b-0f8b8a7f1c11 --overlap 24h
      """)

  @Argument(help: "The key's id, as `tally key list` shows it.") var key: KeyID
  @Option(help: ArgumentHelp("How long the old key stays good: 24h, 30d, 0.", valueName: "time")) var overlap =
    DurationArgument.oneDay
  @OptionGroup var administrator: AdministratorOptions
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let secret = GatewayIDs.system.apiKey()
    let rotated = try await database.withStore { store in
      let found = try await store.key(key)
      let rotation = KeyRotation(
        team: found.team, key: key, newKey: .random(), hash: secret.hash, hint: secret.hint,
        overlapSeconds: overlap.seconds)
      return try await store.rotateKey(rotation, by: administrator.administrator)
    }
    try Console.current.show(OutputRow(rotated, secret: secret.text), asJSON: output.asJSON)
  }
}
