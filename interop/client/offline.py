"""Logs without a network, then compares after `wandb sync`: `offline.py log`, `offline.py read`."""

import math
import sys

import wandb

from story import init, path, plain, settings, tell, without_times

rows = [
    {"loss": math.exp(-step / 50), "sub": {"x": step}, "word": f"s{step}", "odd": math.nan if step % 7 == 0 else step}
    for step in range(300)
]

if sys.argv[1] == "log":
    with wandb.init(
        id="offline", mode="offline", settings=settings(console="wrap"), config={"lr": 0.5}, tags=["late"], name="late"
    ) as run:
        print("said offline")
        for row in rows:
            run.log(row)
    failed = init("offline-failed", mode="offline")
    failed.log({"x": 1})
    failed.finish(exit_code=9)
    # A job in two parts, as clusters without a network run them.
    for part in range(2):
        with init("parts", mode="offline") as run:
            for step in range(part * 5, part * 5 + 5):
                run.log({"x": step}, step=step)
    tell("logged")
else:
    api = wandb.Api()
    read = api.run(path("offline"))
    tell(
        {
            "rows": [without_times(row) for row in read.scan_history()],
            "sent": [{**row, "_step": step} for step, row in enumerate(rows)],
            "summary": plain(read.summary),
            "config": read.config,
            "tags": read.tags,
            "name": read.name,
            "state": read.state,
            "parts": [row["x"] for row in api.run(path("parts")).scan_history()],
            "failed": api.run(path("offline-failed")).state,
        }
    )
