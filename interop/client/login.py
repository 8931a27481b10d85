"""Logs in with the key of the environment, and with one that nobody knows."""

import os

import wandb

from story import init, tell

told = {"right": wandb.login(key=os.environ["WANDB_API_KEY"], verify=True, relogin=True)}
told["viewer"] = wandb.Api().viewer.username
with init("logged-in") as run:
    told["entity"] = run.entity

os.environ["WANDB_API_KEY"] = "local-" + "0" * 40
try:
    wandb.login(key=os.environ["WANDB_API_KEY"], verify=True, relogin=True)
    told["wrong"] = None
except Exception as error:
    told["wrong"] = str(error)
tell(told)
