/// The answer to an edit, and to the question for one: every field of the Feature API page, in its order.
struct RecordAnswer {
  var record: EditRecord
  var usedCredits: Int64
  var now: UTCTime
  /// Makes presigned addresses that the caller can reach.
  var addresses: StorageAddresses

  /// What is answered for an id that nobody knows.
  static let unknown = "{\"aiRecord\":null}"

  var json: String {
    let isFinished = now.milliseconds >= record.finishedAt.milliseconds
    let text = JSONWriter(bytes: record.promptObject.utf8.count + 1_600)
    text.raw("{\"aiRecord\":{\"uuid\":").string(record.uuid)
    text.raw(",\"userId\":").string(Account.userID).raw(",\"teamId\":").string(Account.teamID)
    text.raw(",\"teamUser\":").raw(Account.teamUser(usedCredits: usedCredits))
    text.raw(",\"model\":").string(EditOrder.model).raw(",\"type\":").string(EditOrder.type)
    text.raw(",\"metadata\":null,\"rating\":null,\"feedback\":null,\"conversationId\":null,\"status\":")
    text.string(isFinished ? "SUCCESS" : "PROCESSING")
    text.raw(",\"createdAt\":").string(record.createdAt.text)
    text.raw(",\"aiRecordDetail\":{\"promptObject\":").raw(record.promptObject).raw(",\"resultObject\":[")
    if isFinished {
      for (position, key) in record.resultKeys.enumerated() {
        text.raw(position == 0 ? "" : ",").string(key)
      }
    }
    text.raw("],\"responseObject\":{}},\"additionalData\":null,\"temporaryUrl\":")
    text.string(isFinished ? record.resultKeys.first.map { addresses.presigned($0, at: now) } : nil)
    return text.raw("}}").text
  }
}
