"""What TRL makes of exported rows: the second half of tools/check-exports, called by check-exports.py.

The expected text is rendered here, without any template engine, so that TRL's helpers are compared with something
that doesn't share their code. Everything is offline: the tokenizer is trained on the export's own text, and the
models are a few thousand random weights.
"""

import copy
import math
import tempfile

END = "<|end|>"
PAD = "<|pad|>"
ROLES = ["system", "user", "assistant"]
# No newline after a role's mark: a token could merge across it, and the prompt's ids would be no prefix any more.
TEMPLATE = (
    "{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}" + END + "{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
GENERATION = "<|assistant|>"
# Steps are taken on the shortest rows: the point is that the trainers accept them, not that they learn.
TRAINED_ROWS = 8


def require(condition, reason):
    if not condition:
        raise AssertionError(reason)


def rendered(messages):
    return "".join(f"<|{message['role']}|>{message['content']}{END}" for message in messages)


def make_tokenizer(data):
    """A byte-level BPE tokenizer trained on up to 200 rows; it can encode and decode any text exactly."""
    import tokenizers
    import transformers

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
    texts = (message["content"] for row in sample for key in ("chosen", "rejected") for message in row[key])
    model.train_from_iterator(texts, trainer)
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=model, eos_token=END, pad_token=PAD, clean_up_tokenization_spaces=False
    )
    tokenizer.chat_template = TEMPLATE
    return tokenizer


# --- the rows' shape ------------------------------------------------------------------------------------------------


def dpo_shape(rows):
    for row in rows:
        where = row["prompt_id"]
        require(isinstance(row["prompt"], list) and row["prompt"], f"{where}: prompt is no list of messages")
        require(row["prompt"][-1]["role"] == "user", f"{where}: prompt ends with {row['prompt'][-1]['role']}")
        for key in ("chosen", "rejected"):
            require(len(row[key]) == 1, f"{where}: {key} has {len(row[key])} messages")
        common_shape(row, row["prompt"], row["chosen"][0], row["rejected"][0])


def rm_shape(rows):
    for row in rows:
        where = row["prompt_id"]
        require("prompt" not in row, f"{where}: an implicit pair has no prompt column")
        for key in ("chosen", "rejected"):
            require(len(row[key]) >= 2, f"{where}: {key} is no whole conversation")
        require(row["chosen"][:-1] == row["rejected"][:-1], f"{where}: the conversations differ before the answer")
        require(row["chosen"][-2]["role"] == "user", f"{where}: no user turn before the answer")
        common_shape(row, row["chosen"][:-1], row["chosen"][-1], row["rejected"][-1])


def common_shape(row, prompt, chosen, rejected):
    where = row["prompt_id"]
    for message in prompt:
        require(set(message) == {"role", "content"}, f"{where}: a message with {sorted(message)}")
        require(message["role"] in ROLES, f"{where}: role {message['role']}")
        require(isinstance(message["content"], str), f"{where}: content that isn't a text")
    for name, answer in (("chosen", chosen), ("rejected", rejected)):
        require(answer["role"] == "assistant", f"{where}: {name} is by {answer['role']}")
        require(answer["content"].strip() != "", f"{where}: {name} is empty")
    require(chosen["content"] != rejected["content"], f"{where}: chosen equals rejected")
    for score in (row["chosen_score"], row["rejected_score"]):
        require(score is None or math.isfinite(score), f"{where}: score {score}")


# --- TRL's helpers --------------------------------------------------------------------------------------------------


def trained_columns(row):
    return {key: row[key] for key in ("prompt", "chosen", "rejected") if key in row}


def conversational(rows):
    import trl

    for row in rows:
        for key, value in trained_columns(row).items():
            require(trl.is_conversational({key: value}), f"{row['prompt_id']}: {key} is not conversational to TRL")


def extracted(rows):
    """maybe_extract_prompt leaves an explicit pair alone, and splits an implicit one before its last message."""
    import trl

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
    from trl.data_utils import maybe_apply_chat_template

    for row in rows:
        columns = trained_columns(row)
        text = maybe_apply_chat_template(columns, tokenizer)
        if "prompt" in columns:
            expected = {
                "prompt": rendered(row["prompt"]) + GENERATION,
                "chosen": row["chosen"][0]["content"] + END,
                "rejected": row["rejected"][0]["content"] + END,
            }
        else:
            expected = {key: rendered(row[key]) for key in ("chosen", "rejected")}
        for key, value in expected.items():
            require(text[key] == value, f"{row['prompt_id']}: {key} becomes {text[key][:200]!r}")


