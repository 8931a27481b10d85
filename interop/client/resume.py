"""Resumes runs in every mode, and says what the client made of it."""

import os
import subprocess
import sys

import wandb
from wandb.errors import CommError, UsageError

from story import init, path, settings, tell, without_times

if len(sys.argv) > 1:  # a process that dies with an open run
    run = init("auto", resume="auto")
    run.log({"x": 0})
    run.log({"x": 1})
    run.finish(exit_code=1)
    os._exit(1)

told = {}


def refused(id, mode):
    try:
        init(id, resume=mode).finish()
        return None
    except (CommError, UsageError) as error:
        return str(error)


with init("first", config={"lr": 0.1, "kept": 1}, tags=["a"], notes="n", name="the first") as run:
    for step in range(3):
        run.log({"x": step, "y": -step})
with init("first", resume="must", config={"lr": 0.2}) as run:
    told["must"] = {"resumed": run.resumed, "step": run.starting_step, "y": run.summary["y"], "name": run.name}
    for step in range(3, 6):
        run.log({"x": step})
with init("first", resume="allow") as run:
    told["allow"] = {"resumed": run.resumed, "step": run.starting_step}
    run.log({"x": 6})
with init("fresh", resume="allow") as run:
    told["allowFresh"] = {"resumed": run.resumed, "step": run.starting_step}
    run.log({"x": 0})
told["mustMissing"] = refused("missing", "must")
told["neverExisting"] = refused("first", "never")
with init("unseen", resume="never") as run:
    told["neverFresh"] = run.resumed

subprocess.run([sys.executable, __file__, "die"])
with wandb.init(settings=settings(), resume="auto") as run:
    told["auto"] = {"id": run.id, "resumed": run.resumed, "step": run.starting_step}
    run.log({"x": 2})

with init("rewound") as run:
    for step in range(10):
        run.log({"x": step})
with wandb.init(resume_from="rewound?_step=4", settings=settings()) as run:
    told["rewound"] = {"id": run.id, "step": run.starting_step}
    run.log({"x": 50})
with wandb.init(id="forked", fork_from="rewound?_step=2", settings=settings()) as run:
    told["forked"] = {"id": run.id, "step": run.starting_step}
    run.log({"x": 60})

api = wandb.Api()
told["rows"] = {
    id: [without_times(row) for row in api.run(path(id)).scan_history()]
    for id in ("first", "fresh", "auto", "rewound", "forked")
}
first = api.run(path("first"))
told["config"] = first.config
told["tags"] = first.tags
told["state"] = first.state
told["missing"] = [run.id for run in api.runs(path("x").rsplit("/", 1)[0], filters={"name": "missing"})]
tell(told)
