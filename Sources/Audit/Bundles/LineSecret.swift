import Crypto
import JSON
import Ledger

/// What is personal in a line: the salt and payload over which its `private` is the hash (docs/audit.md, lines).
package struct LineSecret: Hashable, Sendable {
  /// 32 random bytes.
  package var salt: [UInt8]
  /// JSON.
  package var payload: [UInt8]

  /// The longest row of `private.jsonl` that is read, in bytes: more than a payload in its longest form.
  static let maximumRowBytes = 8 * 1024 * 1024

  private static let start = Array("{\"index\":".utf8)
  private static let afterIndex = Array(",\"payload\":\"".utf8)
  private static let beforeSalt = Array("\",\"salt\":\"".utf8)
  private static let end = Array("\"}".utf8)

  /// A secret of these bytes.
  package init(salt: [UInt8], payload: [UInt8]) {
    self.salt = salt
    self.payload = payload
  }

  /// The hash that the line holds.
  var commitment: [UInt8] {
    var hash = SHA256()
    hash.update(data: salt)
    hash.update(data: payload)
    return Array(hash.finalize())
  }

  /// The row of `private.jsonl`, without its line feed.
  func row(index: Int64) -> [UInt8] {
    var row = LineSecret.start + Array(String(index).utf8) + LineSecret.afterIndex.dropLast()
    payload.withUnsafeBufferPointer { JSONString.append(utf8: $0, to: &row) }
    row.append(contentsOf: LineSecret.beforeSalt.dropFirst())
    for byte in salt {
      let digits = String(byte, radix: 16)
      row.append(contentsOf: (digits.utf8.count == 1 ? "0" + digits : digits).utf8)
    }
    return row + LineSecret.end
  }

  /// Index and secret of a row; nil for any row that `row(index:)` does not write.
  static func parse(_ row: UnsafeRawBufferPointer) -> (index: Int64, secret: LineSecret)? {
    let row = Array(row)
    guard row.starts(with: start), let comma = row.firstIndex(of: UInt8(ascii: ",")),
      let index = Int64(String(decoding: row[start.count..<comma], as: UTF8.self)),
      row[comma...].starts(with: afterIndex)
    else { return nil }
    let payloadStart = comma + afterIndex.count
    let saltStart = row.count - end.count - 2 * Digest32.byteCount
    let payloadEnd = saltStart - beforeSalt.count
    guard payloadEnd >= payloadStart, row[payloadEnd..<saltStart].elementsEqual(beforeSalt),
      let salt = Digest32(String(decoding: row[saltStart..<row.count - end.count], as: UTF8.self)),
      let payload = JSONText.string(row[payloadStart..<payloadEnd])
    else { return nil }
    let secret = LineSecret(salt: salt.bytes, payload: payload)
    // One form only: no sign, no leading zero.
    guard secret.row(index: index) == row else { return nil }
    return (index, secret)
  }
}
