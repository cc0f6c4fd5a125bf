import NIOCore
import Synchronization

/// What the connections of a relay share.
final class RelayState: Sendable {
  private struct Value {
    var isStalled = false
    var channels: [ObjectIdentifier: any Channel] = [:]
    var cuts: [RelayCut] = []
    var cutCount = 0
  }

  private let value = Mutex(Value())

  var isStalled: Bool { value.withLock { $0.isStalled } }
  var cutCount: Int { value.withLock { $0.cutCount } }
  var open: [any Channel] { value.withLock { Array($0.channels.values) } }

  func add(_ channel: any Channel) {
    value.withLock { $0.channels[ObjectIdentifier(channel)] = channel }
    channel.closeFuture.whenComplete { _ in
      self.value.withLock { _ = $0.channels.removeValue(forKey: ObjectIdentifier(channel)) }
    }
  }

  /// Answers the channels that must be told.
  func stall(_ isStalled: Bool) -> [any Channel] {
    value.withLock { value in
      value.isStalled = isStalled
      return Array(value.channels.values)
    }
  }

  func add(_ cut: RelayCut) {
    value.withLock { $0.cuts.append(cut) }
  }

  func forgetCuts() {
    value.withLock { $0.cuts = [] }
  }

  /// How many of the bytes may still pass; nil when all of them may and the connection lives on.
  func pass(_ bytes: some Collection<UInt8>, _ direction: RelayDirection) -> Int? {
    value.withLock { value in
      for index in value.cuts.indices {
        guard let passing = value.cuts[index].pass(bytes, direction) else { continue }
        value.cuts.remove(at: index)
        value.cutCount += 1
        return passing
      }
      return nil
    }
  }
}

/// Hands what it reads to the other side, and closes with it.
final class RelayHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  private let direction: RelayDirection
  private let other: any Channel
  private let state: RelayState
  private var isCut = false

  init(_ direction: RelayDirection, to other: any Channel, _ state: RelayState) {
    self.direction = direction
    self.other = other
    self.state = state
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isCut else { return }
    let buffer = unwrapInboundIn(data)
    guard let passing = state.pass(buffer.readableBytesView, direction) else {
      return other.writeAndFlush(buffer, promise: nil)
    }
    isCut = true
    let (mine, theirs) = (context.channel, other)
    theirs.writeAndFlush(buffer.getSlice(at: buffer.readerIndex, length: passing) ?? ByteBuffer())
      .whenComplete { _ in
        theirs.close(promise: nil)
        mine.close(promise: nil)
      }
  }

  func channelInactive(context: ChannelHandlerContext) {
    other.close(promise: nil)
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
