import Ledger
package import LedgerStore

/// One line of the settlement journal: what is going to be booked of an edit. A checksum stands in front, so that a line
/// that was torn by the end of a machine or a full disk is recognised.
package struct JournalEntry: Sendable {
  /// What is going to be booked.
  package var booking: Booking

  /// An entry.
  package init(_ booking: Booking) {
    self.booking = booking
  }

  /// Bytes of the checksum in front: 8 hexadecimal digits and a space.
  private static let checksumBytes = 9

  /// The line with its line feed.
  package var line: [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in write(to: &writer) }
    let digits = String(CRC32.checksum(of: writer.bytes), radix: 16)
    let padding = String(repeating: "0", count: Self.checksumBytes - 1 - digits.utf8.count)
    return Array((padding + digits + " ").utf8) + writer.bytes + [UInt8(ascii: "\n")]
  }

  /// Reads a line without its line feed; nil where it is torn, damaged or not understood.
  package init?(line: ArraySlice<UInt8>) {
    guard line.count > Self.checksumBytes, line[line.startIndex + Self.checksumBytes - 1] == UInt8(ascii: " "),
      let checksum = UInt32(String(decoding: line.prefix(Self.checksumBytes - 1), as: UTF8.self), radix: 16)
    else { return nil }
    let text = Array(line.dropFirst(Self.checksumBytes))
    guard CRC32.checksum(of: text) == checksum, case .object(let object)? = try? JSONReader.parse(text),
      let booking = Self.booking(object)
    else { return nil }
    self.booking = booking
  }

  /// The entries of a whole file, in their order. What cannot be read is left out: only a line that was being written
  /// when the machine ended can be torn, and nobody was told of what it says.
  package static func entries(of contents: [UInt8]) -> (entries: [JournalEntry], unreadable: Int) {
    var entries: [JournalEntry] = []
    var unreadable = 0
    for line in contents.split(separator: UInt8(ascii: "\n")) {
      if let entry = JournalEntry(line: line) { entries.append(entry) } else { unreadable += 1 }
    }
    return (entries, unreadable)
  }
}

// MARK: - The fields

extension JournalEntry {
  private func write(to writer: inout JSONWriter) {
    writer.field("record", booking.record.description)
    writer.field("team", booking.team.description)
    switch booking {
    case .settle(let request):
      writer.field("booking", "settle")
      writer.field("upstreamUuid", request.upstreamUUID)
      writer.array("results") { writer in for key in request.resultKeys { writer.string(key) } }
      writer.field("temporaryUrl", request.temporaryURL)
      writer.field("response", request.responseObject)
      writer.field("credit", request.upstreamCredit?.value)
    case .release(let request):
      writer.field("booking", "release")
      writer.field("cause", request.cause.rawValue)
      writer.field("errorCode", request.errorCode)
      writer.field("errorMessage", request.errorMessage)
      writer.field("errorStatus", request.errorStatus.map(Int64.init))
      writer.field("errorDetails", request.errorDetails)
    case .doubt(let request):
      writer.field("booking", "doubt")
      writer.field("cause", request.cause.rawValue)
      writer.field("upstreamUuid", request.upstreamUUID)
    case .attach(let request):
      writer.field("booking", "attach")
      writer.field("upstreamUuid", request.upstreamUUID)
    }
  }

  private static func booking(_ object: JSONObject) -> Booking? {
    guard let kind = object.text("booking"), let team = object.text("team").flatMap({ TeamID($0) }),
      let record = object.text("record").flatMap({ RecordID($0) })
    else { return nil }
    switch kind {
    case "settle":
      guard case .array(let results)? = object["results"] else { return nil }
      var keys: [String] = []
      for result in results {
        guard case .string(let key) = result else { return nil }
        keys.append(key)
      }
      return .settle(
        SettleRequest(
          team: team, record: record, upstreamUUID: object.text("upstreamUuid"), resultKeys: keys,
          temporaryURL: object.text("temporaryUrl"), responseObject: object.text("response"),
          upstreamCredit: object.integer("credit").map { Credits($0) }))
    case "release":
      guard let cause = object.text("cause").flatMap({ ReleaseCause(rawValue: $0) }) else { return nil }
      return .release(
        ReleaseRequest(
          team: team, record: record, cause: cause, errorCode: object.text("errorCode"),
          errorMessage: object.text("errorMessage"),
          errorStatus: object.integer("errorStatus").flatMap { Int(exactly: $0) },
          errorDetails: object.text("errorDetails")))
    case "doubt":
      guard let cause = object.text("cause").flatMap({ InDoubtCause(rawValue: $0) }) else { return nil }
      return .doubt(
        InDoubtRequest(team: team, record: record, cause: cause, upstreamUUID: object.text("upstreamUuid")))
    case "attach":
      guard let uuid = object.text("upstreamUuid") else { return nil }
      return .attach(AttachRequest(team: team, record: record, upstreamUUID: uuid))
    default: return nil
    }
  }
}

extension JSONObject {
  fileprivate func text(_ name: String) -> String? {
    if case .string(let text)? = self[name] { text } else { nil }
  }

  fileprivate func integer(_ name: String) -> Int64? {
    if case .number(let number)? = self[name] { number.integer } else { nil }
  }
}
