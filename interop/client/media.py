"""Logs a table, a page and its code. Their files belong to the run; that there are no artifacts yet must not harm it."""

import os
import pathlib

import wandb

from story import path, plain, settings, tell

home = pathlib.Path(os.environ["WANDB_DIR"])
(home / "train.py").write_text("print('training')\n")
with wandb.init(
    id="media", settings=settings(save_code=True, disable_job_creation=False, x_disable_machine_info=False)
) as run:
    run.log({"loss": 1.0, "table": wandb.Table(columns=["a", "b"], data=[[1, "x"], [2, "y"]])})
    run.log({"loss": 0.5, "page": wandb.Html("<b>bold</b>")})
    run.log_code(str(home))
    run.log({"loss": 0.25})

read = wandb.Api().run(path("media"))
rows = list(read.scan_history())
page = read.file(rows[1]["page"]["path"])
page.download(root=str(home / "back"), replace=True)
tell(
    {
        "state": read.state,
        "losses": [row["loss"] for row in rows],
        "table": rows[0]["table"],
        "files": [file.name for file in read.files()],
        "page": (home / "back" / page.name).read_text(),
        "summary": plain(read.summary),
    }
)
