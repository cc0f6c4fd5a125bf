import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// Uploads a small picture for each key, so that each key's team owns one that its edits can name.
enum LoadUpload {
  private static let boundary = "tally-bench-7d1f0c"
  private static let timeout = TimeAmount.seconds(30)
  /// Uploads at the same time.
  private static let atOnce = 16

  private struct Answer: Decodable {
    struct Asset: Decodable { var key: String }
    var asset: Asset
  }

  /// The storage keys, one for each of `keys` in their order. Throws `CommandFailure`.
  static func pictures(for keys: [String], to target: LoadTarget) async throws -> [String] {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    do {
      let uploaded = try await withThrowingTaskGroup(of: (Int, String).self) { tasks in
        var storageKeys = [String](repeating: "", count: keys.count)
        for (position, key) in keys.enumerated() {
          if position >= atOnce, let (done, storageKey) = try await tasks.next() { storageKeys[done] = storageKey }
          tasks.addTask { (position, try await upload(with: key, to: target, on: group.next())) }
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

  private static func upload(with key: String, to target: LoadTarget, on loop: any EventLoop) async throws -> String {
    var body = ByteBuffer(string: "--\(boundary)\r\n")
    body.writeString("content-disposition: form-data; name=\"asset\"; filename=\"bench.png\"\r\n")
    body.writeString("content-type: image/png\r\n\r\n")
    body.writeBytes(BenchPicture.png)
    body.writeString("\r\n--\(boundary)--\r\n")
    let request = LoadRequest(
      head: target.head(
        "/api/assets", key: key, contentType: "multipart/form-data; boundary=\(boundary)", length: body.readableBytes),
      body: body)
    switch try await send(request, to: target, on: loop) {
    case .answered(200, let body?):
      guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(body.readableBytesView)) else {
        throw CommandFailure(.failed, "the gateway's answer to an upload cannot be read")
      }
      return answer.asset.key
    case .answered(let status, _):
      throw CommandFailure(.failed, "the gateway answered an upload with \(status); give a picture's key with --image")
    case .notConnected, .cut, .timedOut:
      throw CommandFailure(.failed, "the gateway at \(target.host):\(target.port) did not answer an upload")
    }
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
      connection.send(request, keepsBody: true, until: deadline) { connection, result in
        outcome.succeed(result)
        connection.close()
      }
      loop.assumeIsolated().scheduleTask(deadline: deadline) { connection.expire(at: deadline) }
      return outcome.futureResult
    }.get()
  }
}
