"""Logs 10 scalars in each of 10,000 steps, back to back, and tells how long that took from `init` to after `finish`."""

import random
import sys
import time

import wandb

from story import settings, tell

rng = random.Random(1)
rows = [{f"metric_{key}": rng.random() for key in range(10)} for _ in range(10_000)]
start = time.perf_counter()
with wandb.init(id=sys.argv[1], mode=sys.argv[2], settings=settings()) as run:
    ready = time.perf_counter()
    for row in rows:
        run.log(row)
    logged = time.perf_counter()
end = time.perf_counter()
tell({"init": ready - start, "log": logged - ready, "finish": end - logged, "total": end - start})
