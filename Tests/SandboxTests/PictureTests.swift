import Foundation
import NIOCore
import NIOHTTP1
import Sandbox
import Testing

/// The pictures are real: asked size, format, background and compression, and they show the prompt.
@Suite struct PictureTests {
  @Test(arguments: [("1024x1024", "png"), ("1024x1536", "jpeg"), ("1536x1024", "webp")])
  func pictureHasTheAskedSizeAndFormat(size: String, format: String) async throws {
    try await SandboxServer.run { sandbox in
      let answer = try await sandbox.picture(["size": size, "output_format": format])
      let picture = try #require(DecodedPicture(answer.body))
      #expect("\(picture.width)x\(picture.height)" == size)
      #expect(picture.format == format)
      #expect(answer.type == "image/\(format)")
    }
  }

  @Test func pictureDependsOnThePromptAndOnNothingElse() async throws {
    try await SandboxServer.run { sandbox in
      let first = try await sandbox.picture(["prompt": "a watercolor"])
      let same = try await sandbox.picture(["prompt": "a watercolor"])
      let other = try await sandbox.picture(["prompt": "an oil painting"])
      #expect(first.body == same.body, "the same edit gives the same bytes")
      let pictures = (try #require(DecodedPicture(first.body)), try #require(DecodedPicture(other.body)))
      #expect(pictures.0.difference(from: pictures.1) > 50)
    }
  }

  @Test func pictureShowsItsSource() async throws {
    try await SandboxServer.run { sandbox in
      let red = try await sandbox.upload(DecodedPicture.file(width: 300, height: 200, color: 0xFF0000))
      let blue = try await sandbox.upload(DecodedPicture.file(width: 200, height: 300, color: 0x0000FF, format: "webp"))
      let pictures = (
        try #require(DecodedPicture(try await sandbox.picture(["imageUrl": red.assetKey]).body)),
        try #require(DecodedPicture(try await sandbox.picture(["imageUrl": blue.assetKey]).body))
      )
      #expect(pictures.0.difference(from: pictures.1) > 90)
      // Under the same tint, red stays the redder one.
      #expect(pictures.0.color(x: 512, y: 1_000) >> 16 > pictures.1.color(x: 512, y: 1_000) >> 16)
    }
  }

  @Test func sameAddressGivesTheSameBytes() async throws {
    try await SandboxServer.run { sandbox in
      let address = try #require(try await sandbox.edit().temporaryURL)
      let first = try await sandbox.send(.GET, address, headers: [:])
      let second = try await sandbox.send(.GET, address, headers: [:])
      #expect(first.status == 200 && first.body == second.body)
    }
  }

  @Test func everyResultIsAPictureOfItsOwn() async throws {
    try await SandboxServer.run { sandbox in
      let answer = try await sandbox.edit(["n": 3, "output_format": "jpeg"])
      #expect(answer.resultKeys.count == 3)
      let address = try #require(answer.temporaryURL)
      var bodies: Set<Data> = []
      for key in answer.resultKeys {
        let picture = try await sandbox.send(
          .GET, address.replacingOccurrences(of: answer.resultKeys[0], with: key), headers: [:])
        #expect(DecodedPicture(picture.body) != nil)
        bodies.insert(Data(picture.body.readableBytesView))
      }
      #expect(bodies.count == 3)
    }
  }

  @Test func backgroundIsHonoured() async throws {
    try await SandboxServer.run { sandbox in
      func picture(_ background: String) async throws -> DecodedPicture {
        try #require(DecodedPicture(try await sandbox.picture(["background": background]).body))
      }
      let transparent = try await picture("transparent")
      #expect(transparent.transparency(x: 5, y: 5) == 127)
      #expect(transparent.transparency(x: 512, y: 512) == 0)
      let white = try await picture("white")
      #expect(white.color(x: 5, y: 5) == 0xFFFFFF && white.transparency(x: 5, y: 5) == 0)
      let black = try await picture("black")
      #expect(black.color(x: 5, y: 5) == 0 && black.transparency(x: 5, y: 5) == 0)
      let kept = try await picture("preserve")
      #expect(kept.transparency(x: 5, y: 5) == 0)
    }
  }

  @Test(arguments: ["jpeg", "webp"])
  func compressionIsHonoured(format: String) async throws {
    try await SandboxServer.run { sandbox in
      let small = try await sandbox.picture(["output_format": format, "output_compression": 5])
      let large = try await sandbox.picture(["output_format": format, "output_compression": 95])
      #expect(small.body.readableBytes * 2 < large.body.readableBytes)
      let zero = try await sandbox.picture(["output_format": format, "output_compression": 0])
      #expect(DecodedPicture(zero.body) != nil)
    }
  }

  /// Files that begin like pictures and are none, or claim a size that no memory holds.
  @Test func brokenSourcesAreReplacedByAMadeUpPicture() async throws {
    let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    let header: [UInt8] = [0, 0, 0, 13] + Array("IHDR".utf8) + [0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF]
    let sources = [
      ByteBuffer(bytes: png), ByteBuffer(bytes: png + header + [8, 6, 0, 0, 0]),
      ByteBuffer(bytes: [0xFF, 0xD8, 0xFF, 0xE0, 0xFF, 0xFF]),
      ByteBuffer(bytes: [0xFF, 0xD8, 0xFF, 0xC0, 0, 17, 8, 0xFF, 0xFF, 0xFF, 0xFF]),
      ByteBuffer(bytes: Array("RIFF".utf8) + [4, 0, 0, 0] + Array("WEBPVP8L".utf8)),
    ]
    try await SandboxServer.run { sandbox in
      for source in sources {
        let key = try #require(try await sandbox.upload(source).assetKey)
        let answer = try await sandbox.picture(["imageUrl": key, "output_format": "jpeg"])
        #expect(DecodedPicture(answer.body)?.width == 1024)
      }
    }
  }

  @Test func storageAddressesAndResultsServeAsSources() async throws {
    try await SandboxServer.run { sandbox in
      let uploaded = try await sandbox.upload(DecodedPicture.file(width: 50, height: 50, color: 0xFF00))
      let location = try #require((uploaded.json["asset"] as? [String: Any])?["location"] as? String)
      let edited = try await sandbox.edit(["imageUrl": location])
      #expect(edited.status == 200)
      let key = try #require(edited.resultKeys.first)
      #expect(try await sandbox.picture(["imageUrl": key, "output_format": "jpeg"]).status == 200)
      #expect(try await sandbox.edit(["imageUrl": edited.temporaryURL]).status == 200)
    }
  }

  @Test func addressWithoutItsSignatureOpensNothing() async throws {
    try await SandboxServer.run { sandbox in
      let answer = try await sandbox.edit()
      let other = try #require(try await sandbox.edit().resultKeys.first)
      let address = try #require(answer.temporaryURL)
      let key = try #require(answer.resultKeys.first)
      for wrong in [
        String(address.prefix { $0 != "?" }), address.replacingOccurrences(of: "Signature=", with: "Signature=0"),
        address.replacingOccurrences(of: key, with: other),
      ] {
        #expect(try await sandbox.send(.GET, wrong, headers: [:]).status == 403)
      }
    }
  }
}
