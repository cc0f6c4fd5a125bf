import EventLoops
package import Hummingbird
import Logging
import NIOCore

/// What goes along with a request through the gateway.
package struct GatewayContext: RequestContext {
  /// What the server itself keeps for a request.
  package var coreContext: CoreRequestContextStorage
  /// The request's id in logs and answers.
  package var requestID: String
  /// Address of the client, without its port; nil where it is not known.
  package let clientAddress: String?
  /// What becomes known of the request for its log line.
  package let trace: RequestTrace
  /// The connection.
  let channel: any Channel

  /// Runs tasks where the connection lives.
  var executor: EventLoopExecutor { .on(channel.eventLoop) }

  /// The context of a request that came on a connection.
  package init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    requestID = ""
    clientAddress = source.channel.remoteAddress?.ipAddress
    trace = RequestTrace()
    channel = source.channel
  }
}
