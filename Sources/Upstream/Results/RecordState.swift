import NIOCore

/// What an answer of status 200 says of an edit.
enum RecordState {
  case done(EditResult)
  case failed(Refusal)
  case processing(uuid: String)
  /// The answer says that there is no such record.
  case absent
  /// The answer has no shape that decides anything, or contradicts itself.
  case unreadable

  /// The longest id of an edit, in bytes: theirs have 36, and it becomes part of an address.
  static let uuidBytes = 128

  init(_ answer: Answer) {
    let bytes = Array(answer.body.readableBytesView)
    guard let body = RecordBody(bytes) else {
      self = .unreadable
      return
    }
    guard let record = body.aiRecord else {
      self = .absent
      return
    }
    switch record.status {
    case "SUCCESS" where !record.resultKeys.isEmpty && !record.resultKeys.contains(""):
      self = .done(EditResult(record))
    // A failure with results would be both: nothing that anybody may be charged or not charged for.
    case "FAILURE" where record.resultKeys.isEmpty:
      self = .failed(
        Refusal(cause: .refused, status: answer.status, error: JSONCoding.decode(ErrorBody.self, from: bytes)))
    case "PROCESSING" where Self.isUsable(uuid: record.uuid):
      self = .processing(uuid: record.uuid)
    default:
      self = .unreadable
    }
  }

  /// Whether an id can be asked for: 1 to ``uuidBytes`` letters, digits, `-`, `_` and `.`, and not only dots.
  static func isUsable(uuid: String) -> Bool {
    (1...uuidBytes).contains(uuid.utf8.count) && uuid.utf8.contains { $0 != UInt8(ascii: ".") }
      && uuid.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
          true
        default: false
        }
      }
  }
}

extension EditResult {
  init(_ record: RecordBody.Record) {
    let response = record.responseObject.flatMap { $0.count <= Self.responseObjectBytes ? $0 : nil }
    self.init(
      uuid: record.uuid, resultKeys: record.resultKeys, temporaryURL: record.temporaryUrl, credit: record.credit,
      responseObject: response.map { String(decoding: $0, as: UTF8.self) } ?? "{}", createdAt: record.createdAt)
  }
}
