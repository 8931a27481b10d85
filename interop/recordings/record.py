"""Runs that the recordings are made of: `record.py online` against a server, `record.py offline` without one.

Everything is computed from fixed seeds; what differs between two recordings are times and the order of keys.
"""

import math
import platform
import random
import sys
import warnings

import numpy as np
import wandb

# The client writes it into every run; the kernel of the machine that records is nobody's business.
platform.platform = lambda *_, **__: "Linux-6.8.0-x86_64-with-glibc2.36"
warnings.simplefilter("ignore")


def noisy(settings, steps=2000):
    """Ten keys of noisy 64-bit values."""
    rng = random.Random(1)
    with wandb.init(project="recordings", id="noisy", settings=dict(settings), config={"lr": 1e-3, "layers": 4}) as run:
        for step in range(steps):
            run.log({f"metric_{k}": math.exp(-step / 1000) + rng.gauss(0, 0.1) for k in range(10)})


def training(settings, steps=3000):
    """What training scripts usually log: losses, accuracies rounded by the script, counters, a schedule, a flag."""
    rng = random.Random(2)
    with wandb.init(project="recordings", id="training", settings=dict(settings)) as run:
        for step in range(steps):
            row = {
                "train/loss": 2.3 * math.exp(-step / 800) + rng.random() * 0.05,
                "train/acc": round(1 - math.exp(-step / 700) * 0.9, 4),
                "lr": 3e-4 * 0.5 * (1 + math.cos(math.pi * step / steps)),
                "epoch": step // 100,
                "tokens": step * 16384,
                "grad_norm": float(np.float32(rng.gammavariate(2, 0.5))),
                "skipped": rng.random() < 0.01,
            }
            if step % 100 == 0:
                row["val/loss"] = 2.4 * math.exp(-step / 900)
            run.log(row)


def mixed(settings):
    """Every kind of value: nested, NaN and infinities, strings, big integers, lists, histograms, gaps in the steps."""
    rng = np.random.default_rng(3)
    with wandb.init(project="recordings", id="mixed", settings=dict(settings), tags=["baseline", "model:eo1"],
                    notes="first\nsecond", group="pairs", job_type="train", name="mixed kinds") as run:
        run.define_metric("epoch")
        run.define_metric("val/*", step_metric="epoch", summary="min")
        for step in range(200):
            row = {
                "loss": 1 / (step + 1),
                "sub": {"x": step, "deeper": {"y": -step / 3}},
                "d.dot": step,
                "sla/sh": step * 0.5,
                "epoch": step // 10,
                "val/acc": step % 7,
                "word": f"wörd {step} \"quoted\" \\ \t \u2028 \U0001f680",
                "flag": step % 2 == 0,
                "none": None,
                "big": 2**60 + step,
                "negative_zero": -0.0,
                "tiny": 5e-324,
                "huge": 1.7976931348623157e308,
                "list": [1, 2.5, "three", None, step],
                "empty": {},
            }
            if step % 5 == 0:
                row["nan"] = float("nan")
                row["inf"] = float("inf")
                row["ninf"] = float("-inf")
            if step % 20 == 0:
                row["histogram"] = wandb.Histogram(rng.normal(size=500))
            run.log(row, step=step * 3)
        run.summary["best"] = {"epoch": 7, "score": float("nan")}
        run.config.update({"lr": 0.1, "nested": {"a": [1, {"b": None}]}, "name": "it's", "1e5": 10**30})


def console(settings):
    """Output: colours, a progress bar that rewrites its line, letters of several widths, both outputs."""
    with wandb.init(project="recordings", id="console", settings=dict(settings)) as run:
        for step in range(300):
            print(f"\x1b[32mstep {step}\x1b[0m loss {1 / (step + 1):.4f}")
            if step % 50 == 0:
                print(f"warning {step}: 学習率 é 🚀", file=sys.stderr)
        for part in range(60):
            sys.stdout.write(f"\rprogress {part:3d}/60 " + "█" * (part // 3))
            sys.stdout.flush()
        print("\ndone", flush=True)
        run.log({"x": 1})


def system(settings):
    """Readings of the machine every tenth of a second, and a run that fails."""
    import time

    run = wandb.init(project="recordings", id="system", settings={**settings, "x_stats_sampling_interval": 0.1})
    for step in range(8):
        run.log({"x": step})
        time.sleep(0.25)
    run.finish(exit_code=3)


if __name__ == "__main__":
    online = sys.argv[1] == "online"
    shared = {
        "mode": "online" if online else "offline",
        "silent": True,
        "disable_git": True,
        "disable_code": True,
        "host": "workstation",
        "x_stats_sampling_interval": 60.0,
    }
    quiet = {**shared, "console": "off"}
    mixed(quiet)
    console({**shared, "console": "wrap"})
    system(quiet)
    noisy(quiet, 2000 if online else 150)
    if online:
        training(quiet)
