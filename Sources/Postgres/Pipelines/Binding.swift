import CLibPQ

/// The arrays that libpq wants for the parameters of one statement, used again for the next. It points into the pipeline's arena and
/// is used inside the closure that lends the arena only.
struct Binding {
  private var values: [UnsafePointer<CChar>?] = []
  private var lengths: [Int32] = []
  private var formats: [Int32] = []
  private(set) var types: [UInt32] = []

  private static let binary: Int32 = 1

  mutating func bind(_ parameters: ArraySlice<Pipeline.Parameter>, _ arena: UnsafeRawBufferPointer) {
    values.removeAll(keepingCapacity: true)
    lengths.removeAll(keepingCapacity: true)
    formats.removeAll(keepingCapacity: true)
    types.removeAll(keepingCapacity: true)
    for parameter in parameters {
      values.append(
        parameter.offset.flatMap { arena.baseAddress?.advanced(by: $0).assumingMemoryBound(to: CChar.self) })
      lengths.append(parameter.length)
      formats.append(Self.binary)
      types.append(parameter.typeOID)
    }
  }

  /// Queues the running of a prepared statement.
  /// - Returns: whether libpq took it.
  func send(_ handle: OpaquePointer, prepared name: String) -> Bool {
    PQsendQueryPrepared(handle, name, Int32(values.count), values, lengths, formats, Self.binary) == 1
  }

  /// Queues a statement that is not kept.
  /// - Returns: whether libpq took it.
  func send(_ handle: OpaquePointer, sql: String) -> Bool {
    PQsendQueryParams(handle, sql, Int32(values.count), types, values, lengths, formats, Self.binary) == 1
  }
}
