"""compose.yaml and the Containerfile: what is in them fits together."""

import re

import pytest
import yaml
from django.conf import settings

from tests.deploy.production import DEPLOY

CONTAINERFILE = (DEPLOY / "Containerfile").read_text()
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]
WITH_VERSION = re.compile(r"[\w./-]+:\d+\.\d+(\.\d+)?(-[\w.-]+)?")


def test_every_image_from_elsewhere_has_a_version():
    built = {"lunar-record", "lunar-record-proxy"}
    used = {service["image"] for service in SERVICES.values()} - built
    used |= set(re.findall(r"^FROM (\S+)", CONTAINERFILE, re.MULTILINE))

    assert [image for image in used if not WITH_VERSION.fullmatch(image)] == []


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_hardened(name):
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_needs_services_networks_and_volumes_that_there_are(name):
    service = SERVICES[name]
    places = [volume.partition(":")[0] for volume in service.get("volumes", [])]

    assert set(service.get("depends_on", {})) <= set(SERVICES)
    assert set(service["networks"]) <= set(COMPOSE["networks"])
    assert set(places) <= set(COMPOSE["volumes"])


def test_the_proxy_alone_can_be_reached_and_reaches_the_site_alone():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    outside = [name for name, service in SERVICES.items() if "outside" in service["networks"]]
    assert sorted(outside) == ["proxy", "site"]


def test_the_database_is_made_as_the_site_asks_for():
    made = SERVICES["database"]["environment"]["POSTGRES_INITDB_ARGS"]

    assert made == "--encoding=UTF8 --locale=C.UTF-8"
    client = re.search(r"postgresql-client-(\d+)", CONTAINERFILE)[1]
    assert SERVICES["database"]["image"].startswith(f"postgres:{client}.")


def test_the_site_is_stopped_no_sooner_than_it_has_finished():
    finishing = int(re.search(r"--workers-kill-timeout (\d+)", (DEPLOY / "serve").read_text())[1])

    assert int(SERVICES["site"]["stop_grace_period"].removesuffix("s")) > finishing


def test_all_that_is_copied_is_there_and_all_packages_of_the_site_are():
    copied = re.findall(r"^COPY (?!--)(.+) \S+$", CONTAINERFILE, re.MULTILINE)
    names = {name for line in copied for name in line.split()}

    assert [name for name in names if not (settings.BASE_DIR / name).exists()] == []
    packages = {path.parent.name for path in settings.BASE_DIR.glob("*/__init__.py")}
    assert packages - {"tests", "benchmarks"} <= names


def test_the_container_runs_as_nobody_special():
    last = CONTAINERFILE.rpartition("\nFROM ")[2]

    assert re.findall(r"^USER (.+)$", last, re.MULTILINE) == ["lunar-record"]
    assert last.index("USER") < last.index("CMD")
