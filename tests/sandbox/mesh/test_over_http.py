"""The same servers on real ports: addresses in pages and links lead to the sandbox, cookies survive."""

from __future__ import annotations

import re
from html import unescape

import httpx2
import pytest

from diary_sandbox.serve import running_sandbox

pytestmark = pytest.mark.anyio


async def test_a_browser_signs_in_and_reads_over_real_ports() -> None:
    """Diary → city → diary by redirects alone; then a profile, a lesson's homework and a file's address."""
    async with running_sandbox() as sandbox, httpx2.AsyncClient(follow_redirects=True) as browser:
        school = sandbox.url("school.mos.ru")
        page = await browser.get(f"{school}/v3/auth/sudir/login")
        target = re.search(r'0;url=(.*?)">', page.text)
        assert target
        form = await browser.get(unescape(target[1]))
        action = re.search(r'<form method="post" action="([^"]+)"', form.text)
        assert action
        landed = await browser.post(
            form.url.join(unescape(action[1])),
            data={"login": "moscow@example.test", "password": "sandbox-mos"},
        )
        assert str(landed.url) == f"{school}/diary"
        headers = {"X-Mes-Subsystem": "familyweb"}
        token = browser.cookies["aupd_token"]
        session = await browser.post(
            f"{school}/api/ej/acl/v1/sessions", headers=headers, json={"auth_token": token}
        )
        assert session.json()["profiles"]
        profile = (await browser.get(f"{school}/api/family/web/v1/profile", headers=headers)).json()
        tasks = await browser.get(
            f"{school}/api/family/web/v1/homeworks",
            headers=headers,
            params={"student_id": profile["children"][0]["id"], "from": "2026-09-01", "to": "2026-11-25"},
        )
        links = re.findall(r'"url":"([^"]+/files/\d+)"', tasks.text)
        assert links
        assert all(link.startswith(school) for link in links)
        assert (await browser.get(links[0])).status_code == 200


async def test_the_old_door_answers_for_three_names() -> None:
    """Portal and МРКО share a port."""
    async with running_sandbox() as sandbox, httpx2.AsyncClient() as browser:
        addresses = {sandbox.url(name) for name in ("pgu.mos.ru", "my.mos.ru", "mrko.mos.ru")}
        assert len(addresses) == 1
        answer = await browser.post(
            f"{addresses.pop()}/dnevnik/services/index.php",
            data={"login": "9900000101", "pass": "mrko-artem"},
        )
        assert "exit" in answer.text
