"""Writes to both outputs, with colours and a progress bar, and takes readings of the machine."""

import sys
import time

import wandb

from story import path, settings, tell

with wandb.init(
    id="console",
    settings=settings(
        console="wrap", x_disable_stats=False, x_disable_machine_info=False, x_stats_sampling_interval=0.1
    ),
) as run:
    for step in range(120):
        print(f"\x1b[32mstep {step}\x1b[0m 学習 🚀")
    print("to the error output", file=sys.stderr)
    for part in range(11):
        sys.stdout.write(f"\rprogress {part}/10")
        sys.stdout.flush()
        time.sleep(0.1)
    print("\nthe end", flush=True)

read = wandb.Api().run(path("console"))
told = {
    "system": read.history(stream="system", pandas=False, samples=1000),
    "systemMetrics": read.system_metrics,
}
if hasattr(read, "console_logs"):
    told["all"] = [[line.number, line.level, line.content] for line in read.console_logs(per_page=50)]
    told["last"] = [line.content for line in read.console_logs(last=2)]
tell(told)
