import Crypto

/// The addresses of what is stored: keys, and presigned addresses on the sandbox itself.
struct StorageAddresses: Sendable {
  static let bucket = "asset.1min.ai"
  static let folder = "images/"
  /// How long a presigned address says that it is valid, in seconds: 7 days, as on the real service.
  static let validSeconds = 604_800
  /// The longest name that a stored file keeps of its own, in bytes.
  static let nameBytes = 128

  /// Signs addresses; made anew with each sandbox, whose storage does not outlive it either.
  let signingKey: SymmetricKey
  /// Host and port under which the caller reached the sandbox.
  let authority: String

  /// The address of a stored file, for those who have a right to it otherwise.
  func plain(_ key: String) -> String {
    "http://\(authority)/\(Self.bucket)/\(key)"
  }

  /// An address under which anybody can fetch a stored file.
  func presigned(_ key: String, at now: UTCTime) -> String {
    plain(key)
      + "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Content-Sha256=UNSIGNED-PAYLOAD"
      + "&X-Amz-Credential=SANDBOX&X-Amz-Date=\(now.addressText)&X-Amz-Expires=\(Self.validSeconds)"
      + "&X-Amz-Signature=\(signature(of: key))&X-Amz-SignedHeaders=host"
      + "&x-amz-checksum-mode=ENABLED&x-id=GetObject"
  }

  /// The key that an address of this storage stands for; anything else as it is.
  func key(of imageUrl: String) -> String {
    let prefix = plain("")
    guard imageUrl.utf8.starts(with: prefix.utf8) else { return imageUrl }
    return String(
      decoding: imageUrl.utf8.dropFirst(prefix.utf8.count).prefix { $0 != UInt8(ascii: "?") }, as: UTF8.self)
  }

  /// Whether a query carries the signature of this key.
  func isSigned(_ key: String, query: String?) -> Bool {
    let name = "X-Amz-Signature="
    let wanted = Array((name + signature(of: key)).utf8)
    return (query ?? "").utf8.split(separator: UInt8(ascii: "&")).contains { $0.elementsEqual(wanted) }
  }

  private func signature(of key: String) -> String {
    let digits = Array("0123456789abcdef".utf8)
    let code = HMAC<SHA256>.authenticationCode(for: Array(Self.signedPart(of: key)), using: signingKey)
    var text: [UInt8] = []
    text.reserveCapacity(64)
    for byte in code {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// What a signature covers. The results of one edit share theirs: an answer has one presigned address, and whoever
  /// holds it reaches the other results by their keys.
  private static func signedPart(of key: String) -> Substring.UTF8View {
    let bytes = key.utf8
    let underscore = UInt8(ascii: "_")
    guard let mark = bytes.lastIndex(of: underscore), bytes[mark...].starts(with: "_edited.".utf8),
      let number = bytes[..<mark].lastIndex(of: underscore)
    else { return bytes[...] }
    return bytes[..<number]
  }

  /// The key of an uploaded file.
  static func assetKey(name: String, at now: UTCTime) -> String {
    folder + now.keyText + "_" + plainName(name)
  }

  /// The key of an edit's result, from 1.
  static func resultKey(uuid: String, index: Int, format: PictureFormat, at now: UTCTime) -> String {
    folder + now.keyText + "_" + uuid.prefix(8) + "_\(index)_edited." + format.rawValue
  }

  /// A file name reduced to letters, digits, `.`, `-` and `_`, so that it needs no escaping anywhere.
  private static func plainName(_ name: String) -> String {
    let plain = name.utf8.suffix(nameBytes).map { byte in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "."), UInt8(ascii: "-"):
        byte
      default: UInt8(ascii: "_")
      }
    }
    return plain.isEmpty ? "file" : String(decoding: plain, as: UTF8.self)
  }
}
