import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension SandboxResponder {
  /// The longest body of an edit, in bytes: a prompt of 4,000 scalars in the longest escapes takes 48,000.
  static let maximumEditBytes = 256 * 1024
  /// How long an unanswered call is kept open at most: longer than any client waits for it.
  static let silence = Duration.seconds(3600)

  /// `POST /api/features`.
  func edit(_ request: Request, _ context: SandboxContext) async throws -> Response {
    var request = request
    let order: EditOrder
    do {
      order = try await readOrder(&request)
    } catch {
      return answering(Response(error), .edit, request)
    }
    let fault = plan.fault(of: edits.next())
    if !order.isAsync, configuration.latencyMilliseconds > 0 {
      try await Task.sleep(for: .milliseconds(configuration.latencyMilliseconds))
    }
    if fault == .fail { return answering(Response(.providerRefused), .edit, request) }

    let now = clock.now()
    let record = makeRecord(order, at: now)
    let usedCredits = storage.keep(record, recipes: (1...order.count).map(order.recipe(index:)))
    switch fault {
    case .timeout:
      _ = note(
        TruthLine(
          at: now, kind: .edit, uuid: record.uuid, requestID: request.headers[.requestID], worked: true,
          credits: record.credits, answered: nil))
      return await saySilence(request, context)
    case .billThen500:
      return answering(
        Response(.internalError), .edit, request, uuid: record.uuid, worked: true, credits: record.credits)
    case .fail, nil:
      let answer = RecordAnswer(record: record, usedCredits: usedCredits, now: now, addresses: addresses(for: request))
      return answering(
        Response(json: answer.json), .edit, request, uuid: record.uuid, worked: true, credits: record.credits)
    }
  }

  /// `GET /api/results/{uuid}`.
  func result(_ request: Request, uuid: String) -> Response {
    guard hasKey(request) else { return answering(Response(.noKey), .result, request) }
    guard let found = storage.record(uuid) else {
      return answering(Response(json: RecordAnswer.unknown), .result, request)
    }
    let answer = RecordAnswer(
      record: found.record, usedCredits: found.usedCredits, now: clock.now(), addresses: addresses(for: request))
    return answering(Response(json: answer.json), .result, request, uuid: uuid)
  }

  private func readOrder(_ request: inout Request) async throws(ErrorAnswer) -> EditOrder {
    guard hasKey(request) else { throw .noKey }
    let body: ByteBuffer
    do {
      // Into the request, since waiting for the caller to go away later wants its body unread or put back.
      body = try await request.collectBody(upTo: Self.maximumEditBytes)
    } catch {
      throw .tooLarge
    }
    let read: FeatureRequest
    do {
      read = try FeatureRequest(Array(body.readableBytesView))
    } catch {
      throw .invalidJSON
    }
    var order = try EditOrder(read)
    order.imageUrl = addresses(for: request).key(of: order.imageUrl)
    // Keys have no colon: an address of another scheme than https is found nowhere.
    let isElsewhere = order.imageUrl.utf8.starts(with: "https://".utf8)
    guard isElsewhere || storage.item(order.imageUrl) != nil else { throw .sourceNotFound }
    return order
  }

  private func makeRecord(_ order: EditOrder, at now: UTCTime) -> EditRecord {
    let uuid = Self.newID()
    let latency = order.isAsync ? Int64(configuration.latencyMilliseconds) : 0
    return EditRecord(
      uuid: uuid, createdAt: now, finishedAt: UTCTime(milliseconds: now.milliseconds + latency),
      promptObject: order.promptObject,
      resultKeys: (1...order.count).map {
        StorageAddresses.resultKey(uuid: uuid, index: $0, format: order.format, at: now)
      },
      credits: order.credits)
  }

  /// A random UUID. Its bits come from here, since Foundation opens the system's device of random numbers for each one.
  static func newID() -> String {
    let clear: UInt128 = 0xF << 76 | 3 << 62
    let bits = UInt128.random(in: .min ... .max) & ~clear | 4 << 76 | 2 << 62
    return withUnsafeBytes(of: bits.bigEndian) { UUID(uuid: $0.load(as: uuid_t.self)) }.uuidString.lowercased()
  }

  /// Answers nothing until the caller has gone or the sandbox stops, then drops the connection.
  private func saySilence(_ request: Request, _ context: SandboxContext) async -> Response {
    do {
      try await cancelWhenGracefulShutdown {
        try await request.body.consumeWithCancellationOnInboundClose { _ in
          try await Task.sleep(for: Self.silence)
        }
      }
    } catch {
      logger.trace("a silent call has ended")
    }
    context.channel.close(mode: .all, promise: nil)
    return Response(.internalError)
  }
}
