package import Ledger
package import LedgerStore

/// A record as Tally's own surface shows it (docs/http.md, docs/command-line.md).
package struct RecordView: Sendable {
  /// The record.
  package var record: StoredRecord

  /// A view of `record`.
  package init(_ record: StoredRecord) {
    self.record = record
  }

  /// How a state is called where everything is told, refusals too.
  package static func status(_ state: EditState) -> String {
    state == .refused ? "REFUSED" : AIRecord.Status(state).rawValue
  }

  /// The states that a status, or the name of a state itself, stands for; nil for anything else.
  package static func states(named text: String) -> Set<EditState>? {
    if let state = EditState(rawValue: text) { return [state] }
    let states = EditState.allCases.filter { status($0).hasSameBytes(as: text) }
    return states.isEmpty ? nil : Set(states)
  }

  /// Writes what a listing shows.
  package func writeSummary(to writer: inout JSONWriter) {
    writer.object { writer in writeFields(&writer) }
  }

  /// Writes all of it. `receipt`: where its resolving line stands; nil while it is open.
  package func write(to writer: inout JSONWriter, receipt: Receipt?, now: Timestamp) {
    writer.object { writer in
      writeFields(&writer)
      writer.field("charged", record.charged)
      writer.field("credited", record.credited)
      writer.field("unitPrice", record.unitPrice)
      writer.field("inDoubtAt", record.inDoubtAt)
      writer.field("cause", record.cause)
      writer.field("errorCode", record.errorCode)
      writer.field("errorMessage", record.errorMessage)
      writer.field("promptObject", json: record.promptObject)
      if let metadata = record.metadata {
        writer.field("metadata", json: metadata)
      } else {
        writer.nullField("metadata")
      }
      writer.array("resultObject") { writer in for key in record.resultKeys ?? [] { writer.string(key) } }
      let expiry = (record.resolvedAt ?? record.createdAt).adding(seconds: AIRecord.temporaryURLSeconds)
      writer.field("temporaryUrl", now < expiry ? record.temporaryURL : nil)
      writer.field("rating", record.rating.map(Int64.init))
      writer.field("feedback", record.feedback)
      writer.field("erasedAt", record.erasedAt)
      writer.name("receipt")
      if let receipt { receipt.write(to: &writer) } else { writer.null() }
    }
  }

  private func writeFields(_ writer: inout JSONWriter) {
    writer.field("uuid", record.record.description)
    writer.field("teamId", record.team.description)
    writer.field("userId", record.userID)
    writer.field("keyId", record.key.description)
    writer.field("model", record.model)
    writer.field("quality", record.quality)
    writer.field("size", record.size)
    writer.field("n", record.n)
    writer.field("status", RecordView.status(record.state))
    writer.field("state", record.state.rawValue)
    writer.field("assumed", record.assumed)
    writer.field("heldCredits", record.heldCredits)
    writer.field("credits", record.credits)
    writer.field("createdAt", record.createdAt)
    writer.field("resolvedAt", record.resolvedAt)
  }
}
