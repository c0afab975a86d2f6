// What stands where an export is to be made, and whether it may be replaced.

import Glibc

extension ExportFolder {
  /// Whether there is an export of this name, which is to be replaced.
  static func checkTarget(_ target: String, force: Bool) throws(AufdbError) -> Bool {
    var status = stat()
    guard lstat(target, &status) == 0 else {
      // A missing parent is told when the folder is made.
      guard errno == ENOENT || errno == ENOTDIR || errno == EACCES else { throw failure(target, errno) }
      return false
    }
    guard force else {
      throw AufdbError(.refused, "\(target) exists already", hint: "choose another name, or replace it with --force")
    }
    guard status.st_mode & S_IFMT == S_IFDIR, try isExport(target) else {
      throw AufdbError(
        .refused, "\(target) is not an export of aufdb, and is not replaced", hint: "choose another name")
    }
    return true
  }

  /// Whether a folder has a manifest as aufdb writes it: a JSON object with a "format" that we know.
  ///
  /// - Throws: `.inputOutput` where the disk doesn't tell.
  private static func isExport(_ path: String) throws(AufdbError) -> Bool {
    let manifest = try AufdbError.ofStream(FileBeginning.read("\(path)/manifest.json", count: .max))
    guard let manifest else { return false }
    return manifest.withUnsafeBytes { bytes in
      var reader = JSONReader()
      reader.begin(bytes)
      var format: String?
      do throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
          if key == "format" { format = try reader.stringValue() } else { _ = try reader.skipValue() }
        }
        try reader.finish()
      } catch {
        return false
      }
      return format.flatMap(ExportFormat.init(rawValue:)) != nil
    }
  }
}
