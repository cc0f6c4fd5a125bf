/// Stored peaks that cannot be those of a tree of that size.
package struct PeaksError: Error, Hashable, Sendable {
  /// The size that was given.
  package var size: Int64
  /// How many peaks were given; nil where the bytes are no whole number of them.
  package var peakCount: Int?

  /// An error about these numbers.
  package init(size: Int64, peakCount: Int?) {
    self.size = size
    self.peakCount = peakCount
  }
}

extension PeaksError: CustomStringConvertible {
  /// One sentence that names both numbers.
  package var description: String {
    let count = peakCount.map(String.init) ?? "a broken number of"
    return "a tree of \(size) leaves cannot have \(count) peaks"
  }
}
