"""Compose files start what a project needs, in order, and leave open what must be open alone."""

from __future__ import annotations

from typing import Any

from tests.delivery import compose
from tests.delivery.test_names import GIVEN, PRODUCTION
from tests.support.project import Project

HEALTH = {"service_healthy", "service_completed_successfully"}


def services(project: Project, file: str = PRODUCTION) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = compose.read(project.texts[file], GIVEN)["services"]
    return found


def test_each_answer_has_its_services(composed: list[Project]) -> None:
    for project in composed:
        chosen = project.combination
        extra = {"database"} if chosen["database"] != "sqlite" else set()
        extra |= {"redis"} if chosen["rate_limit"] == "redis" else set()
        mail = {"mail"} if chosen["auth"] != "none" else set()
        assert services(project).keys() == {"app", "migrate", "caddy"} | extra
        assert services(project, "compose.yaml").keys() == {"app", "migrate"} | extra | mail


def test_what_is_waited_for_is_healthy_or_done(composed: list[Project]) -> None:
    for project in composed:
        for file in (PRODUCTION, "compose.yaml"):
            found = services(project, file)
            for name, one in found.items():
                for other, how in one.get("depends_on", {}).items():
                    healthy = how["condition"] == "service_healthy" and other != "app"
                    assert not healthy or "healthcheck" in found[other], (name, other)
                    assert how["condition"] in HEALTH or other == "mail"
        assert services(project)["caddy"]["depends_on"].keys() == {"app"}


def test_caddy_alone_is_reached_from_outside(composed: list[Project]) -> None:
    for project in composed:
        found = services(project)
        assert [name for name, one in found.items() if "ports" in one] == ["caddy"]
        local = [port for one in services(project, "compose.yaml").values() for port in ports(one)]
        assert all(port.startswith("127.0.0.1:") for port in local)


def ports(service: dict[str, Any]) -> list[str]:
    found: list[str] = service.get("ports", [])
    return found


def test_caddy_s_network_is_the_trusted_one(composed: list[Project]) -> None:
    for project in composed:
        whole = compose.read(project.texts[PRODUCTION], GIVEN)
        (edge,) = whole["networks"]["edge"]["ipam"]["config"]
        app, caddy = whole["services"]["app"], whole["services"]["caddy"]
        assert app["environment"]["HTTP__TRUSTED_PROXIES"] == edge["subnet"]
        assert "edge" in app["networks"]
        assert caddy["networks"] == ["edge"]


def test_every_container_has_no_more_rights_than_it_needs(composed: list[Project]) -> None:
    for project in composed:
        for name, one in services(project).items():
            assert one["cap_drop"] == ["ALL"]
            assert one["security_opt"] == ["no-new-privileges:true"]
            assert one.get("cap_add", []) == (["NET_BIND_SERVICE"] if name == "caddy" else [])
            assert one["deploy"]["resources"]["limits"].keys() == {"memory", "pids"}
            assert one.get("read_only", False) is (name != "database")


def test_our_container_outlives_its_last_requests(composed: list[Project]) -> None:
    for project in composed:
        grace = services(project)["app"]["stop_grace_period"]
        assert int(grace.removesuffix("s")) > 30


def test_all_that_is_mounted_is_declared(composed: list[Project]) -> None:
    for project in composed:
        for file in (PRODUCTION, "compose.yaml"):
            whole = compose.read(project.texts[file], GIVEN)
            used = [v.split(":")[0] for one in whole["services"].values() for v in volumes(one)]
            named = {volume for volume in used if not volume.startswith(".")}
            assert named == whole["volumes"].keys()
            secrets = [s for one in whole["services"].values() for s in one.get("secrets", [])]
            assert {*secrets} == whole.get("secrets", {}).keys()


def volumes(service: dict[str, Any]) -> list[str]:
    found: list[str] = service.get("volumes", [])
    return found
