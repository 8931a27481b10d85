"""Logs every kind of value and reads it back through the public API."""

import math
import random

import numpy as np
import wandb

from story import init, path, plain, tell, without_times

told = {}

rng = random.Random(7)
histogram = wandb.Histogram(np.arange(100) % 7)
rows = [
    {"loss": 1 / 3, "acc": 0, "word": 'wörd "q" \\ \u2028 🚀', "flag": True, "none": None},
    {"sub": {"x": 1, "deep": {"y": -2.5}}, "d.dot": 4, "sla/sh": 5e-324, "list": [1, 2.5, "three", None]},
    {"loss": math.nan, "up": math.inf, "down": -math.inf, "huge": 1.7976931348623157e308},
    {"big": 2**60 + 1, "loss": 0.1 + 0.2, "nothing": []},
    {"histogram": histogram, "loss": rng.random()},
]
config = {"lr": 1e-3, "layers": 4, "name": "it's", "nested": {"a": [1, {"b": None}]}, "big": 2**60 + 1, "on": False}

with init(
    "values",
    name="every kind of value",
    config=config,
    tags=["baseline", "model:eo1"],
    notes="first\nsecond",
    group="pairs",
    job_type="train",
) as run:
    for row in rows:
        run.log(row)
    run.log({"loss": 7.5}, step=100)
    run.summary["best"] = {"epoch": 7, "score": 0.5}
    run.config.update({"later": [1, 2]})
    told["url"] = run.url
    told["entity"] = run.entity

sent = [{**row, "_step": step} for step, row in enumerate(rows)] + [{"loss": 7.5, "_step": 100}]
sent[4]["histogram"] = {"_type": "histogram", "values": histogram.histogram, "bins": histogram.bins}
told["sent"] = sent
told["config"] = {**config, "later": [1, 2]}

read = wandb.Api().run(path("values"))
told["read"] = {
    "name": read.name,
    "tags": read.tags,
    "notes": read.notes,
    "group": read.group,
    "jobType": read.job_type,
    "state": read.state,
    "config": read.config,
    "summary": plain(read.summary),
    "scan": [without_times(row) for row in read.scan_history()],
    "scanLoss": list(read.scan_history(keys=["_step", "loss"])),
    "history": [without_times(row) for row in read.history(pandas=False, samples=1000)],
    "sampled": read.history(pandas=False, keys=["loss"], samples=1000),
    "lastStep": read.lastHistoryStep,
}

with init("metrics") as run:
    run.define_metric("epoch")
    run.define_metric("val/*", step_metric="epoch")
    run.define_metric("acc", summary="max")
    run.define_metric("best", summary="min,mean,last")
    for step in range(20):
        run.log({"epoch": step // 5, "val/loss": 20 - step, "acc": (step * 7) % 20, "best": (step * 3) % 20})
told["definedSummary"] = plain(wandb.Api().run(path("metrics")).summary)

with init("long") as run:
    for step in range(10_000):
        run.log({"loss": math.exp(-step / 3000) + rng.gauss(0, 0.1), "step_squared": step * step, "word": f"s{step % 10}"})
long = wandb.Api().run(path("long"))
rng = random.Random(7)
rng.random()
expected = [math.exp(-step / 3000) + rng.gauss(0, 0.1) for step in range(10_000)]
scanned = list(long.scan_history())
told["long"] = {
    "rows": len(scanned),
    "isSame": [row["loss"] for row in scanned] == expected
    and [row["step_squared"] for row in scanned] == [step * step for step in range(10_000)]
    and [row["_step"] for row in scanned] == list(range(10_000))
    and [row["word"] for row in scanned] == [f"s{step % 10}" for step in range(10_000)],
    "byKey": [row["loss"] for row in long.scan_history(keys=["loss"])] == expected,
    "sampled": len(long.history(pandas=False, samples=500)),
    "last": expected[-1],
}
tell(told)
