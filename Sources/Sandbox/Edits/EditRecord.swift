/// An edit that the sandbox has taken.
struct EditRecord: Sendable {
  var uuid: String
  var createdAt: UTCTime
  /// From when on the results are told.
  var finishedAt: UTCTime
  /// The prompt object as JSON, as it came.
  var promptObject: String
  var resultKeys: [String]
  var credits: Int64

  /// What it takes in memory, roughly, in bytes.
  var weight: Int { promptObject.utf8.count + resultKeys.count * 128 + 256 }
}
