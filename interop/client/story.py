"""What the programs of the tests share: they log with the official client, read back, and tell what they saw."""

import json
import os
import sys

import wandb


def settings(**more):
    """Quick and quiet; the tests that are about these things turn them on."""
    return wandb.Settings(
        **{
            "silent": True,
            "console": "off",
            "disable_git": True,
            "save_code": False,
            "x_disable_stats": True,
            "x_disable_machine_info": True,
            **more,
        }
    )


def init(id, **more):
    return wandb.init(id=id, settings=settings(**more.pop("settings", {})), **more)


def tell(what):
    """Hands the result to the test. Bare NaN and big integers are meant."""
    sys.stdout.write("\nTOLD " + json.dumps(what) + "\n")
    sys.stdout.flush()


def path(id):
    return f"{os.environ['WANDB_PROJECT']}/{id}"


def without_times(row):
    return {key: value for key, value in row.items() if key not in ("_timestamp", "_runtime")}


def plain(value):
    """Summary and config objects of the client as plain values."""
    if hasattr(value, "_json_dict"):
        value = value._json_dict
    if isinstance(value, dict) or hasattr(value, "items"):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    return value
