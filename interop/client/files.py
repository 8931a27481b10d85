"""Saves files with a run, and reads them back through the public API."""

import hashlib
import os
import pathlib

import wandb

from story import init, path, settings, tell

folder = pathlib.Path(os.environ["WANDB_DIR"]) / "made"
folder.mkdir()
contents = {
    "model.bin": bytes(range(256)) * 5000,
    "empty.txt": b"",
    "deep/er/notes.md": b"# notes\n",
    "sp ace & 100% ümlaut#.txt": b"odd name",
}
for name, content in contents.items():
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)

os.chdir(folder)
with wandb.init(id="files", settings=settings(x_disable_machine_info=False, console="wrap"), config={"a": 1}) as run:
    print("something for output.log")
    for name in contents:
        run.save(str(folder / name), base_path=str(folder))
    run.log({"x": 1})

read = wandb.Api().run(path("files"))
os.chdir(os.environ["WANDB_DIR"])
back = os.path.abspath("back")
told = {
    "names": sorted(file.name for file in read.files(per_page=2)),
    "pattern": sorted(file.name for file in read.files(pattern="%.txt")),
    "byName": [file.name for file in read.files(names=["./model.bin"])],
    "sizes": {file.name: file.size for file in read.files() if file.name in contents},
    "same": {},
}
for name, content in contents.items():
    read.file(name).download(root=back, replace=True)
    told["same"][name] = pathlib.Path("back", name).read_bytes() == content
read.file("output.log").download(root=back, replace=True)
told["output"] = pathlib.Path("back", "output.log").read_text()
read.file("config.yaml").download(root=back, replace=True)
told["configYaml"] = pathlib.Path("back", "config.yaml").read_text()

pathlib.Path("later.txt").write_text("uploaded afterwards")
told["uploaded"] = read.upload_file("later.txt").name
pathlib.Path("later.txt").write_text("and again")
read.upload_file("later.txt")
read.file("later.txt").download(root=back, replace=True)
told["again"] = pathlib.Path("back", "later.txt").read_text()
told["state"] = wandb.Api().run(path("files")).state
read.file("later.txt").delete()
told["left"] = [file.name for file in wandb.Api().run(path("files")).files(names=["later.txt"])]
told["sha"] = hashlib.sha256(contents["model.bin"]).hexdigest()
tell(told)
