"""Several runs in one process, interleaved; or, with an argument, one run of many processes."""

import sys

import wandb

from story import init, path, tell, without_times

if len(sys.argv) > 1:
    number = int(sys.argv[1])
    # Half of them zip what they send.
    with init(f"process-{number}", group="processes", settings={"x_file_stream_no_gzip": number % 2 == 0}) as run:
        for step in range(200):
            run.log({"x": number * 1000 + step, "half": step / 2})
    tell(number)
    sys.exit()

runs = [init(f"at-once-{number}", settings={"reinit": "create_new"}) for number in range(4)]
for step in range(50):
    for number, run in enumerate(runs):
        run.log({"x": number * 1000 + step})
for run in runs:
    run.finish()

# One after the other, as notebooks do.
for number in range(3):
    run = init(f"in-turn-{number}", reinit=True)
    run.log({"x": number})
run.finish()

api = wandb.Api()
tell(
    {
        run.id: [without_times(row) for row in api.run(path(run.id)).scan_history()]
        for run in api.runs(path("x").rsplit("/", 1)[0])
        if not run.id.startswith("process")
    }
)
