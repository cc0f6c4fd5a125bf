package import Ledger

/// An edit's record in the wire format of the Feature API (docs/feature-api.md). All ids are Tally's.
package struct AIRecord: Sendable, Equatable {
  /// How the Feature API tells where an edit stands.
  package enum Status: String, Sendable {
    /// Done and charged.
    case success = "SUCCESS"
    /// Running, or in doubt.
    case processing = "PROCESSING"
    /// Not done; nothing was charged.
    case failure = "FAILURE"
  }

  /// The record's id.
  package var uuid: RecordID
  /// The team.
  package var team: TeamID
  /// The member, by the administrator's name for it.
  package var userID: String
  /// The member in full.
  package var teamUser: TeamUser
  /// The model.
  package var model: String
  /// JSON text of the metadata, or nil.
  package var metadata: String?
  /// The member's rating, 1 to 5.
  package var rating: Int?
  /// The member's feedback.
  package var feedback: String?
  /// Where the edit stands.
  package var status: Status
  /// When its credits were held.
  package var createdAt: Timestamp
  /// The promptObject as it was forwarded, JSON text.
  package var promptObject: String
  /// Storage keys of the results.
  package var resultKeys: [String]
  /// The provider's responseObject, JSON text.
  package var responseObject: String
  /// Presigned address of the first result; nil where there is none any more.
  package var temporaryURL: String?

  /// How long the provider's presigned addresses are good, in seconds: 7 days.
  package static let temporaryURLSeconds: Int64 = 604_800

  /// Writes the record, fields in the order of the Feature API page.
  package func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.field("uuid", uuid.description)
      writer.field("userId", userID)
      writer.field("teamId", team.description)
      writer.name("teamUser")
      teamUser.write(to: &writer)
      writer.field("model", model)
      writer.field("type", EditRules.feature)
      if let metadata { writer.field("metadata", json: metadata) } else { writer.nullField("metadata") }
      writer.field("rating", rating.map(Int64.init))
      writer.field("feedback", feedback)
      writer.nullField("conversationId")
      writer.field("status", status.rawValue)
      writer.field("createdAt", createdAt)
      writer.object("aiRecordDetail") { writer in
        writer.field("promptObject", json: promptObject)
        writer.array("resultObject") { writer in for key in resultKeys { writer.string(key) } }
        writer.field("responseObject", json: responseObject)
      }
      writer.nullField("additionalData")
      writer.field("temporaryUrl", temporaryURL)
    }
  }

  /// The metadata of an answer: the caller's own members, then what was charged, and whether by assumption. Nil where
  /// there is neither.
  ///
  /// - Parameters:
  ///   - caller: the caller's own object, JSON text.
  ///   - credit: what was charged; nil until it is.
  ///   - isAssumed: whether it was charged without anybody knowing that the work was done.
  ///   - isErased: whether its prompt and its results were erased.
  package static func metadata(
    caller: String?, credit: Credits?, isAssumed: Bool, isErased: Bool = false
  ) -> String? {
    guard caller != nil || credit != nil || isErased else { return nil }
    return JSONWriter.text { writer in
      if let caller, case .object(let object)? = try? JSONReader.parse(Array(caller.utf8)) {
        for member in object.members where !(credit != nil && isOwn(member.name)) {
          writer.name(member.name)
          writer.value(member.value)
        }
      }
      if let credit { writer.field("credit", credit) }
      if isAssumed { writer.field("assumed", true) }
      if isErased { writer.field("erased", true) }
    }
  }

  private static func isOwn(_ name: String) -> Bool {
    name.hasSameBytes(as: "credit") || name.hasSameBytes(as: "assumed")
  }
}
