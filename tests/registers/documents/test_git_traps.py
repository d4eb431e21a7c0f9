"""A repository's settings run nothing: each trap is shown to spring for git itself, and stays shut for opsterm."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from opsterm.cli.main import main
from opsterm.core.session import Rejected
from opsterm.registers.documents.document import find_document, scan, verifications_of
from opsterm.registers.documents.document_file import import_documents
from opsterm.registers.documents.git_history import repository
from opsterm.registers.documents.repository import commits_since, text_of
from tests.support.bench import DOCUMENTS, Bench, csv_of
from tests.support.structure import imports, modules

ROW = "Checkout runbook,docs/checkout.md,mia,checkout;db,runbook,2026-01-01,90"
SIGNED = (
    "tree {tree}\nparent {parent}\nauthor t <t> 1770000000 +0000\ncommitter t <t> 1770000000 +0000\n"
    "gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\nsigned\n"
)


@dataclass
class Trap:
    """A checkout, and a program that leaves a mark wherever it runs."""

    root: Path
    mark: Path
    program: Path

    def git(self, *args: str, check: bool = True, given: bytes = b"") -> str:
        """What anybody's git does there, with the user's own environment."""
        names = {f"GIT_{who}_{what}": "t" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        at = {"GIT_AUTHOR_DATE": "2026-02-01T12:00:00Z", "GIT_COMMITTER_DATE": "2026-02-01T12:00:00Z"}
        command = ["git", "-C", str(self.root), *args]
        env = {**names, **at, **os.environ}
        return subprocess.run(command, check=check, capture_output=True, input=given, env=env).stdout.decode().strip()

    def set(self, *names: str) -> None:
        for name in names:
            self.git("config", name, str(self.program))

    def springs(self, *args: str) -> None:
        """Shows that it is a trap: git itself walks into it."""
        self.git(*args, check=False)
        assert self.mark.exists(), f"git {' '.join(args)} runs nothing: this trap shows nothing"
        self.mark.unlink()

    def save(self, text: str) -> None:
        (self.root / "src/pay.py").write_text(text)
        self.git("commit", "-qam", text)


@pytest.fixture
def trap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Trap:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    (tmp_path / "home").mkdir()
    program, mark = tmp_path / "program", tmp_path / "it-ran"
    program.write_text(f"#!/bin/sh\n: > {mark}\n")
    program.chmod(0o755)
    made = Trap(tmp_path / "shop", mark, program)
    (made.root / "src").mkdir(parents=True)
    (made.root / "docs").mkdir()
    (made.root / "docs/checkout.md").write_text("See [code](../src/pay.py).")
    (made.root / "src/pay.py").write_text("0")
    made.git("init", "-q", "-b", "main")
    made.git("add", ".")
    made.git("commit", "-qm", "first")
    made.save("1")
    return made


def by_fsmonitor(trap: Trap) -> None:
    trap.set("core.fsmonitor")
    trap.springs("status")


def by_hooks(trap: Trap) -> None:
    hooks = trap.root / ".git/hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("post-index-change", "reference-transaction", "post-checkout", "pre-auto-gc"):
        (hooks / name).symlink_to(trap.program)
    trap.springs("checkout", "-f", "HEAD")


def by_filters(trap: Trap) -> None:
    trap.set("filter.own.clean", "filter.own.smudge", "filter.own.process")
    (trap.root / ".git/info").mkdir(exist_ok=True)
    (trap.root / ".git/info/attributes").write_text("* filter=own\n")
    (trap.root / "src/pay.py").write_text("more")
    trap.springs("status")


def by_textconv(trap: Trap) -> None:
    trap.set("diff.own.textconv", "diff.own.command", "diff.external")
    (trap.root / ".gitattributes").write_text("* diff=own\n")
    trap.springs("log", "-p", "--ext-diff")


def by_gpg_program(trap: Trap) -> None:
    trap.set("gpg.program", "gpg.openpgp.program")
    trap.git("config", "log.showSignature", "true")
    signed = SIGNED.format(tree=trap.git("rev-parse", "HEAD^{tree}"), parent=trap.git("rev-parse", "HEAD~1"))
    trap.git("reset", "-q", trap.git("hash-object", "-t", "commit", "-w", "--stdin", given=signed.encode()))
    trap.springs("log", "-1", "--format=%H")


def by_ssh_and_remotes(trap: Trap) -> None:
    trap.set("core.sshCommand", "core.gitProxy", "core.askPass", "credential.helper")
    trap.git("config", "remote.origin.url", "ssh://nowhere.example/x")
    trap.springs("fetch", "origin")


def by_an_alias(trap: Trap) -> None:
    for name in ("rev-list", "cat-file", "log", "counted"):
        trap.git("config", f"alias.{name}", f"!{trap.program}")
    trap.springs("counted")


def by_includeif(trap: Trap) -> None:
    more = trap.root / ".git/more"
    more.write_text(f"[core]\n\tfsmonitor = {trap.program}\n")
    trap.git("config", "includeIf.gitdir:/.path", "more")
    trap.springs("status")


def by_the_user_s_own_settings(trap: Trap) -> None:
    home = Path(os.environ["HOME"])
    (home / ".gitconfig").write_text(f"[core]\n\tfsmonitor = {trap.program}\n[safe]\n\tdirectory = *\n")
    trap.springs("status")


def by_submodules(trap: Trap) -> None:
    inner = Trap(trap.root / "inner", trap.mark, trap.program)
    inner.root.mkdir()
    inner.git("init", "-q")
    (inner.root / "x").write_text("x")
    inner.git("add", ".")
    inner.git("commit", "-qm", "inner")
    trap.git("-c", "advice.addEmbeddedRepo=false", "add", "inner")
    (trap.root / ".gitmodules").write_text('[submodule "inner"]\n\tpath = inner\n\turl = ./inner\n')
    for name, value in (("url", str(inner.root)), ("update", f"!{trap.program}")):
        trap.git("config", f"submodule.inner.{name}", value)
    trap.git("config", "submodule.recurse", "true")
    inner.git("commit", "-q", "--allow-empty", "-m", "further")
    inner.set("core.fsmonitor")
    trap.springs("submodule", "update", "inner")


TRAPS: tuple[Callable[[Trap], None], ...] = (
    by_fsmonitor,
    by_hooks,
    by_filters,
    by_textconv,
    by_gpg_program,
    by_ssh_and_remotes,
    by_an_alias,
    by_includeif,
    by_the_user_s_own_settings,
    by_submodules,
)


def look(bench: Bench, trap: Trap) -> list[str]:
    """What a scan says of the document that is there."""
    session = bench.as_("mia")
    import_documents(session, csv_of(DOCUMENTS, ROW), "d.csv")
    return [each.sentence for each in scan(session, repository(trap.root / "docs"))]


@pytest.mark.parametrize("lay", TRAPS, ids=lambda lay: lay.__name__)
def test_nothing_that_a_repository_sets_runs(
    bench: Bench, trap: Trap, lay: Callable[[Trap], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(trap)
    assert look(bench, trap) == ["Checkout runbook: 2 commits, 0 dead links"]
    monkeypatch.chdir(trap.root / "docs")
    for words in (
        ("document", "scan"),
        ("document", "verify", "Checkout runbook", "all of it"),
        ("change", "open", "A larger pool"),
        ("change", "list"),
    ):
        assert main(["--board", str(bench.board.path), "--as", "mia", *words]) == 0
    assert not trap.mark.exists()
    (verified,) = verifications_of(bench.board, find_document(bench.board, "checkout"))
    assert verified.commit == trap.git("rev-parse", "HEAD")


def test_what_was_not_fetched_is_said_and_never_fetched(bench: Bench, trap: Trap) -> None:
    tree = trap.git("rev-parse", "HEAD~1^{tree}")
    (trap.root / ".git/objects" / tree[:2] / tree[2:]).unlink()
    for name, value in (
        ("core.repositoryformatversion", "1"),
        ("extensions.partialClone", "origin"),
        ("remote.origin.promisor", "true"),
        ("remote.origin.url", f"ext::{trap.program}"),
        ("protocol.allow", "always"),
        ("protocol.ext.allow", "always"),
    ):
        trap.git("config", name, value)
    trap.springs("log", "--", "src/pay.py")
    with pytest.raises(Rejected, match="not all of it was fetched"):
        look(bench, trap)
    assert not trap.mark.exists()


def test_no_variable_of_git_s_steers_it(trap: Trap, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    elsewhere = Trap(tmp_path / "elsewhere", trap.mark, trap.program)
    elsewhere.root.mkdir()
    elsewhere.git("init", "-q")
    for name, value in {
        "GIT_DIR": str(elsewhere.root / ".git"),
        "GIT_WORK_TREE": str(elsewhere.root),
        "GIT_OBJECT_DIRECTORY": str(elsewhere.root / ".git/objects"),
        "GIT_CEILING_DIRECTORIES": str(trap.root),
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.fsmonitor",
        "GIT_CONFIG_VALUE_0": str(trap.program),
        "GIT_EXTERNAL_DIFF": str(trap.program),
        "GIT_TRACE": str(trap.mark),
        "GIT_EXEC_PATH": str(tmp_path / "none"),
    }.items():
        monkeypatch.setenv(name, value)
    found = repository(trap.root / "docs")
    assert (found.name, commits_since(found, ["src"], "2026-01-01T00:00:00Z")) == ("shop", 2)
    assert not trap.mark.exists()


def test_no_program_is_taken_from_the_folder_one_stands_in(trap: Trap, monkeypatch: pytest.MonkeyPatch) -> None:
    (trap.root / "git").symlink_to(trap.program)
    monkeypatch.chdir(trap.root)
    monkeypatch.setenv("PATH", f".:{os.environ['PATH']}")
    assert commits_since(repository(Path()), ["src"], "2026-01-01T00:00:00Z") == 2
    assert not trap.mark.exists()


def test_a_top_level_above_the_folder_is_the_user_s_own(trap: Trap, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: mine + 1)
    with pytest.raises(Rejected, match="shop is another user's repository: name it with --repository"):
        repository(trap.root / "docs")
    assert repository(trap.root).name == "shop", "named, it is meant"


def test_worktrees_packed_branches_and_shallow_clones_are_read(trap: Trap, tmp_path: Path) -> None:
    trap.git("pack-refs", "--all")
    trap.git("gc", "-q")
    trap.git("worktree", "add", "-q", "-b", "side/way", str(tmp_path / "side"))
    trap.git("pack-refs", "--all")
    side = repository(tmp_path / "side" / "docs")
    assert (side.name, side.head) == ("side", trap.git("rev-parse", "HEAD"))
    assert commits_since(side, ["src"], "2026-01-01T00:00:00Z") == 2
    assert commits_since(side, ["src"], "2026-01-01T00:00:00Z", trap.git("rev-parse", "--short", "HEAD~1")) == 1
    trap.git("clone", "-q", "--depth", "1", f"file://{trap.root}", str(tmp_path / "short"))
    assert commits_since(repository(tmp_path / "short"), ["src"], "2026-01-01T00:00:00Z") == 1


def test_a_repository_of_long_digests_is_read(trap: Trap, tmp_path: Path) -> None:
    long = Trap(tmp_path / "long", trap.mark, trap.program)
    long.root.mkdir()
    long.git("init", "-q", "--object-format=sha256")
    assert commits_since(repository(long.root), ["x"], "2026-01-01T00:00:00Z") == 0, "nothing is in it yet"
    (long.root / "x").write_text("x")
    long.git("add", ".")
    long.git("commit", "-qm", "x")
    assert commits_since(repository(long.root), ["x"], "2026-01-01T00:00:00Z") == 1


@pytest.mark.parametrize(
    "said",
    ["ref: ../../home", "ref: refs/heads/../../x", "", "ref: refs/heads/main\nx", "x" * 100_000],
    ids=("outside", "climbing", "nothing", "two lines", "endless"),
)
def test_a_checkout_that_names_no_commit_is_refused(trap: Trap, said: str) -> None:
    (trap.root / ".git/HEAD").write_text(said)
    with pytest.raises(Rejected, match="can't be read"):
        repository(trap.root)


def test_a_pipe_or_a_circle_in_the_place_of_a_branch_keeps_nobody_waiting(trap: Trap) -> None:
    branch = trap.root / ".git/refs/heads/main"
    branch.unlink()
    (trap.root / ".git/packed-refs").unlink(missing_ok=True)
    os.mkfifo(trap.root / ".git/packed-refs")
    with pytest.raises(Rejected, match="is no file"):
        repository(trap.root)
    (trap.root / ".git/packed-refs").unlink()
    branch.write_text("ref: refs/heads/main\n")
    with pytest.raises(Rejected, match="names no commit"):
        repository(trap.root)


def test_what_git_keeps_for_itself_is_no_document(trap: Trap) -> None:
    found = repository(trap.root)
    assert text_of(found, ".git/config") is None
    assert text_of(found, "docs/../.GIT/config") is None
    assert text_of(found, "docs/checkout.md") is not None


def test_a_named_repository_that_is_none_is_not_passed_over(
    bench: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import_documents(bench.as_("mia"), csv_of(DOCUMENTS, ROW), "d.csv")
    call = ["--board", str(bench.board.path), "--as", "mia", "document", "verify", "Checkout runbook", "all of it"]
    assert main([*call, "--repository", str(tmp_path)]) != 0
    assert "is in no git repository" in capsys.readouterr().err
    assert main(call) == 0


def test_the_history_the_share_and_the_clipboard_alone_run_programs() -> None:
    running = {name for name, path in modules().items() for found in imports(path) if found.module == "subprocess"}
    assert {name for name in running if name.startswith(("opsterm", "screens"))} == {
        "opsterm.registers.documents.git_history",
        "opsterm.share.process",
        "screens.widgets.clipboard",
    }
