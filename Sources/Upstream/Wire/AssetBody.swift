/// The provider's answer to an upload. Only `asset.key` is needed; all else is passed on where it is there.
struct AssetBody: Decodable {
  struct Asset: Decodable {
    var key: String
    var location: String?
    var size: Int64?
    var mimetype: String?
    var bucket: String?
    var etag: String?

    private enum Key: String, CodingKey {
      case key, location, size, mimetype, bucket, etag
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      key = try container.decode(String.self, forKey: .key)
      location = try? container.decodeIfPresent(String.self, forKey: .location)
      size = try? container.decodeIfPresent(Int64.self, forKey: .size)
      mimetype = try? container.decodeIfPresent(String.self, forKey: .mimetype)
      bucket = try? container.decodeIfPresent(String.self, forKey: .bucket)
      etag = try? container.decodeIfPresent(String.self, forKey: .etag)
    }
  }

  struct FileContent: Decodable {
    var uuid: String?
    var path: String?
    var type: String?
    var name: String?
    var createdAt: String?
  }

  var asset: Asset
  var fileContent: FileContent?

  private enum CodingKeys: String, CodingKey {
    case asset, fileContent
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    asset = try container.decode(Asset.self, forKey: .asset)
    fileContent = try? container.decodeIfPresent(FileContent.self, forKey: .fileContent)
  }
}
