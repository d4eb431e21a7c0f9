"""Real sync tools and network filesystems, on loopback: OPSTERM_REAL=1 runs them where they are installed."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

from opsterm.board.chains import chain_sizes
from opsterm.board.filesystem import filesystem_of
from opsterm.records import Incident, Observation
from opsterm.share import ShareUnreachable, join, start_sync_process, sync_once
from opsterm.sharing.status import sharing_state
from tests.support.shares import OpenBoard, declare, eventually, observe

pytestmark = pytest.mark.skipif("OPSTERM_REAL" not in os.environ, reason="set OPSTERM_REAL=1 to use real parts")

LONG_S = 120.0


def needs(*programs: str) -> None:
    missing = [program for program in programs if not shutil.which(program)]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(autouse=True)
def one_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPSTERM_MACHINE", "one machine")


# --- Syncthing


class Peer:
    """One Syncthing that speaks to 127.0.0.1 alone."""

    def __init__(self, home: Path, folder: Path) -> None:
        self.home, self.folder = home, folder
        self.gui, self.port = free_port(), free_port()
        home.mkdir()
        folder.mkdir()
        subprocess.run(
            ["syncthing", "generate", f"--home={home}", "--skip-port-probing"],
            check=True,
            capture_output=True,
            env=self._env(),
        )
        text = (home / "config.xml").read_text()
        self.key = re.findall(r"<apikey>(.*?)</apikey>", text)[0]
        self.id = re.findall(r'<device id="([A-Z0-9-]+)"', text)[0]
        self.version = re.findall(r'<configuration version="([0-9]+)"', text)[0]
        (folder / ".stfolder").mkdir()
        self.process: subprocess.Popen[bytes] | None = None

    def _env(self) -> dict[str, str]:
        return {**os.environ, "STNORESTART": "1", "STNOUPGRADE": "1", "HOME": str(self.home)}

    def configure(self, other: Peer) -> None:
        (self.home / "config.xml").write_text(
            f"""<configuration version="{self.version}">
<folder id="team" path="{self.folder}" type="sendreceive" rescanIntervalS="3600" fsWatcherEnabled="true"
 fsWatcherDelayS="1"><device id="{self.id}"/><device id="{other.id}"/></folder>
