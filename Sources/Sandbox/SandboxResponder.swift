import Crypto
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Synchronization

/// Leads a request to what answers it, and writes the truth log line before the answer goes out.
struct SandboxResponder: HTTPResponder {
  typealias Context = SandboxContext

  let configuration: SandboxConfiguration
  let plan: FaultPlan
  let storage: Storage
  let renderer: PictureRenderer
  let truthLog: TruthLog?
  let clock: SandboxClock
  let signingKey: SymmetricKey
  let edits: EditCounter
  let logger: Logger

  func respond(to request: Request, context: Context) async throws -> Response {
    let path = request.uri.path
    switch (request.method, path) {
    case (.post, "/api/features"):
      return try await edit(request, context)
    case (.post, "/api/assets"):
      return await upload(request)
    case (.get, _) where path.hasPrefix("/api/results/"):
      return result(request, uuid: String(path.dropFirst("/api/results/".count)))
    case (.get, _) where path.hasPrefix("/\(StorageAddresses.bucket)/"):
      return await picture(request, key: String(path.dropFirst(StorageAddresses.bucket.count + 2)))
    default:
      return Response(ErrorAnswer.notFound)
    }
  }

  /// Whether the request has any key at all, in any of the three ways.
  func hasKey(_ request: Request) -> Bool {
    let bearer = "Bearer "
    if request.headers[.apiKey]?.isEmpty == false { return true }
    return [HTTPField.Name.authorization, .authToken].contains { name in
      guard let value = request.headers[name], value.hasPrefix(bearer) else { return false }
      return value.utf8.count > bearer.utf8.count
    }
  }

  /// Addresses under the name by which the caller reached this sandbox.
  func addresses(for request: Request) -> StorageAddresses {
    let claimed = request.head.authority ?? ""
    let isPlain =
      !claimed.isEmpty
      && claimed.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "a")...UInt8(ascii: "z"):
          true
        default: ".-:[]_".utf8.contains(byte)
        }
      }
    return StorageAddresses(
      signingKey: signingKey, authority: isPlain ? claimed : "\(configuration.host):\(configuration.port)")
  }

  /// Writes the line of a call, and gives the answer back if that worked: what is not in the log is not answered.
  func answering(
    _ response: Response, _ kind: TruthLine.Kind, _ request: Request, uuid: String? = nil, worked: Bool = false,
    credits: Int64 = 0
  ) -> Response {
    let line = TruthLine(
      at: clock.now(), kind: kind, uuid: uuid, requestID: request.headers[.requestID], worked: worked,
      credits: credits, answered: Int(response.status.code))
    return note(line) ? response : Response(ErrorAnswer.internalError)
  }

  /// Writes a line to the truth log, where there is one.
  func note(_ line: TruthLine) -> Bool {
    guard let truthLog, !truthLog.append(line) else { return true }
    logger.error("the truth log could not be written", metadata: ["type": "\(line.kind.rawValue)"])
    return false
  }
}

/// Numbers the edits that pass the checks: the faults are dealt out by that number.
final class EditCounter: Sendable {
  private let count = Atomic<UInt64>(0)

  /// The next number, from 0.
  func next() -> UInt64 {
    count.add(1, ordering: .relaxed).oldValue
  }
}

extension HTTPField.Name {
  static let apiKey = HTTPField.Name("API-KEY").unsafelyUnwrapped
  static let authToken = HTTPField.Name("X-Auth-Token").unsafelyUnwrapped
  static let requestID = HTTPField.Name("X-Request-Id").unsafelyUnwrapped
}

extension Response {
  /// An answer of JSON.
  init(status: HTTPResponse.Status = .ok, json: String) {
    self.init(
      status: status, headers: [.contentType: "application/json; charset=utf-8"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: json)))
  }

  init(_ error: ErrorAnswer) {
    self.init(status: error.status, json: error.json)
  }
}
