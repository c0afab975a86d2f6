// One head of an ensemble, forwards and backwards over a batch of responses.
//
// All that goes through the network lies in panels of 32 responses (CMatrix's Panels.h): for each unit of a layer 32
// numbers side by side. Forwards, each linear map is one product with bias and rectifier in its last step. Backwards,
// with D the panels of what the loss changes by with each output of a map,
//
//   weights   D times the map's inputs, summed over responses, for which inputs and lanes are exchanged once
//   biases    D summed over its lanes
//   inputs    the weights' transpose times D, where the rectifier below let something through; 0 elsewhere

import CMatrix

/// The memory that one head's network needs for a batch, and the way through it.
struct NetworkPass {
  let layers: [EnsembleShape.Layer]
  /// Responses are filled up to whole panels.
  let panelCount: Int

  /// How many responses a panel has.
  static var laneCount: Int { Int(AUFDB_PANEL_LANES) }

  init(_ shape: EnsembleShape, rowCount: Int) {
    layers = shape.layers
    panelCount = Self.panelCount(rowCount)
  }

  /// How many panels some units or responses take.
  static func panelCount(_ count: Int) -> Int { (count + laneCount - 1) / laneCount }

  var responseCount: Int { panelCount * Self.laneCount }

  /// How many floats `forwards` writes: the outputs of all maps, one after the other.
  var outputFloatCount: Int { layers.reduce(0) { $0 + $1.outputCount } * responseCount }

  /// How many floats `backwards` uses for itself.
  var workFloatCount: Int { 2 * hiddenFloatCount + exchangedFloatCount(hiddenCount) }

  /// How many floats the exchanged panels of some units take.
  func exchangedFloatCount(_ unitCount: Int) -> Int {
    Self.panelCount(unitCount) * Self.laneCount * responseCount
  }

  private var hiddenCount: Int { layers[0].outputCount }
  private var hiddenFloatCount: Int { hiddenCount * responseCount }

  /// Where the outputs of a map begin.
  private func outputOffset(_ index: Int) -> Int {
    layers[..<index].reduce(0) { $0 + $1.outputCount } * responseCount
  }

  /// Runs a batch through the network.
  ///
  /// - Parameters:
  ///   - inputs: panels of the inputs.
  ///   - weights: the head's parameters.
  ///   - outputs: `outputFloatCount` floats, which are overwritten.
  /// - Returns: the rewards, one after the other, in `outputs`.
  func forwards(
    _ inputs: UnsafePointer<Float>, weights: UnsafePointer<Float>, into outputs: UnsafeMutablePointer<Float>
  ) -> UnsafePointer<Float> {
    var (right, result) = (inputs, outputs)
    for layer in layers {
      let map = AufdbPanelFactor(
        start: weights + layer.weightOffset, row_step: layer.inputCount, column_step: 1, segment_step: Self.laneCount)
      aufdb_multiply_panels(
        layer.outputCount, responseCount, layer.inputCount, map, right, layer.inputCount * Self.laneCount,
        result, Self.laneCount, layer.outputCount * Self.laneCount,
        AufdbPanelFinish(biases: layer.biasOffset.map { weights + $0 }, mask: nil, mask_panel_step: 0))
      right = UnsafePointer(result)
      result += layer.outputCount * responseCount
    }
    return right
  }

  /// Finds the head's gradient.
  ///
  /// - Parameters:
  ///   - exchangedInputs: the exchanged panels of the inputs.
  ///   - weights: the head's parameters.
  ///   - outputs: what `forwards` left.
  ///   - rewardGradient: what the loss changes by with each reward; 0 for responses that fill up the last panel.
  ///   - gradient: as many floats as the head has parameters, which are overwritten.
  ///   - work: `workFloatCount` floats, which are overwritten.
  func backwards(
    _ exchangedInputs: UnsafePointer<Float>, weights: UnsafePointer<Float>, outputs: UnsafePointer<Float>,
    rewardGradient: UnsafePointer<Float>, into gradient: UnsafeMutablePointer<Float>,
    work: UnsafeMutablePointer<Float>
  ) {
    var delta = rewardGradient
    var (next, other) = (work, work + hiddenFloatCount)
    let exchanged = other + hiddenFloatCount
    for (index, layer) in layers.enumerated().reversed() {
      if let biasOffset = layer.biasOffset {
        aufdb_sum_lanes(panelCount, layer.outputCount, delta, nil, gradient + biasOffset)
      }
      guard index > 0 else {
        setWeightGradient(layer, delta, exchangedInputs, gradient)
        return
      }
      let inputs = outputs + outputOffset(index - 1)
      if layer.outputCount == 1 {
        // The same sum, for which nothing need be exchanged.
        aufdb_sum_lanes(panelCount, layer.inputCount, inputs, delta, gradient + layer.weightOffset)
      } else {
        aufdb_exchange_panels(panelCount, layer.inputCount, inputs, exchanged)
        setWeightGradient(layer, delta, UnsafePointer(exchanged), gradient)
      }
      let transposedMap = AufdbPanelFactor(
        start: weights + layer.weightOffset, row_step: 1, column_step: layer.inputCount,
        segment_step: Self.laneCount * layer.inputCount)
      aufdb_multiply_panels(
        layer.inputCount, responseCount, layer.outputCount, transposedMap, delta, layer.outputCount * Self.laneCount,
        next, Self.laneCount, layer.inputCount * Self.laneCount,
        AufdbPanelFinish(biases: nil, mask: inputs, mask_panel_step: layer.inputCount * Self.laneCount))
      delta = UnsafePointer(next)
      swap(&next, &other)
    }
  }

  private func setWeightGradient(
    _ layer: EnsembleShape.Layer, _ delta: UnsafePointer<Float>, _ exchangedInputs: UnsafePointer<Float>,
    _ gradient: UnsafeMutablePointer<Float>
  ) {
    let left = AufdbPanelFactor(
      start: delta, row_step: Self.laneCount, column_step: 1, segment_step: layer.outputCount * Self.laneCount)
    aufdb_multiply_panels(
      layer.outputCount, layer.inputCount, responseCount, left, exchangedInputs, responseCount * Self.laneCount,
      gradient + layer.weightOffset, layer.inputCount, Self.laneCount,
      AufdbPanelFinish(biases: nil, mask: nil, mask_panel_step: 0))
  }
}