<device id="{self.id}" name="self"><address>tcp://127.0.0.1:{self.port}</address></device>
<device id="{other.id}" name="other"><address>tcp://127.0.0.1:{other.port}</address></device>
<gui enabled="true" tls="false"><address>127.0.0.1:{self.gui}</address><apikey>{self.key}</apikey></gui>
<options><listenAddress>tcp://127.0.0.1:{self.port}</listenAddress><globalAnnounceEnabled>false</globalAnnounceEnabled>
<localAnnounceEnabled>false</localAnnounceEnabled><relaysEnabled>false</relaysEnabled><natEnabled>false</natEnabled>
<reconnectionIntervalS>1</reconnectionIntervalS><startBrowser>false</startBrowser><urAccepted>-1</urAccepted>
<autoUpgradeIntervalH>0</autoUpgradeIntervalH><crashReportingEnabled>false</crashReportingEnabled></options>
</configuration>"""
        )

    def start(self) -> None:
        self.process = subprocess.Popen(
            ["syncthing", "serve", f"--home={self.home}", "--no-browser", "--no-upgrade"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=self._env(),
            start_new_session=True,
        )

    def connected(self, other: Peer) -> bool:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.gui}/rest/system/connections", headers={"X-API-Key": self.key}
        )
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                told = json.load(answer)
        except OSError:
            return False
        return bool(told["connections"].get(other.id, {}).get("connected"))

    def stop(self) -> None:
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(30)


def until(holds: object, what: str) -> None:
    deadline = time.monotonic() + LONG_S
    while not holds():  # type: ignore[operator]
        if time.monotonic() > deadline:
            pytest.fail(f"{what}, after {LONG_S:g} s")
        time.sleep(0.05)


def test_two_consoles_each_on_its_own_syncthing(tmp_path: Path, open_board: OpenBoard) -> None:
    needs("syncthing")
    one, two = Peer(tmp_path / "home1", tmp_path / "one"), Peer(tmp_path / "home2", tmp_path / "two")
    one.configure(two)
    two.configure(one)
    mia, ben = open_board("mia"), open_board("ben")
    handles = []
    try:
        for peer in (one, two):
            peer.start()
        until(lambda: one.connected(two) and two.connected(one), "the peers do not connect")
        join(mia, one.folder)
        join(ben, two.folder)
        handles = [start_sync_process(mia.path, one.folder), start_sync_process(ben.path, two.folder)]
        about = declare(mia)
        until(lambda: ben.get(Incident, about.id) is not None, "ben does not see the incident")
        for index in range(20):
            observe(mia, about, f"mia {index}")
            observe(ben, about, f"ben {index}", "ben")
        until(lambda: len(ben.all(Observation)) == len(mia.all(Observation)) == 40, "they do not come together")
        assert chain_sizes(ben) == chain_sizes(mia)
        assert sharing_state(mia).problems == ()
        assert len(mia.known_as()) == len(ben.known_as()) == 1
    finally:
        for handle in handles:
            handle.stop()
        one.stop()
        two.stop()


# --- sshfs


class Mount:
    """A folder over sshfs, from a server of its own on 127.0.0.1, that can be frozen."""

    def __init__(self, root: Path) -> None:
        self.served, self.mounted = root / "served", root / "mounted"
        self.served.mkdir()
        self.mounted.mkdir()
        keys = root / "keys"
        keys.mkdir(mode=0o700)
        for name in ("host", "user"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(keys / name)], check=True)
        shutil.copy(keys / "user.pub", keys / "authorized")
        self.port = free_port()
        (keys / "sshd").write_text(
            f"Port {self.port}\nListenAddress 127.0.0.1\nHostKey {keys / 'host'}\nPidFile {keys / 'pid'}\n"
            f"AuthorizedKeysFile {keys / 'authorized'}\nStrictModes no\nUsePAM no\nPermitRootLogin yes\n"
            "Subsystem sftp internal-sftp\n"
        )
        Path("/run/sshd").mkdir(exist_ok=True)
        sshd = shutil.which("sshd") or "/usr/sbin/sshd"
        self.server = subprocess.Popen(
            [sshd, "-D", "-f", str(keys / "sshd")], stderr=subprocess.DEVNULL, start_new_session=True
        )
        until(self._listens, "sshd does not listen")
        user = os.environ.get("USER", "root")
        options = f"IdentityFile={keys / 'user'},StrictHostKeyChecking=no,UserKnownHostsFile=/dev/null"
        subprocess.run(
            ["sshfs", "-p", str(self.port), "-o", options, f"{user}@127.0.0.1:{self.served}", str(self.mounted)],
            check=True,
            timeout=60,
            start_new_session=True,
        )

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def _servers(self) -> list[int]:
        """The server and what it forked for the connection."""
        out = [self.server.pid]
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError):
                continue
            if parent in out:
                out.append(int(folder.name))
        return out

    def freeze(self) -> None:
        self.frozen = self._servers()
        for pid in self.frozen:
            os.kill(pid, signal.SIGSTOP)

    def thaw(self) -> None:
        for pid in self.frozen:
            os.kill(pid, signal.SIGCONT)

    def close(self) -> None:
        subprocess.run(["fusermount3", "-uz", str(self.mounted)], check=False, timeout=30)
        for pid in reversed(self._servers()):
            os.kill(pid, signal.SIGTERM)
        self.server.wait(30)


@pytest.fixture
def mount(tmp_path: Path) -> Iterator[Mount]:
    needs("sshfs", "ssh-keygen", "fusermount3")
    if not Path("/dev/fuse").exists():
        pytest.skip("no FUSE here")
    try:
        made = Mount(tmp_path)
    except subprocess.CalledProcessError as error:
        pytest.skip(f"sshfs can't mount here: {error}")
    yield made
    made.close()


def test_a_frozen_sshfs_holds_up_nobody_and_all_arrives_after_thawing(mount: Mount, open_board: OpenBoard) -> None:
    assert filesystem_of(mount.mounted / "x") == "fuse.sshfs"
    mia, ben = open_board("mia"), open_board("ben")
    join(mia, mount.mounted)
    join(ben, mount.served)
    handle = start_sync_process(mia.path, mount.mounted)
    about = declare(mia)
    until(lambda: sharing_state(mia).waiting == 0, "it is not published")
    sync_once(ben)
    assert ben.get(Incident, about.id) is not None

    def press() -> float:
        began = time.perf_counter()
        observe(mia, about, "a key")
        handle.nudge()
        return time.perf_counter() - began

    healthy = [press() for _ in range(50)]
    mount.freeze()
    frozen = []
    try:
        for _ in range(50):
            frozen.append(press())
            time.sleep(0.02)
        with pytest.raises(ShareUnreachable, match=r"did not answer|Another process"):
            sync_once(mia, timeout_s=2)
        began = time.perf_counter()
        handle.stop()
        stopped = time.perf_counter() - began
    finally:
        mount.thaw()
    print(f"a key press: healthy {median(healthy) * 1000:.2f} ms, frozen {median(frozen) * 1000:.2f} ms")
    print(f"quitting while frozen: {stopped * 1000:.1f} ms")
    handle = start_sync_process(mia.path, mount.mounted)

    def arrived() -> bool:
        sync_once(ben)
        return len(ben.all(Observation)) == 100

    try:
        until(arrived, "not all arrived after thawing")
        observe(ben, about, "an answer", "ben")
        sync_once(ben)
        until(lambda: len(mia.all(Observation)) == 101, "the answer is not seen through sshfs")
    finally:
        handle.stop()
        eventually(lambda: sharing_state(mia).waiting == 0, "something is left")
