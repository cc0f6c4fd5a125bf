import JSON

/// The part of the provider's answer to an edit that decides something (docs/feature-api.md). Everything else is walked
/// over.
struct RecordBody {
  struct Record {
    var uuid: String
    var status: String
    var createdAt: String?
    var temporaryUrl: String?
    var resultKeys: [String]
    var credit: Int64?
    /// The text of `responseObject`, as it was received.
    var responseObject: ArraySlice<UInt8>?
  }

  var aiRecord: Record?

  /// Reads an answer; nil where it is no JSON, has another shape, or says something twice.
  init?(_ bytes: [UInt8]) {
    do throws(MalformedJSON) {
      var cursor = try JSONCursor(bytes)
      // A missing key is another shape; only an explicit null says that there is no such record.
      var isThere = false
      var record: Record?
      try cursor.object { (name, cursor) throws(MalformedJSON) in
        guard name == "aiRecord" else {
          try cursor.skip()
          return
        }
        guard !isThere else { throw MalformedJSON() }
        isThere = true
        record = try cursor.skipsNull() ? nil : Record(&cursor)
      }
      try cursor.end()
      guard isThere else { return nil }
      aiRecord = record
    } catch {
      return nil
    }
  }
}

extension RecordBody.Record {
  init(_ cursor: inout JSONCursor) throws(MalformedJSON) {
    var (uuid, status): (String?, String?)
    var (createdAt, temporaryUrl): (String?, String?)
    var (credit, detail): (Int64?, Detail?)
    try cursor.object { (name, cursor) throws(MalformedJSON) in
      switch name {
      case "uuid" where uuid == nil: uuid = try cursor.string()
      case "status" where status == nil: status = try cursor.string()
      case "aiRecordDetail" where detail == nil: detail = try cursor.skipsNull() ? Detail() : Detail(&cursor)
      case "uuid", "status", "aiRecordDetail": throw MalformedJSON()
      // What is only passed on may be missing or of another shape without making the outcome unknown.
      case "createdAt": createdAt = try cursor.stringIfAny()
      case "temporaryUrl": temporaryUrl = try cursor.stringIfAny()
      case "metadata": credit = try Self.credit(&cursor)
      default: try cursor.skip()
      }
    }
    guard let uuid, let status else { throw MalformedJSON() }
    self.init(
      uuid: uuid, status: status, createdAt: createdAt, temporaryUrl: temporaryUrl, resultKeys: detail?.keys ?? [],
      credit: credit, responseObject: detail?.responseObject)
  }

  private struct Detail {
    var keys: [String]?
    var responseObject: ArraySlice<UInt8>?

    init() {}

    init(_ cursor: inout JSONCursor) throws(MalformedJSON) {
      var (keys, response): ([String]?, ArraySlice<UInt8>?)
      try cursor.object { (name, cursor) throws(MalformedJSON) in
        switch name {
        case "resultObject":
          guard keys == nil else { throw MalformedJSON() }
          keys = try Self.keys(&cursor)
        case "responseObject": response = try cursor.skip()
        default: try cursor.skip()
        }
      }
      self.keys = keys
      responseObject = response
    }

    private static func keys(_ cursor: inout JSONCursor) throws(MalformedJSON) -> [String] {
      if try cursor.skipsNull() { return [] }
      var keys: [String] = []
      try cursor.array { (cursor) throws(MalformedJSON) in keys.append(try cursor.string()) }
      return keys
    }
  }

  /// A whole number of at least 0; nil for everything else.
  private static func credit(_ cursor: inout JSONCursor) throws(MalformedJSON) -> Int64? {
    guard cursor.kind == .object else {
      try cursor.skip()
      return nil
    }
    var credit: Int64?
    try cursor.object { (name, cursor) throws(MalformedJSON) in
      if name == "credit", cursor.kind == .number { credit = try cursor.integer() } else { try cursor.skip() }
    }
    return credit.flatMap { $0 >= 0 ? $0 : nil }
  }
}

extension JSONCursor {
  /// Walks over a null; false, and nothing is walked over, where something else comes.
  fileprivate mutating func skipsNull() throws(MalformedJSON) -> Bool {
    guard kind == .null else { return false }
    try skip()
    return true
  }

  /// Walks over a value of any kind; nil where it is no string.
  fileprivate mutating func stringIfAny() throws(MalformedJSON) -> String? {
    if kind == .string { return try string() }
    try skip()
    return nil
  }
}
