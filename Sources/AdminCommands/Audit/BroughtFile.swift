import Audit
import Foundation
import TransparencyLog

/// What a file looks like that was named as a bundle: nothing of it is verified, so nothing is said of what it claims, only
/// how a file of its kind is used.
enum BroughtFile: Hashable {
  /// A tar, as the gateway sends a bundle.
  case archive
  /// A compressed file.
  case compressed
  /// A proof that stands alone.
  case proof
  /// A signed head.
  case head
  /// A file with heads of many logs.
  case heads
  /// A receipt, or an edit's answer with one.
  case receipt
  /// Chosen lines with their proofs.
  case list
  /// Lines of a log and nothing else.
  case lines
  /// Keys, one a line.
  case keys
  /// Anything else; what it holds, in a word or two.
  case other(String)
  /// What the system does not let be read.
  case unreadable

  /// How much of a file is looked at, in bytes: an edit's whole answer fits.
  private static let maximumBytes = 4 * 1024 * 1024

  /// Looks at the file at `path`.
  init(_ path: String) {
    if ProofVerifier.isProof(path) {
      self = .proof
    } else if HeldFile.isArchive(path) {
      self = .archive
    } else if let file = FileHandle(forReadingAtPath: path),
      let data = try? file.read(upToCount: BroughtFile.maximumBytes) ?? Data()
    {
      self.init([UInt8](data))
    } else {
      self = .unreadable
    }
  }

  /// What these bytes look like, which are neither a proof nor a tar.
  init(_ bytes: [UInt8]) {
    let isPlain = bytes.prefix(4096).allSatisfy { $0 >= 0x20 || [0x09, 0x0A, 0x0D].contains($0) }
    if bytes.isEmpty {
      self = .other("nothing")
    } else if bytes.starts(with: [0x1F, 0x8B]) || bytes.starts(with: [0x50, 0x4B, 3, 4]) {
      self = .compressed
    } else if let names = BroughtFile.names(bytes) {
      self.init(fields: names)
    } else if let note = try? SignedNote(bytes: HeldText.withoutEmptyEnd(bytes)) {
      let isHead = (try? Checkpoint(text: note.text)) != nil
      let isReceipt = (try? LogReceipt(text: note.text)) != nil
      self = isHead ? .head : isReceipt ? .receipt : .other("a signed note of another kind")
    } else if HeldFile.areKeys(String(decoding: bytes.prefix(HeldFile.maximumBytes), as: UTF8.self)) {
      self = .keys
    } else {
      self = .other(isPlain ? "text" : "binary data")
    }
  }

  /// A file of JSON with these names.
  private init(fields names: Set<String>) {
    if names.contains("receipt") || names.isSuperset(of: ["leaf", "note"]) {
      self = .receipt
    } else if names.isSuperset(of: ["log", "note", "root"]) {
      self = .heads
    } else if names.isSuperset(of: ["line", "proof"]) {
      self = .list
    } else if names.isSuperset(of: ["action", "index"]) {
      self = .lines
    } else {
      self = .other("JSON")
    }
  }

  /// The names in the file's first object, which is the first line or the whole file; nil where it is no JSON.
  private static func names(_ bytes: [UInt8]) -> Set<String>? {
    let first = bytes.prefix { $0 != UInt8(ascii: "\n") }
    for part in [Array(first), bytes] {
      guard let object = try? JSONSerialization.jsonObject(with: Data(part)) else { continue }
      return Set((object as? [String: Any] ?? [:]).keys)
    }
    return nil
  }

  /// What it is, and how it is used, as a sentence about the file at `path` that is no bundle.
  func words(_ path: String) -> String {
    let advice = "hold it against one with"
    return switch self {
    case .archive: "\(path) is a tar: unpack it first (tar -xf \(path)), and name its folder"
    case .compressed: "\(path) is compressed: unpack it first, and name the bundle's folder"
    case .proof: "\(path) is a proof and no bundle: check it by itself, with tally audit verify \(path)"
    case .head: "\(path) is a signed head, and no bundle or proof: \(advice) --known-head \(path)"
    case .heads: "\(path) is a file of signed heads, and no bundle or proof: \(advice) --known-head \(path)"
    case .receipt: "\(path) is a receipt or an answer with one, and no bundle: \(advice) --receipt \(path)"
    case .list:
      "\(path) is a list of chosen lines, and no bundle: check the `proof` of each row as a file of its own (jq -r .proof)"
    case .lines: "\(path) has lines of a log and no proof of them: ask for a bundle (audit export --format bundle)"
    case .keys: "\(path) is a key, and no bundle or proof: pin it with --vkey \(path)"
    case .unreadable: "\(path) cannot be read"
    case .other(let what):
      if let folder = HeldFile.bundle(around: path) {
        "\(path) is a file of a bundle: name its folder, \(folder)"
      } else {
        "\(path) is neither a bundle's folder nor a proof: it holds \(what)"
      }
    }
  }
}
