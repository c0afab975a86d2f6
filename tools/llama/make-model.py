"""Makes a tiny language model of random weights that llama.cpp can run: make-model.py FILE.gguf

It has the architecture of Llama, two layers and a vocabulary of single characters. It says nothing of sense, but it says it
through the real thing: a tokenizer, a chat template, sampling, log probabilities, embeddings. One weight isn't random:
digits and the letters A and B are likelier than other tokens, or no rating could be read off its answers.
"""

import sys

import gguf
import numpy as np

SEED = 20260611
WIDTH = 64
HEADS = 4
LAYERS = 2
HIDDEN = 128
CONTEXT = 4096
LIKELY = "12345AB"
# Rows are "role: text"; the last line asks for an answer.
CHAT_TEMPLATE = (
    "{% for message in messages %}{{ message['role'] }}: {{ message['content'] }}\n{% endfor %}"
    "{% if add_generation_prompt %}assistant: {% endif %}"
)


def vocabulary():
    """Tokens, scores and types of a SentencePiece model without merges: special tokens, bytes, printable characters."""
    tokens = [("<unk>", gguf.TokenType.UNKNOWN), ("<s>", gguf.TokenType.CONTROL), ("</s>", gguf.TokenType.CONTROL)]
    tokens += [(f"<0x{byte:02X}>", gguf.TokenType.BYTE) for byte in range(256)]
    # SentencePiece writes a space as U+2581.
    tokens += [("\u2581" if code == 32 else chr(code), gguf.TokenType.NORMAL) for code in range(32, 127)]
    scores = [0.0 if kind != gguf.TokenType.NORMAL else -float(place) for place, (_, kind) in enumerate(tokens)]
    return [token for token, _ in tokens], scores, [int(kind) for _, kind in tokens]


def weights(tokens):
    """Every tensor of the model by its name, as float32 of shape (outputs, inputs)."""
    random = np.random.default_rng(SEED)

    def matrix(rows, columns):
        return (random.standard_normal((rows, columns)) / np.sqrt(columns)).astype(np.float32)

    embedding = matrix(len(tokens), WIDTH)
    embedding[:, 0] = 1  # every token brings this along to the last layer, where the likely ones ask for it
    output = matrix(len(tokens), WIDTH)
    for token in LIKELY:
        output[tokens.index(token), 0] += 4
    tensors = {"token_embd.weight": embedding, "output.weight": output, "output_norm.weight": np.ones(WIDTH, np.float32)}
    shapes = {
        "attn_q": (WIDTH, WIDTH), "attn_k": (WIDTH, WIDTH), "attn_v": (WIDTH, WIDTH), "attn_output": (WIDTH, WIDTH),
        "ffn_gate": (HIDDEN, WIDTH), "ffn_up": (HIDDEN, WIDTH), "ffn_down": (WIDTH, HIDDEN),
    }
    for layer in range(LAYERS):
        for norm in ("attn_norm", "ffn_norm"):
            tensors[f"blk.{layer}.{norm}.weight"] = np.ones(WIDTH, np.float32)
        for name, shape in shapes.items():
            tensors[f"blk.{layer}.{name}.weight"] = matrix(*shape)
    return tensors


def main(path):
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("random")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(HIDDEN)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    tokens, scores, kinds = vocabulary()
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores(scores)
    writer.add_token_types(kinds)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_add_space_prefix(False)
    writer.add_chat_template(CHAT_TEMPLATE)
    for name, tensor in weights(tokens).items():
        writer.add_tensor(name, tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    main(sys.argv[1])
