import Postgres
import Testing

@Suite struct ClientLibraryTests {
  /// Else a thread that is connecting while the process exits uses what OpenSSL's own exit handler has freed.
  @Test func theLibrarysOpenSSLIsThereAndOutlivesTheExit() {
    #expect(ClientLibrary.outlivesExit)
  }
}
