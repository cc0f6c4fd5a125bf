import Hummingbird
import NIOCore

/// What a handler knows of the connection that its request came on.
struct SandboxContext: InitializableFromSource, Sendable {
  typealias Source = ApplicationRequestContextSource

  let channel: any Channel

  init(source: Source) {
    channel = source.channel
  }
}
