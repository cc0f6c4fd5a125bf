import ArgumentParser
import Gateway
import Ledger
import LedgerStore

/// `tally key`: members' API keys.
struct KeyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key", abstract: "Issue, rotate, revoke and list API keys.",
    subcommands: [KeyIssueCommand.self, KeyRotateCommand.self, KeyRevokeCommand.self, KeyListCommand.self])
}

/// `tally key list`.
struct KeyListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List a team's API keys. The keys themselves are not stored.",
    discussion: """
      Example:
        tally key list acme
      """)

  @Argument(help: "The team's id or name.") var team: String
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let keys = try await database.withStore { store in
      try await store.keys(of: try await store.team(named: team).id)
    }
    try Console.current.show(
      keys.map { OutputRow($0) }, asJSON: output.asJSON, whenEmpty: "The team has no keys.")
  }
}

/// `tally key revoke`.
struct KeyRevokeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke", abstract: "Refuse a key from now on.",
    discussion: """
      Example:
        tally key revoke 0d5a8f8e-6b0e-4f0c-9d6b-0f8b8a7f1c11 --reason "found in a repository"
      """)

  @Argument(help: "The key's id, as `tally key list` shows it.") var key: KeyID
  @OptionGroup var administrator: AdministratorOptions
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let revoked = try await database.withStore { store in
      let found = try await store.key(key)
      return try await store.revokeKey(team: found.team, key: key, by: administrator.administrator)
    }
    try Console.current.show(OutputRow(revoked), asJSON: output.asJSON)
  }
}

extension OutputRow {
  /// A key as it is listed; `secret` is its text, which is shown once, where it was just made.
  init(_ key: KeyView, secret: String? = nil) {
    self.init()
    add("keyId", "KEY ID", .id(key.id))
    if let secret { add("key", "KEY", .string(secret)) }
    add("userId", "USER", .string(key.userID))
    add("hint", "ENDS IN", .string(key.hint))
    add("scopes", "SCOPES", .list(key.scopes.names.map { .string($0) }))
    if let budget = key.budget {
      add(budget)
    } else {
      add("creditLimit", "LIMIT", .optional(key.limit?.value), text: key.limit == nil ? "none" : nil)
      add("usedCredit", "USED", .null)
      add("heldCredit", "HELD", .null)
      add("availableCredit", nil, .null)
      add("resetsAt", "RESETS", .null)
    }
    add("period", nil, .string(key.period.rawValue))
    add("ratePerMinute", "RATE", .optional(key.ratePerMinute.map { Int64($0) }), text: KeyRate.text(key.ratePerMinute))
    add("expiresAt", "EXPIRES", .time(key.expiresAt), text: key.expiresAt == nil ? "never" : nil)
    add("revokedAt", "REVOKED", .time(key.revokedAt))
    add("lastUsedAt", "LAST USE", .time(key.lastUsedAt))
    add("teamId", nil, .id(key.team))
    add("createdAt", nil, .time(key.createdAt))
  }
}

/// How a key's rate is shown.
private enum KeyRate {
  static func text(_ perMinute: Int?) -> String? {
    switch perMinute {
    case nil: "default"
    case 0: "none"
    default: nil
    }
  }
}
