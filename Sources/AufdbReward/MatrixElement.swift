// The element types that matrices have, and the one product that everything is made of.

import CMatrix

/// Float or Double: a number whose matrices the kernels of CMatrix can multiply.
public protocol MatrixElement: BinaryFloatingPoint, Sendable {
  /// Makes `result` = `keeping` * `result` + `scale` * `left` * `right`; see `MutableMatrixView.setProduct`, which
  /// checks the shapes first.
  static func multiply(
    _ left: MatrixView<Self>, _ right: MatrixView<Self>, scale: Self, keeping: Self, onlyLower: Bool,
    into result: MutableMatrixView<Self>)
}

extension Float: MatrixElement {
  public static func multiply(
    _ left: MatrixView<Float>, _ right: MatrixView<Float>, scale: Float, keeping: Float, onlyLower: Bool,
    into result: MutableMatrixView<Float>
  ) {
    aufdb_multiply_float(
      result.rowCount, result.columnCount, left.columnCount, scale,
      AufdbFloatView(start: left.start, row_step: left.rowStep, column_step: left.columnStep),
      AufdbFloatView(start: right.start, row_step: right.rowStep, column_step: right.columnStep),
      keeping, result.start, result.rowStep, onlyLower ? 1 : 0)
  }
}

extension Double: MatrixElement {
  public static func multiply(
    _ left: MatrixView<Double>, _ right: MatrixView<Double>, scale: Double, keeping: Double, onlyLower: Bool,
    into result: MutableMatrixView<Double>
  ) {
    aufdb_multiply_double(
      result.rowCount, result.columnCount, left.columnCount, scale,
      AufdbDoubleView(start: left.start, row_step: left.rowStep, column_step: left.columnStep),
      AufdbDoubleView(start: right.start, row_step: right.rowStep, column_step: right.columnStep),
      keeping, result.start, result.rowStep, onlyLower ? 1 : 0)
  }
}
