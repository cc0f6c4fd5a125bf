import JSON
import Ledger

/// Writes the personal part of a log line: a JSON object that only its hash stands for in the line (docs/audit.md).
///
/// The bytes are stored as they are written and never re-serialised, so any order of the fields would do; they are sorted.
struct PrivatePayload {
  private(set) var bytes: [UInt8] = [UInt8(ascii: "{")]

  /// The personal part of a command's lines.
  /// - Parameter isErased: the edit's personal text was erased: what is learned of it late is not kept.
  static func of(_ command: LaneCommand, isErased: Bool = false) -> [UInt8] {
    var payload = PrivatePayload()
    switch command {
    case .hold(let request):
      payload.add("bodyHash", request.idempotency.map { "\($0.bodyHash)" })
      payload.add("clientAddress", request.clientAddress)
      payload.add("idempotencyKey", request.idempotency?.key)
      payload.add("metadata", json: request.metadata)
      payload.add("promptObject", json: request.promptObject)
      payload.add("userId", request.userID)
    case .settle(let request):
      if !isErased { payload.add("resultObject", json: JSONText.array(request.resultKeys)) }
      payload.add("upstreamUuid", request.upstreamUUID)
    case .release(let request):
      payload.add("errorCode", request.errorCode)
      payload.add("errorMessage", request.errorMessage)
    case .markInDoubt(let request):
      payload.add("upstreamUuid", request.upstreamUUID)
    case .createTeam(let team, let administrator):
      payload.add(administrator)
      payload.add("teamName", team.name)
    case .addMember(let member, let administrator):
      payload.add(administrator)
      payload.add("userId", member.userID)
      payload.add("userName", member.userName)
    case .attach(let request):
      payload.add("upstreamUuid", request.upstreamUUID)
    case .closePeriod(_, let administrator):
      if let administrator { payload.add(administrator) }
    case .note(let request):
      if let administrator = request.administrator { payload.add(administrator) }
    case .changeAlert(let request, let administrator):
      payload.add(administrator)
      if case .set(let alert, _) = request.change { payload.add("url", alert.url) }
    case .changeLegalHold(_, _, let administrator), .resolve(_, let administrator), .credit(_, let administrator),
      .changeTeam(_, _, let administrator),
      .changeMember(_, _, _, let administrator), .issueKey(_, let administrator), .rotateKey(_, let administrator),
      .revokeKey(_, _, let administrator), .recoverLog(_, let administrator), .setPrice(_, let administrator):
      payload.add(administrator)
    }
    payload.bytes.append(UInt8(ascii: "}"))
    return payload.bytes
  }

  private mutating func add(_ administrator: Administrator) {
    add("administrator", administrator.name)
    add("reason", administrator.reason)
  }

  private mutating func add(_ name: StaticString, _ text: String?) {
    guard let text else { return }
    begin(name)
    JSONString.append(text, to: &bytes)
  }

  /// `json` is JSON text already.
  private mutating func add(_ name: StaticString, json: String?) {
    guard let json else { return }
    begin(name)
    bytes.append(contentsOf: json.utf8)
  }

  private mutating func begin(_ name: StaticString) {
    if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
    bytes.append(UInt8(ascii: "\""))
    name.withUTF8Buffer { bytes.append(contentsOf: $0) }
    bytes.append(contentsOf: [UInt8(ascii: "\""), UInt8(ascii: ":")])
  }
}
