"""Logs what is uploaded again later: `again.py killed`, `again.py resumed`, `again.py offline`. Run ids are those words."""

import glob
import os
import signal
import sys
import time

import wandb

from story import init, path, tell

way = sys.argv[1]


def log(run, steps):
    # Long rows: the client writes its log in blocks of 32 KiB, and a killed one loses the last.
    for step in steps:
        run.log({"x": step, "sub": {"half": step / 2}, "filler": f"{step} " * 200}, step=step)


if way == "killed":
    # Everything of this process dies at once, also the client's own child; some rows have been sent, some have not.
    os.setpgrp()
    more = {"x_file_stream_transmit_interval": 1, "x_disable_stats": False, "x_stats_sampling_interval": 0.2}
    run = init(way, settings={"console": "wrap", **more})
    print("said before the end")
    log(run, range(200))
    while wandb.Api().run(path(way)).lastHistoryStep < 100:
        time.sleep(0.05)
    (written,) = glob.glob(os.path.join(os.environ["WANDB_DIR"], "wandb", f"run-*-{way}", "*.wandb"))
    size = os.path.getsize(written)
    log(run, range(200, 600))
    while os.path.getsize(written) < size + 200_000:
        time.sleep(0.01)
    os.killpg(0, signal.SIGKILL)
else:
    mode = "online" if way == "resumed" else "offline"
    for part in range(2):
        with init(way, mode=mode, resume="allow" if way == "resumed" else None) as run:
            log(run, range(part * 100, part * 100 + 100))
        # The client's folders are named by the second.
        second = int(time.time())
        while int(time.time()) == second:
            time.sleep(0.05)
    tell("logged")
