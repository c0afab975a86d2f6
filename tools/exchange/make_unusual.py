"""Makes the records of tools/check-exchange that readers get wrong: drift.jsonl, dates.jsonl and their labels, here.

drift: no scores but in the last labels, prompts of several turns only there, and one source that is a date.
dates: answers that are nothing but dates.
"""

import json


def write(name, records):
    with open(name, "w") as file:
        file.writelines(json.dumps(record) + "\n" for record in records)


def day(number, year=2026):
    return f"{year}-01-{number % 28 + 1:02}"


def prompt(number, text, answers):
    return {"prompt_id": f"p{number:02}", "source": day(number) if number == 37 else "made", "prompt": text,
            "completions": [{"model": model, "response_text": answer} for model, answer in zip("ab", answers)]}


def label(number, **scores):
    return {"prompt_id": f"p{number:02}", "chosen_model": "a", "rejected_model": "b", "judge": "made"} | scores


turns = [{"role": "user", "content": "Hello."}, {"role": "assistant", "content": "Hello!"},
         {"role": "user", "content": "Which day is it?"}]
write("drift.jsonl", (
    prompt(number, f"Which day is number {number}?" if number < 36 else turns, (f"It is {day(number)}.", "No idea."))
    for number in range(40)))
write("drift-labels.jsonl", (
    label(number, **({"chosen_score": 7.5, "rejected_score": 3} if number >= 36 else {})) for number in range(40)))
write("dates.jsonl", (prompt(number, f"Day {number}?", (day(number), day(number, 1026))) for number in range(8)))
write("dates-labels.jsonl", map(label, range(8)))
