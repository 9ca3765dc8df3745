# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A gateway whose resumable upload is tuspyserver, a tus server we did not write; the few calls around it are ours.

A program of its own: ``python tus_gateway.py DIR`` prints its port and serves until standard input closes.
"""

import base64
import contextlib
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path


def serve(folder: Path) -> None:
    import uvicorn
    from fastapi import FastAPI, Request, Response
    from tuspyserver import create_tus_router

    files, receipts = folder / "files", {}
    files.mkdir(parents=True)
    app = FastAPI()

    def finished(path: str, metadata: dict[str, str]) -> None:
        sha256 = hashlib.sha256(Path(path).read_bytes()).hexdigest()
        if sha256 == metadata["sha256"]:
            shutil.copy(path, files / sha256)

    app.include_router(
        create_tus_router(prefix="v1/uploads", files_dir=str(folder / "tus"), on_upload_complete=finished)
    )

    @app.get("/v1/health")
    def health() -> dict[str, object]:
        now = datetime.now(UTC).isoformat()
        return {"name": "tuspyserver", "contract": "1.1.0", "training": True, "now": now, "features": ["uploads"]}

    @app.head("/v1/files/{sha256}")
    def there(sha256: str) -> Response:
        if not (files / sha256).exists():
            return Response(status_code=404)
        digest = base64.b64encode(bytes.fromhex(sha256)).decode()
        return Response(headers={"Repr-Digest": f"sha-256=:{digest}:"}, media_type="application/pdf")

    @app.put("/v1/parcels/{parcel_id}", status_code=201)
    async def take(parcel_id: str, asked: Request) -> dict[str, str]:
        body = await asked.body()
        sha256 = (await asked.json())["document"]["sha256"]
        receipts[parcel_id] = {
            "number": f"BN-{len(receipts) + 1}",
            "parcel_id": parcel_id,
            "sha256": hashlib.sha256((files / sha256).read_bytes()).hexdigest(),
            "record_sha256": hashlib.sha256(body).hexdigest(),
            "result_code": "",
            "accepted_at": datetime.now(UTC).isoformat(),
        }
        return receipts[parcel_id]

    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))

    def until_alone() -> None:
        sys.stdin.read()
        os._exit(0)

    threading.Thread(target=until_alone, daemon=True).start()
    print(listening.getsockname()[1], flush=True)
    server.run(sockets=[listening])


@contextlib.contextmanager
def tus_gateway(folder: Path) -> Iterator[str]:
    """Its address, while it runs."""
    child = subprocess.Popen(
        [sys.executable, "-W", "ignore", __file__, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield f"http://127.0.0.1:{int(child.stdout.readline())}"
    finally:
        child.stdin.close()
        child.wait(10)
        child.stdout.close()


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
