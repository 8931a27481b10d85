"""Makes a handful of runs and asks for them in every way the public API has."""

import os

import wandb

from story import init, path, plain, tell

project = os.environ["WANDB_PROJECT"]
for number in range(8):
    with init(
        f"run-{number}",
        name=f"name {number}",
        config={"lr": 10**-number, "model": {"kind": "big" if number % 2 else "small"}},
        tags=["even"] if number % 2 == 0 else ["odd", "model:eo1"],
        group=f"group-{number // 4}",
        job_type="eval" if number == 7 else "train",
    ) as run:
        run.log({"loss": (number * 5) % 8, "sub": {"x": number}})
        if number == 3:
            run.summary["only"] = 1

api = wandb.Api()


def ids(**query):
    return [run.id for run in api.runs(project, **query)]


told = {
    "all": ids(),
    "newest": ids(order="-created_at"),
    "byLoss": ids(order="+summary_metrics.loss"),
    "byLr": ids(order="config.lr.value"),
    "paged": ids(per_page=3),
    "count": len(api.runs(project, per_page=2)),
    "tag": ids(filters={"tags": "even"}),
    "tags": ids(filters={"tags": {"$in": ["model:eo1"]}}),
    "config": ids(filters={"config.lr": 0.01}),
    "configValue": ids(filters={"config.lr.value": {"$lt": 1e-5}}),
    "nested": ids(filters={"config.model.kind": "big"}),
    "summary": ids(filters={"summary_metrics.loss": {"$gte": 6}}),
    "and": ids(filters={"$and": [{"group": "group-0"}, {"summary_metrics.loss": {"$gt": 2}}]}),
    "or": ids(filters={"$or": [{"display_name": "name 1"}, {"jobType": "eval"}]}),
    "regex": ids(filters={"display_name": {"$regex": "[45]$"}}),
    "not": ids(filters={"$not": {"tags": "odd"}}),
    "ne": ids(filters={"state": {"$ne": "finished"}}),
    "exists": ids(filters={"summary_metrics.only": {"$exists": True}}),
    "none": ids(filters={"config.lr": 3}),
    "created": len(ids(filters={"created_at": {"$gt": "2020-01-01T00:00:00"}})),
}
try:
    ids(filters={"config.lr": {"$near": 1}})
except Exception as error:
    told["unknownOperator"] = str(error)
try:
    api.run(f"{project}/nowhere").state
except Exception as error:
    told["missingRun"] = str(error)
try:
    len(api.runs("no-such-project"))
except Exception as error:
    told["missingProject"] = str(error)

run = api.run(path("run-3"))
run.config["added"] = [1, 2]
run.summary["best"] = 0.5
run.tags.append("edited")
run.notes = "edited"
run.display_name = "renamed"
run.update()
edited = wandb.Api().run(path("run-3"))
told["edited"] = {
    "config": edited.config,
    "summary": plain(edited.summary),
    "tags": edited.tags,
    "notes": edited.notes,
    "name": edited.name,
    "state": edited.state,
}
told["user"] = [edited.user.username, api.viewer.username, api.default_entity]
told["projects"] = [found.name for found in api.projects()]
told["metadata"] = edited.metadata is None or isinstance(edited.metadata, dict)
told["lazyConfig"] = [run.config["lr"] for run in api.runs(project, order="-created_at", per_page=3)]
api.run(path("run-0")).delete()
told["afterDelete"] = [run.id for run in wandb.Api().runs(project)]
tell(told)
