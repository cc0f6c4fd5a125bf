import Foundation
import JSON
import Ledger
package import LedgerStore

/// The upstream's own list of its calls, in a file (docs/command-line.md, reconciling): JSON lines as the sandbox's truth
/// log has them, one JSON array of such objects, or CSV with a heading. Lines are read one after the other, whatever the
/// file's length.
package struct UpstreamFile {
  /// The longest line, in bytes.
  package static let lineBytesMaximum = 65_536
  /// The longest JSON array, in bytes: it is read as a whole.
  package static let arrayBytesMaximum = 64 << 20
  /// Bytes that are read at once.
  private static let pieceBytes = 1 << 18

  private let path: String
  private let file: FileHandle

  /// Opens the file. Throws `CommandFailure`.
  package init(_ path: String) throws {
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw CommandFailure(.usage, "--upstream: the file cannot be read: \(path)")
    }
    self.path = path
    self.file = file
  }

  /// Hands out every call, in the file's order. Throws `CommandFailure` that names the line at fault, and what `take`
  /// throws.
  package func forEachCall(_ take: (TruthLogEntry) throws -> Void) throws {
    var number = 0
    var heading: UpstreamColumns?
    var isArray = false
    var array: [UInt8] = []
    try forEachLine { line in
      number += 1
      if isArray {
        array += line
        guard array.count <= Self.arrayBytesMaximum else {
          throw CommandFailure(
            .usage, "--upstream: an array may have \(Self.arrayBytesMaximum) bytes; write one object a line instead")
        }
        return
      }
      guard let first = line.first(where: { $0 != 0x20 && $0 != 0x09 }) else { return }
      if let heading {
        return try take(try Self.named(number) { try heading.call(line).timed })
      }
      switch first {
      case UInt8(ascii: "["):
        isArray = true
        array = line
      case UInt8(ascii: "{"):
        try take(try Self.named(number) { try TruthLogEntry(json: line).timed })
      default:
        heading = try Self.named(number) { try UpstreamColumns(heading: line) }
      }
    }
    guard isArray else { return }
    let elements = try Self.elements(of: array)
    for (position, element) in elements.enumerated() {
      try take(try Self.named(position + 1, "element") { try TruthLogEntry(json: element).timed })
    }
  }

  private static func elements(of array: [UInt8]) throws -> [[UInt8]] {
    do {
      var cursor = try JSONCursor(array)
      var elements: [[UInt8]] = []
      try cursor.array { (cursor) throws(MalformedJSON) in elements.append(Array(try cursor.skip())) }
      try cursor.end()
      return elements
    } catch {
      throw CommandFailure(.failed, "--upstream: the file begins like a JSON array and is none")
    }
  }

  private static func named<Value>(_ number: Int, _ what: String = "line", _ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let fault as UpstreamFault {
      throw CommandFailure(.failed, "--upstream: \(what) \(number): \(fault.message)")
    }
  }

  /// Lines without their ends, CR LF or LF; the last one may have none.
  private func forEachLine(_ take: ([UInt8]) throws -> Void) throws {
    var rest: [UInt8] = []
    var number = 0
    while let piece = try file.read(upToCount: Self.pieceBytes), !piece.isEmpty {
      rest += piece
      var start = rest.startIndex
      while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
        number += 1
        try take(Self.withoutReturn(rest[start..<end]))
        start = end + 1
      }
      rest.removeSubrange(..<start)
      guard rest.count <= Self.lineBytesMaximum else {
        // An array on one line is read as a whole.
        guard number == 0, rest.first == UInt8(ascii: "["), rest.count <= Self.arrayBytesMaximum else {
          throw CommandFailure(
            .failed, "--upstream: line \(number + 1) has more than \(Self.lineBytesMaximum) bytes")
        }
        continue
      }
    }
    if !rest.isEmpty { try take(Self.withoutReturn(rest[...])) }
  }

  private static func withoutReturn(_ line: ArraySlice<UInt8>) -> [UInt8] {
    Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
  }
}

/// What is wrong with a line of the upstream's list.
struct UpstreamFault: Error {
  var message: String
}

extension TruthLogEntry {
  /// A call as one JSON object.
  init(json line: [UInt8]) throws(UpstreamFault) {
    var fields = UpstreamFields()
    do {
      var cursor = try JSONCursor(line)
      try cursor.object { (name, value) throws(MalformedJSON) in
        guard value.kind != .null else {
          _ = try value.skip()
          return
        }
        switch name {
        case "at": fields.at = try value.string()
        case "type": fields.type = try value.string()
        case "uuid": fields.uuid = try value.string()
        case "requestId": fields.requestID = try value.string()
        case "worked": fields.worked = try value.bool()
        case "credits": fields.credits = try value.integer()
        default: _ = try value.skip()
        }
      }
      try cursor.end()
    } catch {
      throw UpstreamFault(message: "it is no JSON object of a call")
    }
    try self.init(fields)
  }

  /// The same, whose time must be known.
  var timed: TruthLogEntry {
    get throws(UpstreamFault) {
      guard at != nil else { throw UpstreamFault(message: "at must be there: when the upstream was called") }
      return self
    }
  }

  /// A call of these fields.
  init(_ fields: UpstreamFields) throws(UpstreamFault) {
    let at = fields.at.flatMap { Timestamp(rfc3339: $0) }
    guard fields.at == nil || at != nil else { throw UpstreamFault(message: "at must be a time as in RFC 3339") }
    if let credits = fields.credits, !Credits(credits).isWithinLimits {
      throw UpstreamFault(message: "credits must be a whole number, not below 0")
    }
    self.init(
      isEdit: fields.type.map { $0 == "IMAGE_EDITOR" } ?? true, uuid: fields.uuid, requestID: fields.requestID,
      worked: fields.worked ?? (fields.credits != 0), at: at, credits: fields.credits.map { Credits($0) })
  }
}

/// What a line of the upstream's list says, before it is judged.
struct UpstreamFields {
  var at: String?
  var type: String?
  var uuid: String?
  var requestID: String?
  var worked: Bool?
  var credits: Int64?
}
