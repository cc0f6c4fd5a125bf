import Foundation
import NIOCore
import NIOPosix

/// A client that does what no library would: it sends bytes and goes.
enum RawClient {
  /// Whether anybody listens there.
  static func canConnect(to address: String) async throws -> Bool {
    guard let url = URL(string: address), let host = url.host, let port = url.port else { return false }
    try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connect(host: host, port: port).get()
      .close()
    return true
  }

  /// Sends `text`, runs `meanwhile`, and closes the connection without reading.
  static func sendAndClose(to address: String, _ text: String, meanwhile: () async throws -> Void) async throws {
    guard let url = URL(string: address), let host = url.host, let port = url.port else { return }
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connect(
      host: host, port: port
    )
    .get()
    do {
      try await channel.writeAndFlush(ByteBuffer(string: text)).get()
      try await meanwhile()
    } catch {
      try? await channel.close()
      throw error
    }
    try await channel.close()
  }
}
