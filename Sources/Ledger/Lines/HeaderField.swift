/// The fields of a line's header in the order in which they stand between those of its event. `action` is not among
/// them: no key sorts before it, so it is always first.
enum HeaderField {
  static let names: [StaticString] = ["actor", "at", "index", "log", "private", "v"]

  /// Whether `left` sorts bytewise before `right`.
  @inline(__always)
  static func precedes(_ left: StaticString, _ right: StaticString) -> Bool {
    let count = min(left.utf8CodeUnitCount, right.utf8CodeUnitCount)
    for index in 0..<count where left.utf8Start[index] != right.utf8Start[index] {
      return left.utf8Start[index] < right.utf8Start[index]
    }
    return left.utf8CodeUnitCount < right.utf8CodeUnitCount
  }
}
