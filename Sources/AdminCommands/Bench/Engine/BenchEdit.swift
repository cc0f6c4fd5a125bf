import Ledger
import LedgerStore

/// What the edits of a benchmark look like: the lengths of real ones, since every byte is written, hashed and logged.
struct BenchEdit: Sendable {
  /// Longest prompt, in characters: the gateway's own limit.
  static let maximumPromptLength = 4_000
  /// Length of a prompt where nothing else is said, in characters.
  static let usualPromptLength = 400

  static let model = "gpt-image-1-mini"
  static let quality = "medium"
  static let size = "1024x1024"

  private let promptObject: String

  /// Edits with prompts of so many characters.
  init(promptLength: Int) {
    promptObject = """
      {"imageUrl":"images/2026_11_20_09_15_27_412_holiday-portrait.png","prompt":"\(Self.prompt(length: promptLength))",\
      "size":"\(Self.size)","n":1,"quality":"\(Self.quality)","output_format":"png","output_compression":100,\
      "background":"auto"}
      """
  }

  /// A prompt of so many characters, all of them ASCII.
  static func prompt(length: Int) -> String {
    let sentence = "Replace the background by a quiet harbour at dawn, keep the person and the light on the face. "
    return String(String(repeating: sentence, count: length / sentence.utf8.count + 1).prefix(length))
  }

  /// The hold of one edit.
  func hold(_ record: RecordID, team: TeamID, member: BenchTeam.Member) -> HoldRequest {
    HoldRequest(
      team: team, record: record, member: member.id, key: member.key, model: Self.model, quality: Self.quality,
      size: Self.size, n: 1, promptObject: promptObject, metadata: nil, clientAddress: "198.51.100.17",
      userID: member.userID)
  }

  /// Its settlement, with one result.
  func settlement(_ record: RecordID, team: TeamID) -> SettleRequest {
    let key = "images/2026_11_20_09_16_02_118_\(record).png"
    return SettleRequest(
      team: team, record: record, upstreamUUID: "\(record)", resultKeys: [key], temporaryURL: Self.address(of: key),
      responseObject: "{}")
  }

  /// As long as a presigned address.
  private static func address(of key: String) -> String {
    """
    https://asset.1min.ai.s3.us-east-1.amazonaws.com/\(key)?X-Amz-Algorithm=AWS4-HMAC-SHA256\
    &X-Amz-Content-Sha256=UNSIGNED-PAYLOAD&X-Amz-Credential=AKIAXXXXXXXXXXXXXXXX%2F20261120%2Fus-east-1%2Fs3%2F\
    aws4_request&X-Amz-Date=20261120T091602Z&X-Amz-Expires=604800&X-Amz-Signature=\
    0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0&X-Amz-SignedHeaders=host&x-id=GetObject
    """
  }
}
