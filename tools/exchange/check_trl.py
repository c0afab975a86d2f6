"""What TRL makes of exported rows; called by check_exports.py.

The expected text is rendered here, without any template engine, so that TRL's helpers are compared with something
that doesn't share their code. Everything is offline: the tokenizer is trained on the export's own text, and the
models are a few thousand random weights.
"""

import copy
import json
import logging
import math
import tempfile

import transformers
import trl
from trl.data_utils import maybe_apply_chat_template

from checks import require, require_failure

END = "<|end|>"
PAD = "<|pad|>"
ROLES = ["system", "user", "assistant", "tool"]
# No newline after a role's mark: a token could merge across it, and the prompt's ids would be no prefix any more.
TEMPLATE = (
    "{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}" + END + "{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
GENERATION = "<|assistant|>"
# Steps are taken on the shortest rows: the point is that the trainers accept them, not that they learn.
TRAINED_ROWS = 8
TRAINED_COLUMNS = ("prompt", "chosen", "rejected", "completion")


def rendered(messages):
    return "".join(f"<|{message['role']}|>{message['content']}{END}" for message in messages)


def make_tokenizer(data):
    """A byte-level BPE tokenizer trained on up to 200 rows; it can encode and decode any text exactly."""
    import tokenizers

    model = tokenizers.Tokenizer(tokenizers.models.BPE())
    model.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    model.decoder = tokenizers.decoders.ByteLevel()
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=512,
        initial_alphabet=tokenizers.pre_tokenizers.ByteLevel.alphabet(),
        special_tokens=[PAD, END] + [f"<|{role}|>" for role in ROLES],
        show_progress=False,
    )
    sample = data.select(range(min(200, data.num_rows)))
    texts = (json.dumps(trained_columns(row), ensure_ascii=False) for row in sample)
    model.train_from_iterator(texts, trainer)
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=model, eos_token=END, pad_token=PAD, clean_up_tokenization_spaces=False
    )
    tokenizer.chat_template = TEMPLATE
    return tokenizer


# --- TRL's helpers --------------------------------------------------------------------------------------------------


def trained_columns(row):
    return {key: row[key] for key in TRAINED_COLUMNS if key in row}


def conversational(rows):
    for row in rows:
        for key, value in trained_columns(row).items():
            require(trl.is_conversational({key: value}), f"{row['prompt_id']}: {key} is not conversational to TRL")


def extracted(rows):
    """maybe_extract_prompt leaves an explicit pair alone, and splits an implicit one before its last message."""
    for row in rows:
        columns = trained_columns(row)
        expected = columns
        if "prompt" not in columns:
            expected = {
                "prompt": row["chosen"][:-1], "chosen": row["chosen"][-1:], "rejected": row["rejected"][-1:],
            }
        require(trl.maybe_extract_prompt(columns) == expected, f"{row['prompt_id']}: TRL extracts another prompt")


def templated(rows, tokenizer):
    """The text after the chat template is exactly prompt + answer, the prompt standing there once."""
    for row in rows:
        columns = {key: value for key, value in row.items() if key in (*TRAINED_COLUMNS, "label")}
        text = maybe_apply_chat_template(columns, tokenizer)
        if "prompt" in columns:
            expected = {
                key: rendered(row[key])[len(GENERATION):] for key in ("chosen", "rejected", "completion") if key in row}
            expected["prompt"] = rendered(row["prompt"]) + GENERATION
        else:
            expected = {key: rendered(row[key]) for key in ("chosen", "rejected")}
        for key, value in expected.items():
            require(text[key] == value, f"{row['prompt_id']}: {key} becomes {text[key][:200]!r}")


# --- two steps of training ------------------------------------------------------------------------------------------


def shortest(data):
    """Some of the shortest rows, an even number of them in their order: kto's come in pairs."""
    lengths = [len(json.dumps(trained_columns(row))) for row in data]
    pairs = range(0, len(lengths) - 1, 2)
    picked = sorted(pairs, key=lambda index: (lengths[index] + lengths[index + 1], index))[: TRAINED_ROWS // 2]
    return data.select([index + place for index in sorted(picked) for place in (0, 1)])


def model_config(tokenizer, **more):
    return transformers.LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2,
        max_position_embeddings=65536, pad_token_id=tokenizer.pad_token_id, eos_token_id=tokenizer.eos_token_id,
        bos_token_id=None, **more,
    )


def arguments(folder):
    """`max_length` is off because trainers drop longer rows silently, and we count what they kept."""
    return {
        "output_dir": folder, "max_steps": 2, "per_device_train_batch_size": 2, "max_length": None, "use_cpu": True,
        "bf16": False, "activation_checkpointing": False, "save_strategy": "no", "logging_steps": 1,
        "report_to": "none", "disable_tqdm": True, "seed": 0,
    }


def policy_trainer(trainer_class, config_class, data, tokenizer, folder):
    """A trainer of a language model: DPOTrainer or KTOTrainer. The reference model is given, since TRL would otherwise
    look for the model's name on a hub."""
    transformers.set_seed(0)
    model = transformers.LlamaForCausalLM(model_config(tokenizer))
    return trainer_class(
        model=model, ref_model=copy.deepcopy(model), args=config_class(**arguments(folder)), train_dataset=data,
        processing_class=tokenizer)


def dpo_trainer(data, tokenizer, folder):
    return policy_trainer(trl.DPOTrainer, trl.DPOConfig, data, tokenizer, folder)


def kto_trainer(data, tokenizer, folder):
    return policy_trainer(trl.KTOTrainer, trl.KTOConfig, data, tokenizer, folder)


