"""Pictures and files that travel through the scheduler, where the workers see no folder of the batch."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from filterlab.batch.cluster.station import Errand
from filterlab.batch.journal import Output
from filterlab.batch.planning import Job
from filterlab.batch.remote.pictures import is_remote
from filterlab.batch.settings import Settings
from filterlab.batch.worker import Done, Failure
from filterlab.errors import FilterLabError
from filterlab.files import atomic_write, make_folder
from filterlab.text.messages import say
from filterlab.text.system import refusal_text

MOST = 64 << 20  # bytes of a picture: the scheduler holds it in memory, and its connections while it passes


def pack(job: Job) -> Errand | Failure:
    """The picture with its content, or why it cannot be sent. One behind an address is fetched by its worker."""
    if is_remote(job.name):
        return Errand(job)
    try:
        with job.picture.open("rb") as file:
            content = file.read(MOST + 1)
    except OSError as error:
        return Failure(refusal_text(error))
    if len(content) > MOST:
        return Failure(
            say(
                "it has more than {} MB, too much to send (share its folder, and leave --fetch out)",
                MOST >> 20,
            )
        )
    return Errand(replace(job, picture=Path(job.picture.name)), content)


def place(settings: Settings, done: Done, contents: tuple[bytes, ...]) -> Done | Failure:
    """Write the files that have arrived; what became of the picture then."""
    outputs: list[Output] = []
    try:
        for output, content in zip(done.outputs, contents, strict=True):
            target = settings.out / output.path
            make_folder(target.parent)
            with atomic_write(target, overwrite=settings.existing != "keep") as temporary:
                temporary.write_bytes(content)
            outputs.append(Output.of(target))
        if [o.digest for o in outputs] == [o.digest for o in done.outputs]:
            return replace(done, outputs=tuple(outputs))
        failure = Failure(say("its files were damaged on the way"), passing=True)
    except FilterLabError as error:
        failure = Failure(str(error))
    except OSError as error:
        failure = Failure(refusal_text(error, writing=True))
    if settings.existing == "keep":  # see PictureWork: they would be in the way of the next run
        for written in outputs:
            with suppress(OSError):
                written.path.unlink()
    return failure
