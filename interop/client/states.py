"""Ends in the way that its argument says. Run ids are `state-<way>`."""

import os
import signal
import sys
import time

import wandb
from wandb.sdk.lib import run_stopping

from story import init, path, tell

way = sys.argv[1]

if way == "many":
    for code in (0, 3):
        run = init(f"state-code-{code}")
        run.log({"x": code})
        run.finish(exit_code=code)
    run = init("state-preempting")
    run.log({"x": 1})
    run.mark_preempting()
    run.finish(exit_code=1)
    alerted = init("state-alerted")
    alerted.alert("Loss", "went\nup", level="ERROR")
    alerted.finish()
    api = wandb.Api()
    tell({id: api.run(path(id)).state for id in ("state-code-0", "state-code-3", "state-preempting", "state-alerted")})
elif way == "raise":
    run = init("state-raise")
    run.log({"x": 1})
    raise ValueError("on purpose")
elif way == "exit":
    run = init("state-exit")
    run.log({"x": 1})
    sys.exit(5)
elif way == "killed":
    # Everything of this process dies at once, also the client's own child.
    os.setpgrp()
    run = init("state-killed", settings={"x_file_stream_transmit_interval": 1})
    run.log({"x": 1})
    run.log({"x": 2})
    while wandb.Api().run(path("state-killed")).lastHistoryStep < 0:
        time.sleep(0.05)
    os.killpg(0, signal.SIGKILL)
elif way == "stopped":
    # The client asks itself every 15 s whether to stop; everything else is as it comes.
    run_stopping.RunStopChecker.__init__.__kwdefaults__["poll_interval"] = 0.5
    run = init("state-stopped", settings={"x_file_stream_transmit_interval": 1})
    step = 0
    try:
        while True:
            run.log({"x": step})
            step += 1
            time.sleep(0.05)
    except KeyboardInterrupt:
        run.finish(exit_code=255)
        tell({"steps": step})
