/// Where a bundle's files of lines are divided. A resumed export has to be written under the same limits.
package struct BundleLimits: Sendable {
  /// The most lines of a file.
  package var lines: Int64
  /// The most bytes of a file; it always takes one line.
  package var bytes: Int64

  /// Other limits than the usual ones.
  package init(lines: Int64, bytes: Int64) {
    self.lines = lines
    self.bytes = bytes
  }

  /// A million lines or 250 MB: what an editor still opens.
  package static let standard = BundleLimits(lines: 1_000_000, bytes: 250_000_000)
}
