import ArgumentParser
import Foundation
import Gateway
import Ledger
import LedgerStore

/// `tally alert set`.
struct AlertSetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set", abstract: "Set an alert, or change its thresholds.",
    discussion: """
      Each threshold is told once in a period of the budget, as a webhook that is
      signed by the rules of Standard Webhooks. The secret is made and shown once, or
      read from a file. An alert on the same subject with the same address gets the
      thresholds; one that is reached already is told at once.

      Examples:
        tally alert set acme --scope team --at 50,80,100 --url https://hooks.example.com/tally
        tally alert set acme --scope member --subject user-12345 --at 90 \\
          --url https://hooks.example.com/tally --secret-file secret.txt --reason "asked for by finance"
      """)

  @Argument(help: "The team's id or name.") var team: String
  @Option(help: "Whose budget.") var scope: BudgetScope
  @Option(help: ArgumentHelp("The user's id, or the key's; none for the team.", valueName: "id")) var subject: String?
  @Option(
    help: ArgumentHelp("Thresholds in percent of the limit: \(ThresholdsArgument.rule).", valueName: "percent"),
    transform: { try ThresholdsArgument(parsing: $0) })
  var at: ThresholdsArgument
  @Option(help: "Where messages are sent: an https address.") var url: String
  @Option(
    name: .customLong("secret-file"),
    help: ArgumentHelp("File that holds the secret, whsec_ and base64; one is made by default.", valueName: "file"))
  var secretFile: String?
  @OptionGroup var webhooks: WebhookOptions
  @OptionGroup var administrator: AdministratorOptions
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if scope == .team, subject != nil {
      throw ValidationError("--subject goes with --scope member or key: the team's own budget has no other subject.")
    }
    if scope != .team, subject == nil {
      throw ValidationError("--subject is missing: name the \(scope == .member ? "user" : "key") whose budget it is.")
    }
  }

  func run() async throws {
    let allowance = try database.reader(adding: webhooks.flags).webhookAllowance()
    do throws(WebhookAddressFault) {
      _ = try WebhookAddress(url, allowing: allowance)
    } catch {
      throw CommandFailure(.usage, "--url \(error.rawValue)")
    }
    let given = try secretFile.map { try AlertSecretFile.read($0) }
    let secret = given ?? .random()
    let id = NoteID.random()
    let set = try await database.withStore { store in
      let found = try await store.team(named: team)
      let alert = Alert(
        id: id, team: found.id, subject: try await budgetSubject(in: store, of: found.id), thresholds: at.percents,
        url: url, secret: secret)
      let set = try await store.setAlert(alert, keepsSecret: given == nil, by: administrator.administrator)
      return try await LimitedAlert.of([set], found, in: store)[0]
    }
    // One that was there keeps its secret, and what was made here is dropped.
    let shown = given == nil && set.alert.id == id ? secret.text : nil
    try Console.current.show(OutputRow(set, secret: shown), asJSON: output.asJSON)
    if let remark = set.remark { Console.current.note(remark) }
  }

  private func budgetSubject(in store: LedgerStore, of team: TeamID) async throws -> BudgetSubject {
    switch scope {
    case .team: return .team(team)
    case .member: return .member(try await store.member(of: team, userID: subject ?? "").id)
    case .key:
      guard let key = subject.flatMap({ KeyID($0) }) else {
        throw CommandFailure(.usage, "--subject takes the key's id, as `tally key list` shows it")
      }
      return try await store.budgetSubject(of: key, team: team)
    }
  }
}

/// The file of an alert's secret.
enum AlertSecretFile {
  /// The longest file that is read, in bytes.
  private static let bytesMaximum = 4_096

  /// Throws `CommandFailure` that does not repeat what the file holds.
  static func read(_ path: String) throws -> AlertSecret {
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw CommandFailure(.usage, "the file of --secret-file cannot be read: \(path)")
    }
    let text = String(decoding: bytes.prefix(bytesMaximum), as: UTF8.self)
      .trimmingCharacters(in: .whitespacesAndNewlines)
    guard let secret = AlertSecret(text: text) else {
      throw CommandFailure(
        .usage,
        "the file of --secret-file holds no secret: whsec_ and the base64 of 24 to 64 random bytes are wanted, as "
          + "`echo whsec_$(openssl rand -base64 32)` makes; without the option one is made: \(path)")
    }
    return secret
  }
}
