"""Finished batches on their way into a Parquet file, each a file of its own until that is whole.

The process that computed a batch writes it down, and the one that writes the Parquet file reads
it: nothing passes through a pipe. A killed run finds its batches again. Needs pyarrow.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress

import pyarrow as pa

_ENDING = ".arrow"


def part(folder: str, line: int) -> str:
    """Return the file for the results of the chunk that begins at `line`."""
    return os.path.join(folder, f"{line:015}{_ENDING}")


def keep(path: str, results: pa.RecordBatch) -> None:
    """Write the results of a chunk down."""
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with (
        pa.OSFile(path, "wb") as sink,
        pa.ipc.new_stream(sink, results.schema, options=options) as stream,
    ):
        stream.write_batch(results)


def kept(path: str) -> pa.RecordBatch:
    """Return the results that are kept in a file."""
    with pa.memory_map(path) as file, pa.ipc.open_stream(file) as stream:
        return stream.read_next_batch()


def begin(folder: str, line: int) -> Iterator[str]:
    """Make the folder; yield the files of what lies before `line`, in order.

    Those behind it are removed: nobody made sure that they are whole.
    """
    os.makedirs(folder, exist_ok=True)
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        if int(name.removesuffix(_ENDING)) < line:
            yield path
        else:
            with suppress(FileNotFoundError):
                os.unlink(path)
