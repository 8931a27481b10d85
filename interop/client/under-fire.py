"""Logs a row every few milliseconds while the server is killed again and again; ends when the file in its argument appears."""

import os
import sys
import time

from story import init, tell

id, end = sys.argv[1:]
step = 0
with init(id, settings={"x_file_stream_transmit_interval": 1, "x_file_stream_retry_wait_min_seconds": 0.1,
                        "x_file_stream_retry_wait_max_seconds": 0.5}) as run:
    while not os.path.exists(end):
        run.log({"x": step, "half": step / 2, "word": f"s{step}"})
        step += 1
        time.sleep(0.02)
tell(step)
