package import HummingbirdCore
package import Logging
package import NIOCore

/// Answers the requests of each connection on the connection's own event loop.
package struct ConnectionsOnLoops<Connections: ServerChildChannel>: ServerChildChannel {
  private let connections: Connections

  /// The same connections, each on its own loop.
  package init(_ connections: Connections) {
    self.connections = connections
  }

  package func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Connections.Value> {
    connections.setup(channel: channel, logger: logger)
  }

  package func handle(value: Connections.Value, logger: Logger) async {
    await withTaskExecutorPreference(EventLoopExecutor.on(value.channel.eventLoop)) {
      await connections.handle(value: value, logger: logger)
    }
  }
}

extension HTTPServerBuilder {
  /// HTTP/1.1, each connection's requests answered on the connection's own event loop.
  package static func http1OnLoops(configuration: HTTP1Channel.Configuration) -> HTTPServerBuilder {
    HTTPServerBuilder { responder in
      ConnectionsOnLoops(HTTP1Channel(responder: responder, configuration: configuration))
    }
  }
}
