import Ledger
package import LedgerStore

/// The body of an alert's message (docs/alerts.md, the message). A function of the message: each attempt sends the same
/// bytes.
package enum WebhookBody {
  /// The type of a message that tells of a threshold.
  package static let reached = "budget.threshold_reached"
  /// The type of a test.
  package static let test = "budget.alert_test"

  /// The JSON of a message.
  package static func json(of message: AlertMessage) -> [UInt8] {
    let budget = message.budget
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("type", message.threshold == nil ? test : reached)
      writer.field("timestamp", message.reachedAt)
      writer.object("data") { writer in
        writer.field("alertId", message.alert.id.description)
        writer.field("teamId", message.alert.team.description)
        writer.field("scope", message.alert.subject.scope.rawValue)
        writer.field("subject", message.subjectName)
        writer.field("threshold", message.threshold)
        writer.field("period", budget.id.period.rawValue)
        writer.field("periodStart", budget.id.start)
        writer.field("resetsAt", budget.end)
        writer.field("limit", budget.limit)
        writer.field("used", budget.used)
        writer.field("held", budget.held)
      }
    }
    return writer.bytes
  }
}
