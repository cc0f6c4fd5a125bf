import Ledger

/// Finds single lines in a bundle's files again, by their indexes: a credit names lines that were forgotten long ago. It
/// remembers where every 256th line stands.
struct LineLookup: EarlierLines {
  private struct Place {
    var index: Int64
    var name: String
    var offset: Int64
  }

  private let folder: String
  private var places: [Place] = []
  private var next: Int64

  private static let stride: Int64 = 256

  /// Nothing yet of the bundle in `folder`, whose first line will be at `from`.
  init(folder: String, from: Int64) {
    self.folder = folder
    next = from
  }

  /// Notes that the next line begins at `offset` of the file of that name.
  mutating func note(_ name: String, offset: Int64, isFirst: Bool) {
    if isFirst || next % LineLookup.stride == 0 {
      places.append(Place(index: next, name: name, offset: offset))
    }
    next += 1
  }

  /// The line at `index`; nil where it was not noted or is not there any more. Throws a `FileError`.
  func line(at index: Int64) throws -> [UInt8]? {
    guard index < next, let place = place(before: index) else { return nil }
    let file = try OpenFile(reading: "\(folder)/\(place.name)")
    var wanted = index - place.index
    var offset = place.offset
    var line: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 64 * 1024)
    while true {
      let count = try piece.withUnsafeMutableBytes { try file.read(into: $0, at: offset) }
      guard count > 0 else { return nil }
      offset += Int64(count)
      for byte in piece[..<count] {
        if byte == UInt8(ascii: "\n") {
          if wanted == 0 { return line }
          wanted -= 1
        } else if wanted == 0 {
          guard line.count < Line.byteCountMaximum else { return nil }
          line.append(byte)
        }
      }
    }
  }

  private func place(before index: Int64) -> Place? {
    var low = 0
    var high = places.count
    while low < high {
      let middle = (low + high) / 2
      if places[middle].index <= index { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? places[low - 1] : nil
  }
}
