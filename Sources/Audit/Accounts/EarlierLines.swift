/// Where lines of a range that came before are found again: a credit names lines that were forgotten long ago.
protocol EarlierLines {
  /// Notes that the next line begins at `offset` of the file of that name.
  mutating func note(_ name: String, offset: Int64, isFirst: Bool)
  /// The line at `index`; nil where there is none. Throws where it cannot be read.
  func line(at index: Int64) throws -> [UInt8]?
}
