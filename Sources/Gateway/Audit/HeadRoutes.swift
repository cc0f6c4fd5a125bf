import HTTPTypes
import Hummingbird
import Ledger
import LedgerStore
import TransparencyLog

/// The log's newest signed head, `GET /v1/audit/checkpoint`, and the proof of one line, `GET /v1/audit/proof/{index}`
/// (docs/http.md). Both are texts that other people's tools read (docs/audit.md, the texts).
struct HeadRoutes: Sendable {
  /// How long the signer has for a head that is not there yet.
  static let headLimit = Duration.seconds(1)

  let admission: Admission
  let ledger: any LedgerAccess

  /// `GET /v1/audit/checkpoint`: a head that covers every line that was there when it was asked for.
  @Sendable
  func checkpoint(_ request: Request, _ context: GatewayContext) async throws -> Response {
    let principal = try await admission.admit(request.headers, .any, context.trace)
    try QueryParameters(request.uri.query).requireNone()
    try await ledger.requireUncontradicted(principal.team)
    let head: LogHead?
    do throws(StoreError) {
      let size = try await ledger.logState(of: principal.team).size
      head = try await ledger.signedHead(of: principal.team, covering: size, within: Self.headLimit)
    } catch {
      throw GatewayError(error)
    }
    guard let head else { throw GatewayError.noHead }
    var response = Response.text(head.note)
    response.headers[.lastModified] = head.signedAt.httpDate
    response.headers[.tallySignedAt] = head.signedAt.rfc3339
    return response
  }

  /// `GET /v1/audit/proof/{index}`. A receipt names the log that its line stands in: `log` takes that name, since a log may
  /// have been replaced. Of a line that was pruned the proof holds hashes alone: the leaf is in the receipt.
  @Sendable
  func proof(_ request: Request, _ context: GatewayContext) async throws -> Response {
    let principal = try await admission.admit(request.headers, .any, context.trace)
    let query = QueryParameters(request.uri.query)
    let faults = query.faults(otherThan: ["log"]) + query.faults(repeating: ["log"])
    guard faults.isEmpty else { throw GatewayError.invalid(faults) }
    guard let index = context.parameters.get("index").flatMap(Self.index),
      let log = try await log(named: query["log"], principal), let line = try await line(index, log, principal)
    else { throw GatewayError.notFound("The line") }
    try await ledger.requireUncontradicted(principal.team)
    do throws(StoreError) {
      let head = try await head(of: log, covering: index + 1)
      guard let head else { throw StoreError(.unavailable(mayBeHeld: false)) }
      let proof = try await ledger.proof(of: line, under: head, base: log.base)
      return .text(Array(proof.text.utf8))
    } catch {
      switch error.reason {
      case .unavailable where log.isReplaced:
        throw GatewayError.notFound("A signed head that covers line \(index) of \(log.origin)")
      case .unavailable: throw GatewayError.noHead
      case .conflict: throw GatewayError.unavailable("The stored log does not lead to its signed head.")
      default: throw GatewayError(error)
      }
    }
  }

  /// The head that a proof leads to. Of a log that another took the place of nothing is signed any more.
  private func head(of log: TeamLog, covering size: Int64) async throws(StoreError) -> LogHead? {
    guard log.isReplaced else {
      return try await ledger.signedHead(of: log.team, covering: size, within: Self.headLimit)
    }
    guard let head = try await ledger.newestHead(of: log), head.size >= size else { return nil }
    return head
  }

  /// The log of that name; nil for one that the team never had.
  private func log(named origin: String?, _ principal: Principal) async throws(GatewayError) -> TeamLog? {
    do {
      return try await ledger.log(of: principal.team, named: origin)
    } catch {
      if case .invalid = error.reason { return nil }
      throw GatewayError(error)
    }
  }

  /// The line, if the principal may see it: administrators and finance see all lines, a member those of its own edits.
  private func line(
    _ index: Int64, _ log: TeamLog, _ principal: Principal
  ) async throws(GatewayError) -> LoggedLine? {
    do {
      guard let line = try await ledger.loggedLine(of: log, at: index) else { return nil }
      if principal.seesWholeLog { return line }
      guard let id = line.record, let record = try await ledger.record(id, of: principal.team) else { return nil }
      return record.member == principal.member ? line : nil
    } catch {
      throw GatewayError(error)
    }
  }

  /// An index in plain digits, as a line has it: one address for one line.
  private static func index(_ text: String) -> Int64? {
    guard (1...18).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    guard text.utf8.count == 1 || text.utf8.first != UInt8(ascii: "0") else { return nil }
    return Int64(text)
  }
}

extension Principal {
  /// Whether it sees every line of its team's log: who administers, with a key that may, and finance, with one that may
  /// read the audit log.
  package var seesWholeLog: Bool {
    switch role {
    case .admin: scopes.contains(.admin) || scopes.contains(.audit)
    case .finance: scopes.contains(.audit)
    case .member: false
    }
  }
}

extension GatewayError {
  /// 503: nobody signed a head in time.
  static let noHead = GatewayError(
    .serviceUnavailable, .serviceUnavailable, "No head that covers this was signed in time. Try again.",
    retryAfterSeconds: busyRetrySeconds)
}

extension Response {
  /// A 200 with this text.
  static func text(_ bytes: [UInt8]) -> Response {
    var headers = HTTPFields()
    headers[.contentType] = "text/plain; charset=utf-8"
    return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }
}
