/// The answer to an upload, in the shape that clients read (docs/feature-api.md).
struct AssetAnswer {
  var key: String
  var originalName: String
  /// What the form said, or the usual stand-in where it said nothing.
  var mimetype: String
  var format: PictureFormat
  var size: Int
  var fileUUID: String
  var now: UTCTime
  var addresses: StorageAddresses

  var json: String {
    let name = String(key.dropFirst(StorageAddresses.folder.count))
    let text = JSONWriter()
    text.raw("{\"asset\":{\"fieldname\":\"asset\",\"originalname\":").string(originalName)
    text.raw(",\"encoding\":\"7bit\",\"mimetype\":").string(mimetype).raw(",\"size\":\(size)")
    text.raw(",\"bucket\":").string(StorageAddresses.bucket).raw(",\"key\":").string(key)
    text.raw(",\"acl\":\"private\",\"contentType\":\"application/octet-stream\",\"contentDisposition\":null")
    text.raw(",\"contentEncoding\":null,\"storageClass\":\"STANDARD\",\"serverSideEncryption\":null")
    text.raw(",\"metadata\":{\"team-id\":").string(Account.teamID).raw(",\"user-id\":").string(Account.userID)
    text.raw(",\"fieldname\":\"asset\",\"originalname\":").string(originalName)
    text.raw(",\"encoding\":\"7bit\",\"mimetype\":").string(mimetype)
    text.raw("},\"location\":").string(addresses.plain(key)).raw(",\"etag\":").string("\"\(fileUUID)\"")
    text.raw("},\"fileContent\":{\"uuid\":").string(fileUUID).raw(",\"path\":").string(key)
    text.raw(",\"type\":").string(format.rawValue).raw(",\"name\":").string(name)
    text.raw(",\"content\":\"\",\"status\":\"ACTIVE\",\"metadata\":{\"token\":0,\"character\":0},\"createdAt\":")
    return text.string(now.text).raw("}}").text
  }
}
