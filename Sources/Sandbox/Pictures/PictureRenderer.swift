import NIOCore
import NIOPosix
import Synchronization

/// Makes result pictures on a few threads of its own, and keeps the newest ones.
///
/// Rendering takes tens of milliseconds of a processor, so it must stay off the threads that answer requests.
final class PictureRenderer: Sendable {
  /// How many pictures are made at once. Rendering is for people who look at a demo; the edits should keep a processor.
  static let threads = 2
  /// The most pictures that wait or are being made. Beyond that a caller is told to come back.
  static let maximumWaiting = 256
  /// The most bytes of made pictures that are kept.
  static let cacheBytes = 64 * 1024 * 1024
  /// The most made pictures that are kept.
  static let cacheCount = 1_000

  /// Why there is no picture.
  enum Failure: Error, Equatable {
    /// ``maximumWaiting`` are waiting already, or the sandbox is stopping.
    case busy
    /// libgd could not make it.
    case broken
  }

  private struct State {
    var made = BoundedStore<String, ByteBuffer>(maximumCount: cacheCount, maximumWeight: cacheBytes)
    var waiting = 0
  }

  private let pool = NIOThreadPool(numberOfThreads: threads)
  private let storage: Storage
  private let state = Mutex(State())

  init(storage: Storage) {
    self.storage = storage
    _ = Canvas.silence
    pool.start()
  }

  /// Ends the threads, after the picture that each is making.
  func shutdown() async {
    try? await pool.shutdownGracefully()
  }

  /// The bytes of a result, made now or earlier: always the same.
  func picture(key: String, recipe: PictureRecipe) async throws(Failure) -> ByteBuffer {
    let made: ByteBuffer? = try state.withLock { (state) throws(Failure) -> ByteBuffer? in
      if let made = state.made[key] { return made }
      guard state.waiting < Self.maximumWaiting else { throw .busy }
      state.waiting += 1
      return nil
    }
    if let made { return made }
    defer { state.withLock { $0.waiting -= 1 } }
    let rendered: ByteBuffer?
    do {
      rendered = try await pool.runIfActive { [storage] in
        PicturePainter(storage: storage).picture(recipe)?.encoded(as: recipe.format, compression: recipe.compression)
      }
    } catch {
      throw .busy
    }
    guard let rendered else { throw .broken }
    state.withLock { $0.made.insert(rendered, for: key, weight: rendered.readableBytes) }
    return rendered
  }
}
