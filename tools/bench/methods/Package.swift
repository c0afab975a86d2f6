// swift-tools-version: 6.2
import PackageDescription

/// As in the package at the top of the repository.
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

// A package of its own, so that a benchmark of the methods builds nothing of what only the store needs: no SQLite, no
// dependency at all. AufdbAcquisition is a symlink to the very sources that the product is made of.
let package = Package(
  name: "measure-methods",
  targets: [
    .target(name: "AufdbAcquisition", swiftSettings: strict),
    .executableTarget(name: "measure-methods", dependencies: ["AufdbAcquisition"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
