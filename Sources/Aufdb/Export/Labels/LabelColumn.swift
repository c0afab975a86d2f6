// What an export reads of a label, in this order.

enum LabelColumn {
  static let promptID: Int32 = 0
  static let chosenModel: Int32 = 1
  static let chosenSample: Int32 = 2
  static let rejectedModel: Int32 = 3
  static let rejectedSample: Int32 = 4
  static let tie: Int32 = 5
  static let chosenScore: Int32 = 6
  static let rejectedScore: Int32 = 7
  static let judge: Int32 = 8
  static let method: Int32 = 9
  static let id: Int32 = 10

  static let list = """
    prompt_id, chosen_model, chosen_sample, rejected_model, rejected_sample, tie, chosen_score, rejected_score, judge,
    method, id
    """
}
