import ArgumentParser
import Ledger
import LedgerStore

/// `tally member`: who may submit edits, and how much.
struct MemberCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "member", abstract: "Add, change and list members.",
    subcommands: [MemberAddCommand.self, MemberSetCommand.self, MemberListCommand.self])
}

/// `tally member add`.
struct MemberAddCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Add a member to a team.",
    discussion: """
      Examples:
        tally member add acme user-12345 --name "John Doe" --limit 1000000
        tally member add acme books --name "Finance" --role FINANCE
      """)

  @Argument(help: "The team's id or name.") var team: String
  @Argument(help: "Your own id of the user: letters, digits and . _ @ + -, at most 128.") var user: String
  @Option(help: "Name shown in answers.") var name: String
  @Option(help: "What the member may do.") var role: MemberRole = .member
  @Option(help: ArgumentHelp("Credits that the member may use in a period, or none.", valueName: "n")) var limit:
    LimitArgument?
  @Option(help: "Period of the limit.") var period: Period = .month
  @OptionGroup var administrator: AdministratorOptions
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let added = try await database.withStore { store in
      let found = try await store.team(named: team)
      let member = NewMember(
        team: found.id, id: .random(), userID: user, userName: name, role: role, limit: limit?.credits, period: period)
      return try await store.addMember(member, by: administrator.administrator)
    }
    try Console.current.show(OutputRow(added), asJSON: output.asJSON)
  }
}

/// `tally member set`.
struct MemberSetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set", abstract: "Change a member.",
    discussion: """
      A limit counts at once. One below what is used already refuses every edit
      until it fits again.

      Examples:
        tally member set acme user-12345 --limit 2000000 --reason "busy month"
        tally member set acme user-12345 --limit none
        tally member set acme user-12345 --status SUSPENDED --reason "left"
      """)

  @Argument(help: "The team's id or name.") var team: String
  @Argument(help: "The user's id.") var user: String
  @Option(help: ArgumentHelp("Credits that the member may use in a period, or none.", valueName: "n")) var limit:
    LimitArgument?
  @Option(help: "What the member may do.") var role: MemberRole?
  @Option(help: "Whether the member's edits are taken.") var status: AccountStatus?
  @Option(help: "Period of the limit, from the next one on.") var period: Period?
  @OptionGroup var administrator: AdministratorOptions
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard limit != nil || role != nil || status != nil || period != nil else {
      throw ValidationError("Say what to change: --limit, --role, --status or --period.")
    }
  }

  func run() async throws {
    let change = MemberChange(
      role: Change(role), status: Change(status), limit: limit.map { .set($0.credits) } ?? .keep,
      period: Change(period))
    let changed = try await database.withStore { store in
      let found = try await store.team(named: team)
      return try await store.changeMember(
        team: found.id, userID: user, change, by: administrator.administrator)
    }
    try Console.current.show(OutputRow(changed), asJSON: output.asJSON)
  }
}

/// `tally member list`.
struct MemberListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List a team's members with what they used and hold.",
    discussion: """
      Example:
        tally member list acme
      """)

  @Argument(help: "The team's id or name.") var team: String
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let members = try await database.withStore { store in
      try await store.members(of: try await store.team(named: team).id)
    }
    try Console.current.show(
      members.map { OutputRow($0) }, asJSON: output.asJSON, whenEmpty: "The team has no members.")
  }
}

extension OutputRow {
  init(_ member: MemberView) {
    self.init()
    add("userId", "USER", .string(member.userID))
    add("userName", "NAME", .string(member.userName))
    add("role", "ROLE", .string(member.role.rawValue))
    add("status", "STATUS", .string(member.status.rawValue))
    add("period", "PERIOD", .string(member.budget.period.rawValue))
    add(member.budget)
    add("teamId", nil, .id(member.team))
    add("userAvatar", nil, .optional(member.userAvatar))
    add("createdAt", nil, .time(member.createdAt))
    add("createdBy", nil, .string(member.createdBy))
    add("updatedAt", nil, .time(member.updatedAt))
    add("updatedBy", nil, .string(member.updatedBy))
  }
}
