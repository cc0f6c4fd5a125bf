import Hummingbird
import NIOCore

extension Response {
  /// How long the rest of a request is still read and dropped after an answer that came early: closing at once would
  /// make the client's system drop the answer, and reading on without an end would take any number of bytes.
  static let lingerTime = TimeAmount.seconds(1)

  /// Ends the connection a moment after the answer: for one that did not read its request to the end. The server itself
  /// only closes where the client asks for it.
  mutating func closeAfterwards(_ channel: any Channel) {
    let answer = body
    body = ResponseBody(contentLength: answer.contentLength) { writer in
      try await answer.write(writer)
      _ = channel.eventLoop.scheduleTask(in: Response.lingerTime) { channel.close(promise: nil) }
    }
  }
}