def reward_trainer(data, tokenizer, folder):
    transformers.set_seed(0)
    model = transformers.LlamaForSequenceClassification(model_config(tokenizer, num_labels=1))
    return trl.RewardTrainer(
        model=model, args=trl.RewardConfig(**arguments(folder)), train_dataset=data, processing_class=tokenizer)


def whole_texts(row):
    """What must reach the model, by the name that TRL has for it, with the ids that it keeps there."""
    if "completion" in row:
        return {"completion": (rendered(row["prompt"] + row["completion"]), ["prompt_ids", "completion_ids"])}
    if "prompt" not in row:
        return {key: (rendered(row[key]), [f"{key}_ids"]) for key in ("chosen", "rejected")}
    if isinstance(row["prompt"], str):
        return {key: (row["prompt"] + row[key] + END, ["prompt_ids", f"{key}_ids"]) for key in ("chosen", "rejected")}
    return {
        key: (rendered(row["prompt"] + row[key]), ["prompt_ids", f"{key}_ids"]) for key in ("chosen", "rejected")}


def exact(make_trainer, data, tokenizer):
    """The trainer keeps every row, and the ids that it made of each are exactly its texts'."""
    with tempfile.TemporaryDirectory() as folder:
        made = make_trainer(data, tokenizer, folder).train_dataset
        require(len(made) == data.num_rows, f"TRL kept {len(made)} of {data.num_rows}")
        for row, ids in zip(data, made):
            for key, (expected, parts) in whole_texts(row).items():
                found = tokenizer.decode([token for part in parts for token in ids[part]])
                require(found == expected, f"{row['prompt_id']}: {key} trains on {found!r}")


def train(make_trainer, data, tokenizer):
    """Two steps on some of the shortest rows, with a loss that is a number."""
    data = shortest(data)
    with tempfile.TemporaryDirectory() as folder:
        trainer = make_trainer(data, tokenizer, folder)
        trainer.remove_callback(transformers.PrinterCallback)  # one line a check on stdout, and nothing else
        if "margin" in data.column_names:
            same_margins(trainer, data)
        result = trainer.train()
        require(result.global_step == 2, f"{result.global_step} steps")
        require(math.isfinite(result.training_loss), f"loss {result.training_loss}")


def same_margins(trainer, data):
    """RewardTrainer takes `margin` into its batches by itself."""
    batches = trainer.get_eval_dataloader(trainer.train_dataset)
    found = [margin for batch in batches for margin in batch["margin"].tolist()]
    expected = data["margin"]
    require(len(found) == len(expected), f"{len(found)} margins in the batches, {len(expected)} in the rows")
    require(all(abs(one - other) < 1e-5 * max(1, abs(other)) for one, other in zip(found, expected)),
            f"margins {found} in the batches, {list(expected)} in the rows")


# --- the columns that TRL misreads ----------------------------------------------------------------------------------


def refused_by(make_trainer, data, tokenizer):
    """TRL stops at a prompt as text beside whole conversations: what the warning of that format says."""
    # Which error depends on the column that TRL happens to look at first.
    with tempfile.TemporaryDirectory() as folder:
        require_failure(make_trainer, shortest(data), tokenizer, folder, kind=(TypeError, AttributeError))


def repeats_prompt(data, tokenizer):
    """With a prompt of messages beside whole conversations, DPOTrainer trains with the prompt repeated."""
    rows = [
        {"prompt": row["chosen"][:-1], "chosen": row["chosen"], "rejected": row["rejected"]} for row in shortest(data)]
    # It does warn, of a prompt whose ids aren't where it looks for them; here that is what is to be shown.
    logging.getLogger("trl").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        made = dpo_trainer(type(data).from_list(rows), tokenizer, folder).train_dataset
        for row, ids in zip(rows, made):
            found = tokenizer.decode(ids["prompt_ids"] + ids["chosen_ids"])
            require(found != rendered(row["chosen"]), "DPOTrainer has learnt to read it: the warning is out of date")
            require(found.count(rendered(row["prompt"])) == 2, f"it trains on {found!r}")


TRAINERS = {
    "dpo": ("DPOTrainer", dpo_trainer), "rm": ("RewardTrainer", reward_trainer), "kto": ("KTOTrainer", kto_trainer),
    "strings": ("DPOTrainer", dpo_trainer)}


def check(checks, folder, loaded, trains):
    """Runs this file's checks on every split of `loaded` (a DatasetDict); `trains` adds the two steps, on one split."""
    transformers.utils.logging.set_verbosity_error()
    first = loaded["train" if "train" in loaded else next(iter(loaded))]
    good, tokenizer = checks.run(f"{folder}: a tokenizer can be trained on its text", make_tokenizer, first)
    if not good:
        return
    if folder.format == "ultrafeedback-binarized":
        for name, make_trainer in (("DPOTrainer", dpo_trainer), ("RewardTrainer", reward_trainer)):
            checks.run(f"{folder}: {name} refuses it, as the warning says", refused_by, make_trainer, first, tokenizer)
        checks.run(f"{folder}: with messages TRL repeats the prompt, as it says", repeats_prompt, first, tokenizer)
        return
    for split, data in loaded.items() if folder.format != "strings" else ():
        rows = data.to_list()
        label = f"{folder} {split}"
        checks.run(f"{label}: TRL takes them for conversations", conversational, rows)
        if folder.format != "kto":
            checks.run(f"{label}: TRL finds the prompt", extracted, rows)
        checks.run(f"{label}: TRL's text is prompt + answer", templated, rows, tokenizer)
    name, make_trainer = TRAINERS[folder.format]
    checks.run(f"{folder}: {name} keeps every row and its exact text", exact, make_trainer, first, tokenizer)
    if trains:
        checks.run(f"{folder}: {name} takes two steps", train, make_trainer, first, tokenizer)
