// swift-tools-version: 6.2
import PackageDescription

/// Every target of ours is built in the Swift 6 language mode, and a warning is an error.
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

let package = Package(
  name: "aufdb",
  products: [
    .executable(name: "aufdb", targets: ["AufdbCLI"]),
    .library(name: "Aufdb", targets: ["Aufdb"]),
    .library(name: "AufdbAcquisition", targets: ["AufdbAcquisition"]),
    .library(name: "AufdbModels", targets: ["AufdbModels"]),
    .library(name: "AufdbReward", targets: ["AufdbReward"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
  ],
  targets: [
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),
    // sqlite3_db_config is variadic in C, which Swift can't call: two fixed-arity functions stand in for it.
    .target(name: "CSQLiteConfig"),
    // What happens to files in a signal's handler, which may be nothing but C, and a system call that Swift has no name for.
    .target(name: "CFiles"),
    // libedit, whose functions for settings are variadic, too.
    .target(name: "CLineEditor", linkerSettings: [.linkedLibrary("edit")]),
    .target(name: "AufdbAcquisition", swiftSettings: strict),
    // Products of matrices and vectors in C, because Clang can compile them for several processors at once and Swift can't.
    .target(name: "CMatrix", linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]),
    .target(name: "AufdbReward", dependencies: ["CMatrix"], swiftSettings: strict),
    .target(
      name: "Aufdb",
      dependencies: [
        "AufdbAcquisition", "AufdbReward", "CMatrix", "CPCRE2", "CZstd", "CZlib", "CSQLiteConfig", "CFiles",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
        .product(name: "Yams", package: "Yams"),
      ],
      // A symlink to the file at the top of the repository: the schema that people read is the one that runs.
      // The rubrics and principles that come with aufdb are files that people can copy.
      resources: [
        .embedInCode("Store/schema.sql"), .embedInCode("Models/Rubrics/ultrafeedback.yaml"),
        .embedInCode("Models/Rubrics/preference.yaml"), .embedInCode("Models/Rubrics/principles.yaml"),
      ],
      swiftSettings: strict),
    // All that calls servers: whoever needs no models links no HTTP client and no TLS.
    .target(
      name: "AufdbModels",
      dependencies: [
        "Aufdb", "AufdbAcquisition",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "AufdbCLI",
      dependencies: [
        "Aufdb", "AufdbAcquisition", "AufdbModels", "CFiles", "CLineEditor",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    // Disks that fail, for tests: a VFS for SQLite in C, and stand-ins for the system's calls on files.
    .target(name: "CFaultVFS", path: "Tests/CFaultVFS"),
    // What tests of several targets share.
    .target(
      name: "AufdbTestSupport",
      dependencies: [
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"),
      ],
      path: "Tests/AufdbTestSupport", exclude: ["FaultServer/server.py", "FaultServer/loopback.pem"],
      swiftSettings: strict),
    .testTarget(
      name: "AufdbAcquisitionTests", dependencies: ["AufdbAcquisition", "AufdbTestSupport"], swiftSettings: strict),
    .testTarget(name: "AufdbRewardTests", dependencies: ["AufdbReward", "AufdbTestSupport"], swiftSettings: strict),
    .testTarget(
      name: "AufdbTests",
      dependencies: [
        "Aufdb", "AufdbAcquisition", "AufdbTestSupport", "CFiles", .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "AufdbModelsTests",
      dependencies: [
        "Aufdb", "AufdbModels", "AufdbTestSupport",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "AufdbCLITests",
      dependencies: ["Aufdb", "AufdbAcquisition", "AufdbCLI", "AufdbTestSupport", "CFaultVFS"],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
