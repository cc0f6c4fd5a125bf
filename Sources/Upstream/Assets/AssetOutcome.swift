/// What is known after a picture was uploaded. An upload costs no credits: *unknown* only means that the member tries again.
package enum AssetOutcome: Sendable, Equatable {
  /// The picture is stored.
  case stored(StoredAsset)
  /// The picture was provably not stored.
  case notDone(Refusal)
  /// Nobody can tell.
  case unknown(Uncertainty)
}
