import Exports
import HTTPTypes
import Hummingbird
import Ledger
import LedgerStore
import Logging
import NIOCore

/// What finance takes away: `GET /v1/audit/export` and `GET /v1/statements/{period}` (docs/http.md, exports).
struct ExportRoutes: Sendable {
  let admission: Admission
  let heads: any HeadAccess
  /// Nil where this gateway exports nothing.
  let parts: ExportParts?
  let slots = ExportSlots()
  let clock: GatewayClock
  let ids: GatewayIDs

  /// `GET /v1/audit/export`: a stream that goes as fast as its reader takes it.
  ///
  /// Work on the lines is done off the connection's event loop, which other requests share.
  @Sendable
  func export(_ request: Request, _ context: GatewayContext) async throws -> Response {
    let principal = try await admission.admit(request.headers, .takeAudit, context.trace)
    let query = try ExportQuery(QueryParameters(request.uri.query), timeZone: principal.timeZone)
    let parts = try exporting()
    let place = try slots.enter(principal.team)
    try await heads.requireUncontradicted(principal.team)
    let now = clock.now()
    let plan: ExportPlan
    do {
      plan = try await parts.exports.plan(query.request(principal.team), now: now)
      if request.method != .head {
        let id = NoteID(bits: ids.randomBits())
        try await parts.exports.note(plan, id: id, by: Administrator(principal))
      }
    } catch {
      throw ExportRoutes.answer(to: error, context)
    }
    var headers = HTTPFields()
    headers[.contentType] = query.format.mediaType
    headers[.contentDisposition] = "attachment; filename=\"\(query.format.fileName(plan))\""
    headers[.tallyFrom] = "\(query.format == .bundle ? plan.start : plan.from)"
    headers[.tallyTo] = "\(plan.to)"
    let folder = "\(parts.folder)/\(ids.name())"
    let body = ResponseBody { [exports = parts.exports, clock] writer in
      nonisolated(unsafe) var writer = writer  // One user at a time: the body waits while the export writes.
      let watch = StallWatch(clock: clock, tick: parts.stallTick) { [channel = context.channel] in
        channel.close(promise: nil)
      }
      defer {
        watch.end()
        withExtendedLifetime(place) {}
      }
      do {
        try await withTaskExecutorPreference(globalConcurrentExecutor) {
          try await exports.write(plan, by: folder, now: now) { bytes in
            guard !bytes.isEmpty else { return }
            try await watch.write { try await writer.write(ByteBuffer(bytes: bytes)) }
          }
        }
      } catch {
        if let failure = error as? ExportFailure {
          context.logger.error(
            "An export was cut.", metadata: ["team": "\(plan.request.team)", "error": "\(failure)"])
        } else {
          context.logger.warning(
            "An export ended early.", metadata: ["team": "\(plan.request.team)", "error": "\(type(of: error))"])
        }
        // Without the end of the body the reader sees that it was cut.
        throw error
      }
      try await writer.finish(nil)
    }
    return Response(status: .ok, headers: headers, body: body)
  }

  /// `GET /v1/statements/{period}`.
  @Sendable
  func statement(_ request: Request, _ context: GatewayContext) async throws -> Response {
    let principal = try await admission.admit(request.headers, .takeAudit, context.trace)
    guard let month = context.parameters.get("period").flatMap({ CalendarMonth($0) }) else {
      throw GatewayError.invalid([FieldFault("period", "must be a month, such as 2026-11")])
    }
    try QueryParameters(request.uri.query).requireNone()
    let exports = try exporting().exports
    let place = try slots.enter(principal.team)
    defer { withExtendedLifetime(place) {} }
    try await heads.requireUncontradicted(principal.team)
    let now = clock.now()
    let statement: MonthStatement?
    do {
      statement = try await withTaskExecutorPreference(globalConcurrentExecutor) {
        try await exports.statement(of: principal.team, month, now: now)
      }
      guard statement != nil else { throw GatewayError.notFound("A statement of \(month.text)") }
      try await exports.noteReading(of: "statement", at: now, team: principal.team, by: Administrator(principal))
    } catch {
      throw ExportRoutes.answer(to: error, context)
    }
    guard let statement else { throw GatewayError.internalFault }
    return request.wantsTable ? statement.tableResponse : statement.response
  }

  private func exporting() throws(GatewayError) -> ExportParts {
    guard let parts else { throw .unavailable("This gateway exports nothing.") }
    return parts
  }

  /// What a failure means to the client.
  private static func answer(to error: any Error, _ context: GatewayContext) -> GatewayError {
    switch error {
    case let error as GatewayError: return error
    case let error as StoreError: return GatewayError(error)
    case let failure as ExportFailure:
      switch failure {
      case .noHead, .shortHead:
        return .unavailable("No signed head covers that range yet. Please ask again.")
      case .unproven:
        let why = "no signed head of this log is here that its lines lead to: take the lines alone, format=jsonl"
        return .invalid([FieldFault("format", why)])
      case .unprovenBehind(let size, _):
        let why = "of this log only \(size) lines stand under a signed head: take the others alone, format=jsonl"
        return .invalid([FieldFault("to", why)])
      case .tooLong: return .invalid([FieldFault("from", "\(failure)")])
      case .unknownKey:
        context.logger.error(
          "The key that signed the log's head is not known here: put its vkey beside the signing key.")
        return .unavailable("This gateway cannot export bundles.")
      case .damaged:
        context.logger.error("A log cannot be exported.", metadata: ["error": "\(failure)"])
        return .unavailable("What is stored of this log contradicts itself: its operator has to look at it.")
      case .foreignHead, .contradiction: return .internalFault
      }
    default:
      context.logger.error("A log could not be exported.", metadata: ["error": "\(error)"])
      return .internalFault
    }
  }
}

extension Administrator {
  /// The member whose key asked.
  init(_ principal: Principal) {
    self.init(name: principal.userID, key: principal.key, member: principal.member)
  }
}

extension MonthStatement {
  /// The statement with what it is of: `statement` is the text of a bundle's file.
  fileprivate var response: Response {
    var body = Array("{\"period\":\"\(period)\",\"complete\":\(isComplete),\"statement\":".utf8)
    body += json.last == UInt8(ascii: "\n") ? json.dropLast() : json[...]
    body += "}\n".utf8
    return .json(body)
  }

  fileprivate var tableResponse: Response {
    var headers = HTTPFields()
    headers[.contentType] = "text/csv; charset=utf-8"
    let name = "statement-\(period)\(isComplete ? "" : "-running").csv"
    headers[.contentDisposition] = "attachment; filename=\"\(name)\""
    headers[.tallyComplete] = isComplete ? "true" : "false"
    return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: table)))
  }
}

extension HTTPField.Name {
  /// Index of the first line in an export.
  static let tallyFrom = Self("Tally-From")!
  /// Index behind its last line.
  static let tallyTo = Self("Tally-To")!
  /// Whether a statement is of a month that was closed.
  static let tallyComplete = Self("Tally-Complete")!
  /// When a head was signed, by the signer's clock.
  static let tallySignedAt = Self("Tally-Signed-At")!
}
