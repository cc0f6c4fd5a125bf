/// Changes of single lines.
enum TestEdit {
  /// The line with another first digit of its `private`: as canonical as before, and nothing but its hash tells.
  static func flippedCommitment(_ line: [UInt8]) -> [UInt8] {
    let name = Array("\"private\":\"".utf8)
    var line = line
    guard let place = line.firstRange(of: name)?.upperBound else { return line }
    line[place] = line[place] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
    return line
  }

  /// The line with the last digit of this field's first number changed.
  static func changed(_ field: String, in line: [UInt8]) -> [UInt8]? {
    var line = line
    guard var place = line.firstRange(of: Array("\"\(field)\":".utf8))?.upperBound else { return nil }
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard digits.contains(line[place]) else { return nil }
    while digits.contains(line[place + 1]) { place += 1 }
    line[place] = line[place] == UInt8(ascii: "9") ? UInt8(ascii: "8") : line[place] + 1
    return line
  }
}
