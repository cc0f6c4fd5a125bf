import Testing
import TransparencyLog

/// Answers that others published: Certificate Transparency's reference tree and the log of Go's checksum database.
@Suite("Published proofs")
struct PublishedProofsTests {
  private static let leaves: [[UInt8]] = [
    [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43],
    [0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
    [0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f],
  ]

  @Test(
    "Certificate Transparency's consistency proofs",
    arguments: [
      (
        Int64(6), Int64(8),
        [
          "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
          "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
          "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ]
      ),
      (
        2, 5,
        [
          "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
          "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ]
      ),
    ])
  func consistencyProofsAreThePublishedOnes(oldSize: Int64, newSize: Int64, expected: [String]) throws {
    let log = StoredLog(Self.leaves.map { LeafHash.hash($0) })
    let proof = try log.consistency(oldSize: oldSize, newSize: newSize)
    #expect(proof.hashes.map(\.description) == expected)
  }

  /// A tlog-proof of line 43,930,254 of sum.golang.org, made by transparency-dev's tools.
  private static let proof = """
    c2sp.org/tlog-proof@v1
    index 43930254
    Q2cuq1e21q4UC1RQ6wtmXmCxk2q3Wqz/yFvD12P2KSM=
    VdgHwjNYSv9fZVxvYzn8kySGvrjqeCnzdJqJILieWf4=
    ARfBpZjsj3LSP42V4xBVdCKbHVa4WXSbuFAa0rUSCVQ=
    0VYgz0Vmgz6jOM8H6edZBWHtO6+R7tPvN4EOwwRRSws=
    vq+ifloynXE+ORFC1wymQT0cpNIJA1tqg2mQpA55+kc=
    SCRewH6vHE1/Vwkt5yEW8xT7il0WbWltXjFIVqlGtQQ=
    p//fIG8jgZie4MMwjHF7quCIJ4hErr7U4at0HV34MZQ=
    D3K5YdBlxQcklrgF8vSbDyT05J5/mA9lzuhhp72uSOk=
    jeYlYyH9FhYGwu+ZJmfPr8GvSNdgrydwqmJgHsygoR0=
    p6RFgfGhu8Uuy0LyyZdI4MrSPOZkMe+ycwWJFfr8zTI=
    AMZsxrVKBPSe8nSNVVCTyTxWns0CiNbChG/FoiSJWuM=
    e+rtSmK5Pd1K5LgFwj7VSo5XJXOcq7OOcqPVZn1hqeM=
    expmv1e6XiGr5NMUjMRkSZijlcBx+fZcpqQmUnawhOY=
    +Wuic0YARH84k80/Q+KJIbhRCldxG8npjLFiHMLtEpo=
    NOMeJqlyUxFXUKYRI/1YqAF4WJBfXJr8UM/SlWGqxgY=
    Lm6+TAlLb2lvUs/3unZ2t6RSmJw8RO+WuEuUbAw3QEc=
    Jhh2EDG15gDBoLmLiF88lVTgd+uvx3L0xczb8Y3kSq8=
    taenaiKqtYMXS3gDzIF3q8VZzqAXqftHqL9BC39njaw=
    kZNKypGwEANnt1+msLINnqrIrwX+0MGZUTTKXTfbloI=
    A4NJSymjVJ5dvGPaGC3Gj04x8qVRKYfh0pP24mwd6Yk=
    KQq808D9W4NUgr4ip+rF/RCyAUERYKKCwKiiAJfaFOc=
    I3EVN3zM2rDjs5Q06Zr5gxhg+ksnX2h77E75uL+h3aI=
    7iNSYSDhMeRkeV7r9krKbKelNPiqDCJU1i6xAn/Fbuw=
    MYqdo6zSjxaAn+29EEjNRbPYm0myB3bheu+HTZIAbVY=
    S7olT9TPLXk+bbawbV3sAzWMmhcpWrtjbw++9ZTiyn8=
    xJ20xXM4QItt5vxFOtolZ5l18p7ej1+RimNkgWmoRFM=

    go.sum database tree
    58253265
    lIyLAEe4zJUQAda6pFFg3yPOf7j1SgfMEDrpgoX39JU=

    — sum.golang.org Az3grkvBHbFcpEFQ3BhGlktgB7pcswIW+ez91eWY6rNPtWfAey8bJO2rVoG2yO5zXvgiaikWVHqon+e14JhA+WXvpAY=

    """
  private static let line = """
    github.com/transparency-dev/tessera v1.0.0 h1:4OT1V9xJLa5NnYlFWWlCdZkCm18/o12rdd+bCTje7XE=
    github.com/transparency-dev/tessera v1.0.0/go.mod h1:TLvfjlkbmsmKVEJUtzO2eb9Q2IBnK3EJ0dI4G0oxEOU=

    """

  @Test("A real line of Go's checksum database is proved by its tlog-proof")
  func checksumDatabaseProofVerifies() throws {
    let key = try #require(
      NoteVerifierKey(text: "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"))
    let proof = try LogProof(text: Array(Self.proof.utf8))
    #expect(proof.text == Self.proof)
    #expect(proof.index == 43_930_254)
    #expect(proof.extra == nil)
    let leaf = LeafHash.hash(Array(Self.line.utf8))
    let head = try proof.verify(leaf: leaf, keys: [key], origin: "go.sum database tree")
    #expect(head.size == 58_253_265)
    #expect(throws: ProofError.otherRoot(size: 58_253_265)) {
      try proof.verify(leaf: LeafHash.hash(Array(Self.line.utf8.dropLast())), keys: [key])
    }
    #expect(throws: NoteError.otherOrigin("go.sum database tree")) {
      try proof.verify(leaf: leaf, keys: [key], origin: "go.sum database")
    }
  }
}
