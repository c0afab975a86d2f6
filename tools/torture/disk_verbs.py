"""The verbs that are run on failing disks: those that write, in an order in which each has something to do."""

import disk_inputs


def add_all(stage):
    store, copy = str(stage.folder / "store.aufdb"), str(stage.folder / "copy.aufdb")
    make_data(stage, store)
    make_branches(stage, store)
    make_models(stage, store)
    make_exchange(stage, store, copy)
    stage.add("search", store, "question")
    stage.add("tag", "create", store, "v2")
    stage.add("branch", "delete", store, "side", "--force")
    stage.add("prune", store, "--keep", "1")


def make_data(stage, store):
    stage.add("init", store)
    stage.add("import", store, str(stage.inputs / "completions.jsonl"))
    stage.add("import", store, str(stage.inputs / "estimates.jsonl"), "--snapshot", "base")
    stage.add("import", store, str(stage.inputs / "q.jsonl"), "--skip-bad", str(stage.folder / "bad.jsonl"))
    stage.add(
        "import", store, str(stage.inputs / "vectors.npy"), "--index", str(stage.inputs / "index.jsonl"), "--encoder",
        "made")
    stage.add("query", store, "--save", "prompts", "SELECT prompt_id FROM prompts")


def make_branches(stage, store):
    sheet, answers = stage.folder / "pairs.jsonl", stage.inputs / "answers.jsonl"
    stage.add("branch", "create", store, "side")
    stage.add("tag", "create", store, "v1")
    stage.add("select", store, "--method", "drts", "--snapshot", "base", "--seed", "7", "--allow-partial")
    stage.add("annotate", store, "--judge", "scores:overall")
    stage.add("select", store, "--method", "random", "--branch", "side")
    stage.add("annotate", store, "--judge", f"file:{sheet}", "--judge-name", "ada", "--branch", "side")
    answers.write_text(disk_inputs.answered(sheet.read_text()))
    stage.add("annotate", store, "--judge", f"file:{answers}", "--judge-name", "ada", "--branch", "side")
    stage.add("merge", store, "side", "--prefer", "ours")
    stage.add("revert", store, "main~1")
    stage.add("switch", store, "side")
    stage.add("switch", store, "main")


def make_models(stage, store):
    questions, results = stage.folder / "questions.jsonl", stage.inputs / "results.jsonl"
    stage.add("train", store, "--head", "h", "--hidden", "4", "--threads", "1")
    stage.add("score", store, "--head", "h", "--threads", "1", "--allow-partial")
    stage.add("run", store, "--config", str(stage.inputs / "loop.yaml"), "--threads", "1", is_stepwise=True)
    stage.add("model", "add", store, str(stage.inputs / "models.yaml"))
    stage.add("batch", "write", store, "--model", "ember", "--output", str(questions))
    results.write_text(disk_inputs.results(questions.read_text()))
    stage.add("batch", "read", store, str(results), "--model", "ember", is_stepwise=True)


def make_exchange(stage, store, copy):
    first, second = str(stage.folder / "a.bundle"), str(stage.folder / "b.bundle")
    stage.add("bundle", "create", store, first, "side")
    stage.add("bundle", "apply", copy, first)
    stage.add("bundle", "create", store, second)
    stage.add("bundle", "apply", copy, second)
    stage.add("bundle", "create", store, second, "--force")
    stage.add("import", copy, str(stage.inputs / "s.jsonl"))
    stage.add("pull", store, copy, "main")
    stage.add("import", store, str(stage.inputs / "t.jsonl"))
    stage.add("push", store, copy, "main")
    dpo = str(stage.folder / "dpo")
    stage.add("export", store, "dpo", "--output", dpo, "--judge", "ada")
    stage.add("export", store, "dpo", "--output", dpo, "--force", "--judge", "overall")
    stage.add("query", store, "SELECT * FROM labels ORDER BY 1, 2", "--output", str(stage.folder / "labels.csv"))


# Those that read the store: the words before it, and those after it.
READING = (
    (["log"], []), (["show"], []), (["history"], ["labels", "p1"]), (["diff"], ["main~2"]), (["stats"], []),
    (["stats"], ["--selections"]), (["query"], ["SELECT * FROM responses ORDER BY 1, 2"]),
    (["query"], ["SELECT * FROM leaderboard"]), (["query"], ["@prompts"]), (["search"], ["question"]), (["verify"], []),
    (["verify"], ["--quick"]), (["branch", "list"], []), (["tag", "list"], []), (["model", "list"], []),
)