# --- two steps of training ------------------------------------------------------------------------------------------


def shortest(data):
    lengths = [len(str(row["chosen"])) + len(str(row["rejected"])) for row in data]
    picked = sorted(range(len(lengths)), key=lambda index: (lengths[index], index))[:TRAINED_ROWS]
    return data.select(sorted(picked))


def model_config(tokenizer, **more):
    import transformers

    return transformers.LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2,
        max_position_embeddings=65536, pad_token_id=tokenizer.pad_token_id, eos_token_id=tokenizer.eos_token_id,
        bos_token_id=None, **more,
    )


def arguments(folder):
    """`max_length` is off because RewardTrainer drops longer rows silently, and we count what it kept."""
    return {
        "output_dir": folder, "max_steps": 2, "per_device_train_batch_size": 2, "max_length": None, "use_cpu": True,
        "bf16": False, "activation_checkpointing": False, "save_strategy": "no", "logging_steps": 1,
        "report_to": "none", "disable_tqdm": True, "seed": 0,
    }


def finish(trainer, data):
    """Takes the two steps, and requires that every row was kept and the loss is finite."""
    import transformers

    trainer.remove_callback(transformers.PrinterCallback)  # one line a check on stdout, and nothing else
    require(len(trainer.train_dataset) == data.num_rows, f"TRL kept {len(trainer.train_dataset)} of {data.num_rows}")
    result = trainer.train()
    require(result.global_step == 2, f"{result.global_step} steps")
    require(math.isfinite(result.training_loss), f"loss {result.training_loss}")


def train_dpo(data, tokenizer):
    import transformers
    import trl

    data = shortest(data)
    transformers.set_seed(0)
    model = transformers.LlamaForCausalLM(model_config(tokenizer))
    with tempfile.TemporaryDirectory() as folder:
        # The reference model is given, since TRL would otherwise look for the model's name on a hub.
        trainer = trl.DPOTrainer(
            model=model, ref_model=copy.deepcopy(model), args=trl.DPOConfig(**arguments(folder)),
            train_dataset=data, processing_class=tokenizer,
        )
        for row, made in zip(data, trainer.train_dataset):
            for key in ("chosen", "rejected"):
                found = tokenizer.decode(made["prompt_ids"] + made[f"{key}_ids"])
                require(found == rendered(row["prompt"] + row[key]), f"{row['prompt_id']}: {key} trains on {found!r}")
        finish(trainer, data)


def train_rm(data, tokenizer):
    import transformers
    import trl

    data = shortest(data)
    transformers.set_seed(0)
    model = transformers.LlamaForSequenceClassification(model_config(tokenizer, num_labels=1))
    with tempfile.TemporaryDirectory() as folder:
        trainer = trl.RewardTrainer(
            model=model, args=trl.RewardConfig(**arguments(folder)), train_dataset=data, processing_class=tokenizer
        )
        for row, made in zip(data, trainer.train_dataset):
            for key in ("chosen", "rejected"):
                found = tokenizer.decode(made[f"{key}_ids"])
                require(found == rendered(row[key]), f"{row['prompt_id']}: {key} trains on {found!r}")
        finish(trainer, data)


def check_rows(checks, name, kind, loaded, train):
    """Runs this file's checks on every split of `loaded` (a DatasetDict); `train` adds the two steps, on one split."""
    import transformers

    transformers.utils.logging.set_verbosity_error()
    first = loaded["train" if "train" in loaded else next(iter(loaded))]
    good, tokenizer = checks.run(f"{name}: a tokenizer can be trained on its text", make_tokenizer, first)
    if not good:
        return
    for split, data in loaded.items():
        rows = data.to_list()
        label = f"{name} {split}"
        checks.run(f"{label}: the pairs are well formed", {"dpo": dpo_shape, "rm": rm_shape}[kind], rows)
        checks.run(f"{label}: TRL takes them for conversations", conversational, rows)
        checks.run(f"{label}: TRL finds the prompt", extracted, rows)
        checks.run(f"{label}: TRL's text is prompt + answer", templated, rows, tokenizer)
    if train:
        step = {"dpo": ("DPOTrainer", train_dpo), "rm": ("RewardTrainer", train_rm)}[kind]
        checks.run(f"{name}: {step[0]} takes two steps on its text", step[1], first, tokenizer)
