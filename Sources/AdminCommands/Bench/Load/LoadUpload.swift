import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// Uploads a small picture for each key, so that each key's team owns one that its edits can name.
enum LoadUpload {
  private static let boundary = "tally-bench-7d1f0c"
  private static let timeout = TimeAmount.seconds(30)
  /// Uploads at the same time: half of what a gateway takes, so that others have room.
  private static let atOnce = 4

  private struct Answer: Decodable {
    struct Asset: Decodable { var key: String }
    var asset: Asset
  }

  /// The storage keys, one for each of `keys` in their order. Throws `CommandFailure` that says which upload failed.
  static func pictures(for keys: [String], to target: LoadTarget) async throws -> [String] {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    do {
      let uploaded = try await withThrowingTaskGroup(of: (Int, String).self) { tasks in
        var storageKeys = [String](repeating: "", count: keys.count)
        for (position, key) in keys.enumerated() {
          if position >= atOnce, let (done, storageKey) = try await tasks.next() { storageKeys[done] = storageKey }
          let name = "upload \(position + 1) of \(keys.count)"
          tasks.addTask { (position, try await upload(name, with: key, to: target, on: group.next())) }
        }
        for try await (done, storageKey) in tasks { storageKeys[done] = storageKey }
        return storageKeys
      }
      try await group.shutdownGracefully()
      return uploaded
    } catch {
      try await group.shutdownGracefully()
      throw error
    }
  }

  private static func upload(
    _ name: String, with key: String, to target: LoadTarget, on loop: any EventLoop
  ) async throws -> String {
    let request = request(with: key, to: target)
    var number = 1
    while true {
      let outcome = try await send(request, to: target, on: loop)
      let status: Int?
      var retryAfter: String?
      switch outcome {
      case .answered(200, let answer):
        guard let body = answer?.body,
          let read = try? JSONDecoder().decode(Answer.self, from: Data(body.readableBytesView))
        else { throw CommandFailure(.failed, "\(name): the gateway's answer cannot be read") }
        return read.asset.key
      case .answered(let other, let answer):
        status = other
        retryAfter = answer?.retryAfter
      case .cut: status = nil
      case .notConnected, .timedOut:
        throw CommandFailure(.failed, "\(name): the gateway at \(target.host):\(target.port) did not answer")
      }
      guard case .waits(let seconds) = UploadTry(number: number, status: status, retryAfter: retryAfter) else {
        let heard = status.map { "answered \($0)" } ?? "cut the connection"
        throw CommandFailure(
          .failed,
          """
          \(name): the gateway \(heard) at try \(number). Give a picture that every key's team owns with --image, \
          or a request without @IMAGE@ with --body.
          """)
      }
      try await Task.sleep(for: .seconds(seconds))
      number += 1
    }
  }

  private static func request(with key: String, to target: LoadTarget) -> LoadRequest {
    var body = ByteBuffer(string: "--\(boundary)\r\n")
    body.writeString("content-disposition: form-data; name=\"asset\"; filename=\"bench.png\"\r\n")
    body.writeString("content-type: image/png\r\n\r\n")
    body.writeBytes(BenchPicture.png)
    body.writeString("\r\n--\(boundary)--\r\n")
    return LoadRequest(
      head: target.head(
        "/api/assets", key: key, contentType: "multipart/form-data; boundary=\(boundary)", length: body.readableBytes),
      body: body)
  }

  private static func send(_ request: LoadRequest, to target: LoadTarget, on loop: any EventLoop) async throws
    -> LoadOutcome
  {
    guard let channel = try? await LoadConnection.connect(to: target, on: loop).get() else { return .notConnected }
    return try await loop.flatSubmit {
      let outcome = loop.makePromise(of: LoadOutcome.self)
      guard let connection = try? channel.pipeline.syncOperations.handler(type: LoadConnection.self) else {
        outcome.succeed(.cut)
        return outcome.futureResult
      }
      let deadline = NIODeadline.now() + timeout
      connection.send(request, keepsAnswer: true, until: deadline) { connection, result in
        outcome.succeed(result)
        connection.close()
      }
      loop.assumeIsolated().scheduleTask(deadline: deadline) { connection.expire(at: deadline) }
      return outcome.futureResult
    }.get()
  }
}
