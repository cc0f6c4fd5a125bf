import NIOCore
import NIOPosix

/// A connection that sends bytes as they are, for what no client library would send.
struct RawConnection: Sendable {
  private let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>

  /// Connects to a port of this machine.
  static func open(_ port: Int) async throws -> RawConnection {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelOption(.allowRemoteHalfClosure, value: true)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    return RawConnection(channel: channel)
  }

  /// Sends `text`, and takes nothing of what comes until `body` is done.
  func hold(_ text: String, _ body: @Sendable () async -> Void) async throws {
    try await channel.executeThenClose { _, outbound in
      try await outbound.write(ByteBuffer(string: text))
      await body()
    }
  }

  /// Sends `text`, then whatever `more` gives until it gives nothing or the other side has closed, and answers
  /// everything that came until `isComplete` says so or the other side closed.
  func exchange(
    _ text: String, more: @Sendable () -> ByteBuffer? = { nil },
    until isComplete: @Sendable (String) -> Bool = { _ in false }
  ) async throws -> String {
    try await channel.executeThenClose { inbound, outbound in
      try await outbound.write(ByteBuffer(string: text))
      do {
        while let piece = more() { try await outbound.write(piece) }
      } catch {
        // The other side has closed: what a sender without an end has to meet.
      }
      var answer = ""
      do {
        for try await piece in inbound {
          answer += String(buffer: piece)
          if isComplete(answer) { break }
        }
      } catch {
        // A reset behind an answer takes nothing away from it.
      }
      return answer
    }
  }
}
