import NIOCore
import Synchronization

/// The stand-in for the upstream's bucket and its records, in memory and bounded.
final class Storage: Sendable {
  /// The most bytes of uploaded pictures that are kept; five of the largest fit.
  static let assetBytes = 256 * 1024 * 1024
  /// The most uploaded pictures that are kept.
  static let assetCount = 20_000
  /// The most results that can still be fetched; older ones are gone. A recipe takes some 200 bytes.
  static let resultCount = 100_000
  /// The most edits that can still be asked for.
  static let recordCount = 50_000
  /// The most bytes of edits, prompts above all, that are kept.
  static let recordBytes = 128 * 1024 * 1024

  /// Something in the bucket.
  enum Item: Sendable {
    case asset(StoredPicture)
    case result(PictureRecipe)
  }

  private struct State {
    var assets = BoundedStore<String, StoredPicture>(maximumCount: assetCount, maximumWeight: assetBytes)
    var results = BoundedStore<String, PictureRecipe>(maximumCount: resultCount, maximumWeight: .max)
    var records = BoundedStore<String, EditRecord>(maximumCount: recordCount, maximumWeight: recordBytes)
    var usedCredits: Int64 = 0
  }

  private let state = Mutex(State())

  /// What lies under a key.
  func item(_ key: String) -> Item? {
    state.withLock { state in
      if let asset = state.assets[key] { return .asset(asset) }
      return state.results[key].map { .result($0) }
    }
  }

  /// Keeps an uploaded picture.
  func keep(_ picture: StoredPicture, under key: String) {
    state.withLock { $0.assets.insert(picture, for: key, weight: picture.bytes.readableBytes) }
  }

  /// Keeps an edit with its results, and books its credits.
  ///
  /// - Returns: the credits used before it: as on the real service, that number lags by one edit.
  func keep(_ record: EditRecord, recipes: [PictureRecipe]) -> Int64 {
    state.withLock { state in
      for (key, recipe) in zip(record.resultKeys, recipes) {
        state.results.insert(recipe, for: key, weight: 0)
      }
      state.records.insert(record, for: record.uuid, weight: record.weight)
      defer { state.usedCredits += record.credits }
      return state.usedCredits
    }
  }

  /// An edit, and the credits used by now.
  func record(_ uuid: String) -> (record: EditRecord, usedCredits: Int64)? {
    state.withLock { state in
      state.records[uuid].map { ($0, state.usedCredits) }
    }
  }
}

/// An uploaded picture.
struct StoredPicture: Sendable {
  var bytes: ByteBuffer
  var format: PictureFormat
}
