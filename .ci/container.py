"""
Build the image of the Containerfile and let it judge a delivery repository, once red and once green.

Where the base image cannot be had, a Debian with Python takes its place: what is built on it, and how it runs, is the
same. Needs buildah, and debootstrap for that Debian.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from venv import EnvBuilder

from ready import GREEN, HERE, RED, ROOT, Faults, delivery_repository, wanted

HANDED_ON = ("PIP_CERT", "PIP_DEFAULT_TIMEOUT", "PIP_INDEX_URL")
"""What pip needs to know of the network here."""
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
STAND_IN = "localhost/python-stand-in"


class Builder:
    """buildah, with a store of its own."""

    def __init__(self, place: Path) -> None:
        policy = place / "policy.json"
        policy.write_text('{"default": [{"type": "insecureAcceptAnything"}]}', encoding="utf-8")
        registries = place / "registries.conf"
        registries.write_text("unqualified-search-registries = []\n", encoding="utf-8")
        self._signed = ("--signature-policy", str(policy))
        self._command = (
            "buildah", "--root", str(place / "store"), "--runroot", str(place / "run"),
            "--storage-driver", "vfs", "--registries-conf", str(registries),
        )  # fmt: skip

    def __call__(self, verb: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a verb of buildah."""
        signed = self._signed if verb in {"pull", "from", "commit", "build"} else ()
        return subprocess.run(
            [*self._command, verb, *signed, *arguments], check=False, capture_output=True, text=True
        )

    def said(self, verb: str, *arguments: str) -> str:
        """Run a verb that must work; return what it says."""
        done = self(verb, *arguments)
        if done.returncode:
            print(done.stdout[-3000:], done.stderr[-3000:])
            done.check_returncode()
        return done.stdout.strip()


def base_image(builder: Builder, place: Path) -> str:
    """Return the base image that the Containerfile names, or what stands in for it."""
    text = (ROOT / "Containerfile").read_text("utf-8")
    (named,) = re.findall(r"^ARG PYTHON=(\S+)$", text, re.MULTILINE)
    if builder("pull", named).returncode == 0:
        return named
    system = place / "debian"
    subprocess.run(
        [  # noqa: S607 - whichever is there
            "debootstrap", "--variant=minbase", "--include=python3,python3-venv,ca-certificates",
            "bookworm", str(system),
        ],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    if CERTIFICATES.is_file():
        (system / CERTIFICATES.relative_to("/")).write_bytes(CERTIFICATES.read_bytes())
    subprocess.run(["tar", "-C", system, "-cf", place / "debian.tar", "."], check=True)  # noqa: S607 - whichever is there
    container = builder.said("from", "scratch")
    builder.said("add", container, str(place / "debian.tar"), "/")
    for name in HANDED_ON:
        if name in HERE:
            builder.said("config", "--env", f"{name}={HERE[name]}", container)
    builder.said("commit", container, STAND_IN)
    print(f"note: {named} cannot be had, a Debian with Python takes its place")
    return STAND_IN


def main() -> int:
    """Check everything; return the number of things that do not hold."""
    faults = Faults()
    with TemporaryDirectory() as folder:
        place = Path(folder)
        place.chmod(0o755)  # whoever the image runs as gets to what is mounted
        builder = Builder(place)
        base = base_image(builder, place)
        builder.said(
            "build", "--isolation", "chroot", "--network", "host", "--build-arg", f"PYTHON={base}",
            "--tag", "auditor", "--file", str(ROOT / "Containerfile"), str(ROOT),
        )  # fmt: skip
        container = builder.said("from", "localhost/auditor")
        user = builder.said("run", "--isolation", "chroot", container, "--", "id", "-u")
        faults.expect("image: runs as", user, "10001")
        EnvBuilder(with_pip=True).create(place / "tools")
        subprocess.run([place / "tools/bin/pip", "install", "--quiet", ROOT], check=True)
        for colour, day in (("red", RED), ("green", GREEN)):
            repository = delivery_repository(place / colour, place / "tools/bin/auditor", day)
            done = builder(
                "run", "--isolation", "chroot", "--volume", f"{repository}:/repository:ro", container,
                "--", "auditor", "check", ".", "--fail-on", "critical",
            )  # fmt: skip
            faults.expect(f"image, {colour}: exit code", done.returncode, wanted(colour)[0])
    for fault in faults:
        print("FAULT", fault)
    return len(faults)


if __name__ == "__main__":
    sys.exit(min(main(), 1))
