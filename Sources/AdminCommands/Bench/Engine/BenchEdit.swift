import Ledger
import LedgerStore

/// What the edits of a benchmark look like: the lengths of real ones, since every byte is written, hashed and logged.
struct BenchEdit: Sendable {
  /// Longest prompt, in characters: the gateway's own limit.
  static let maximumPromptLength = 4_000
  /// Length of a prompt where nothing else is said, in characters.
  static let usualPromptLength = 400

  /// What a member may choose.
  struct Choice: Hashable, Sendable {
    var model = "gpt-image-1-mini"
    var quality = "medium"
    var size = "1024x1024"
  }

  private let choice: Choice
  private let n: Int
  private let promptObject: String

  /// Edits with prompts of so many characters, for `n` pictures each.
  init(promptLength: Int, choice: Choice = Choice(), n: Int = 1) {
    self.choice = choice
    self.n = n
    promptObject = """
      {"imageUrl":"images/2026_11_20_09_15_27_412_holiday-portrait.png","prompt":"\(Self.prompt(length: promptLength))",\
      "size":"\(choice.size)","n":\(n),"quality":"\(choice.quality)","output_format":"png","output_compression":100,\
      "background":"auto"}
      """
  }

  /// A prompt of so many characters, all of them ASCII.
  static func prompt(length: Int) -> String {
    let sentence = "Replace the background by a quiet harbour at dawn, keep the person and the light on the face. "
    return String(String(repeating: sentence, count: length / sentence.utf8.count + 1).prefix(length))
  }

  /// The hold of one edit.
  /// - Parameter idempotencyKey: the Idempotency-Key that it comes with.
  func hold(
    _ record: RecordID, team: TeamID, member: BenchTeam.Member, idempotencyKey: String? = nil
  ) -> HoldRequest {
    HoldRequest(
      team: team, record: record, member: member.id, key: member.key, model: choice.model, quality: choice.quality,
      size: choice.size, n: n, promptObject: promptObject, metadata: nil, clientAddress: "198.51.100.17",
      userID: member.userID,
      idempotency: idempotencyKey.map { IdempotencyClaim(key: $0, body: Array(promptObject.utf8)) })
  }

  /// Its settlement, with as many results as were asked for.
  /// - Parameter hasAddress: whether the first result's presigned address comes with it.
  func settlement(_ record: RecordID, team: TeamID, hasAddress: Bool = true) -> SettleRequest {
    let keys = (1...n).map { "images/2026_11_20_09_16_02_118_\(record)\(n == 1 ? "" : "-\($0)").png" }
    return SettleRequest(
      team: team, record: record, upstreamUUID: "\(record)", resultKeys: keys,
      temporaryURL: hasAddress ? Self.address(of: keys[0]) : nil, responseObject: "{}")
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
