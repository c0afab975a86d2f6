// The kinds of records that bring a prompt, responses, or both; PromptRecord is what each of them is parsed into.
//
//   completions     prompt_id, source?, prompt (a text or [{role, content}]), completions: [
//                     model, response_text, sample?, system_prompt?, principle?, annotations?, critique?, overall_score? ]
//                   ActiveUltraFeedback's PromptWithCompletions
//   ultrafeedback   prompt_id?, source?, instruction, models?, completions: [
//                     model, response, custom_system_prompt?, principle?, annotations?, critique?, overall_score? ]
//                   UltraFeedback as OpenBMB published it
//   responses       prompt_id?, prompt?, source?, model, response or response_text, sample?, system_prompt?, principle?
//   preferences     prompt_id?, source?, prompt?, chosen, rejected, their models and scores (PairSide.swift), judge?,
//                   tie?, method?, batch?
//                   chosen and rejected are answers to the prompt, or whole conversations; Tülu 3's mixture, what was
//                   made of UltraFeedback, and the exports of this program look so
//
// Fields of other names are kept as one JSON object beside the prompt or the response that they belong to.
//
// A record without prompt_id has the SHA-256 of its prompt for one: of the text's UTF-8, or of the messages as JSON
// without white space, role and content first in each; as lower-case hexadecimal digits. That of a text is also what
// the published sets have that were made of UltraFeedback.

/// What a record with a prompt looks like.
enum PromptLayout {
  case completions
  case ultrafeedback
  case responses
  case preferences

  /// Whether the record tells all of its prompt, so that a field which isn't there says that there is nothing.
  var tellsAllOfPrompt: Bool { self == .completions || self == .ultrafeedback }
}
