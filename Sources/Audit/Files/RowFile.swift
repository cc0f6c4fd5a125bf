/// Where rows go: into a file that is being written, or against one that should have them.
protocol RowFile: AnyObject {
  /// Takes the bytes of the row that the line at `index` makes; nil for rows of no single line.
  func append(_ bytes: UnsafeRawBufferPointer, index: Int64?) throws
}
