import Hummingbird
import Multipart
import NIOCore

extension SandboxResponder {
  /// The largest file, in bytes, as documented for the real service.
  static let maximumAssetBytes = 50_000_000
  /// The most bytes of a form beyond its file.
  static let maximumFormBytes = 1_000_000

  private struct Upload {
    var name: String
    var mimetype: String
    var bytes = ByteBuffer()
  }

  /// `POST /api/assets`.
  func upload(_ request: Request) async -> Response {
    let upload: Upload
    let format: PictureFormat
    do throws(ErrorAnswer) {
      guard hasKey(request) else { throw .noKey }
      upload = try await readForm(request)
      guard let sniffed = PictureFormat(firstBytes: upload.bytes) else { throw .noPicture }
      format = sniffed
    } catch {
      return answering(Response(error), .asset, request)
    }
    let now = clock.now()
    let uuid = Self.newID()
    var key = StorageAddresses.assetKey(name: upload.name, at: now)
    if storage.item(key) != nil { key = StorageAddresses.assetKey(name: "\(uuid)_\(upload.name)", at: now) }
    storage.keep(StoredPicture(bytes: upload.bytes, format: format), under: key)
    let answer = AssetAnswer(
      key: key, originalName: upload.name, mimetype: upload.mimetype, format: format,
      size: upload.bytes.readableBytes, fileUUID: uuid, now: now, addresses: addresses(for: request))
    return answering(Response(json: answer.json), .asset, request, uuid: uuid, worked: true)
  }

  private func readForm(_ request: Request) async throws(ErrorAnswer) -> Upload {
    guard let type = request.headers[.contentType], let boundary = MultipartParser.boundary(fromContentType: type)
    else { throw .invalidForm }
    do {
      var parser = try MultipartParser(boundary: boundary)
      var form = Form()
      for try await buffer in request.body {
        for event in try parser.parse(buffer) { try form.take(event) }
      }
      try parser.finish()
      guard let upload = form.upload, upload.bytes.readableBytes > 0 else { throw ErrorAnswer.noAsset }
      return upload
    } catch let error as ErrorAnswer {
      throw error
    } catch {
      throw .invalidForm
    }
  }

  /// Picks the file out of a form's parts.
  private struct Form {
    private(set) var upload: Upload?
    private var isFile = false
    private var otherBytes = 0

    mutating func take(_ event: MultipartEvent) throws(ErrorAnswer) {
      switch event {
      case .partBegan(let part):
        isFile = part.name == "asset" && upload == nil
        if isFile {
          upload = Upload(
            name: part.fileName ?? "file", mimetype: part.contentType ?? "application/octet-stream")
        }
      case .bytes(let bytes):
        if isFile {
          upload?.bytes.writeImmutableBuffer(bytes)
          guard (upload?.bytes.readableBytes ?? 0) <= SandboxResponder.maximumAssetBytes else { throw .tooLarge }
        } else {
          otherBytes += bytes.readableBytes
          guard otherBytes <= SandboxResponder.maximumFormBytes else { throw .tooLarge }
        }
      case .partEnded: isFile = false
      case .finished: break
      }
    }
  }
}
