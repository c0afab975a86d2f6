// swift-tools-version: 6.2
import PackageDescription

/// As in the package at the top of the repository.
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

// A package of its own, so that a benchmark of the reward heads builds nothing of what only the store needs. AufdbReward
// and CMatrix are symlinks to the very sources that the product is made of.
let package = Package(
  name: "measure-reward",
  targets: [
    .target(name: "CMatrix", linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]),
    .target(name: "AufdbReward", dependencies: ["CMatrix"], swiftSettings: strict),
    .executableTarget(name: "measure-reward", dependencies: ["AufdbReward"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
