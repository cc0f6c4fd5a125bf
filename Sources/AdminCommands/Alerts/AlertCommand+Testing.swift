import ArgumentParser
import Gateway
import Ledger
import LedgerStore

/// `tally alert test`.
struct AlertTestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test", abstract: "Send an alert's message now, once, and say what came of it.",
    discussion: """
      The message says how much of the budget is used now, and no threshold. It is
      sent from here, so this machine must reach the address as the gateways do. The
      exit status is 1 when it did not arrive.

      Example:
        tally alert test acme 5e0c1c2e-51e7-4d2e-9a52-7a1f5f1c2d3e
      """)

  @Argument(help: "The team's id or name.") var team: String
  @Argument(help: "The alert's id, as `tally alert list` shows it.") var alert: NoteID
  @OptionGroup var webhooks: WebhookOptions
  @OptionGroup var administrator: AdministratorOptions
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let allowance = try database.reader(adding: webhooks.flags).webhookAllowance()
    let message = NoteID.random()
    let outcome = try await database.withStore { store in
      let found = try await store.team(named: team)
      let test = try await store.testMessage(of: alert, team: found.id, id: message)
      let sender = try WebhookSender(WebhookSender.Settings(allowance: allowance))
      let outcome = await sender.send(test, at: .now())
      await sender.shutdown()
      try await store.end(
        test, status: outcome.status, isDelivered: outcome.isSuccess, by: administrator.administrator)
      return outcome
    }
    var row = OutputRow()
    row.add("alertId", "ALERT ID", .id(alert))
    row.add("messageId", "MESSAGE ID", .id(message))
    row.add("delivered", "DELIVERED", .boolean(outcome.isSuccess))
    row.add("status", "STATUS", .optional(outcome.status))
    row.add("outcome", "OUTCOME", .string(outcome.sentence))
    try Console.current.show(row, asJSON: output.asJSON)
    guard outcome.isSuccess else { throw CommandFailure(.failed, "the test was not delivered: \(outcome.sentence)") }
  }
}
