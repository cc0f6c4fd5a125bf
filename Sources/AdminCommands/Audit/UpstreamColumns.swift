import LedgerStore

/// Where the columns of the upstream's list stand, as its heading says: `at`, and `uuid` or `requestId`, must be there;
/// `credits`, `worked` and `type` may be. Other columns are passed over.
struct UpstreamColumns {
  private let names: [String]

  /// Reads a heading.
  init(heading line: [UInt8]) throws(UpstreamFault) {
    // Spreadsheets begin a file with a mark of its encoding.
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    names = try Self.cells(line.starts(with: mark) ? Array(line.dropFirst(mark.count)) : line)
    guard names.contains("at"), names.contains("uuid") || names.contains("requestId") else {
      throw UpstreamFault(message: "a heading must have the columns at, and uuid or requestId")
    }
    guard Set(names).count == names.count else { throw UpstreamFault(message: "a column is named twice") }
  }

  /// The call on a line.
  func call(_ line: [UInt8]) throws(UpstreamFault) -> TruthLogEntry {
    let cells = try Self.cells(line)
    guard cells.count == names.count else {
      throw UpstreamFault(message: "it has \(cells.count) cells, the heading \(names.count)")
    }
    var fields = UpstreamFields()
    for (name, cell) in zip(names, cells) where !cell.isEmpty {
      switch name {
      case "at": fields.at = cell
      case "type": fields.type = cell
      case "uuid": fields.uuid = cell
      case "requestId": fields.requestID = cell
      case "worked":
        guard cell == "true" || cell == "false" else { throw UpstreamFault(message: "worked must be true or false") }
        fields.worked = cell == "true"
      case "credits":
        guard let credits = WholeNumber.parse(cell) else {
          throw UpstreamFault(message: "credits must be a whole number, not below 0")
        }
        fields.credits = credits
      default: continue
      }
    }
    return try TruthLogEntry(fields)
  }

  /// The cells of a line (RFC 4180). A quoted cell ends on its line.
  private static func cells(_ line: [UInt8]) throws(UpstreamFault) -> [String] {
    let (quote, comma) = (UInt8(ascii: "\""), UInt8(ascii: ","))
    var cells: [String] = []
    var position = 0
    while true {
      var cell: [UInt8] = []
      if position < line.count, line[position] == quote {
        position += 1
        while true {
          guard position < line.count else { throw UpstreamFault(message: "a quoted cell has no end") }
          if line[position] != quote {
            cell.append(line[position])
          } else if position + 1 < line.count, line[position + 1] == quote {
            cell.append(quote)
            position += 1
          } else {
            break
          }
          position += 1
        }
        position += 1
        guard position == line.count || line[position] == comma else {
          throw UpstreamFault(message: "something follows a quoted cell")
        }
      } else {
        while position < line.count, line[position] != comma {
          guard line[position] != quote else { throw UpstreamFault(message: "a quote stands within a cell") }
          cell.append(line[position])
          position += 1
        }
      }
      guard let text = String(validating: cell, as: UTF8.self) else { throw UpstreamFault(message: "it is not UTF-8") }
      cells.append(text)
      guard position < line.count else { return cells }
      position += 1
    }
  }
}
