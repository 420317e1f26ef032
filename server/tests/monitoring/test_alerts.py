"""From a cause to an alert, to whom it is told, and to its end."""

import asyncio
import base64
import hashlib
import hmac
from datetime import timedelta

from hone import monitoring
from hone.core import clock
from hone.monitoring import delivering, watching
from tests.monitoring.conftest import Receiver, Watch

CHANNELS = "/api/alert-channels"
HOOK = {"name": "on call", "kind": "webhook"}


async def test_every_organization_has_objectives_and_without_calls_none_alerts(
    watch: Watch,
) -> None:
    found = (await watch.get("/api/monitors"))["items"]
    assert {each["preset"] for each in found} == {
        "errors", "latency", "cost", "availability", "error_patterns",
    }  # fmt: skip
    for each in found:
        seen = await watch.check(each)
        assert seen["state"] == ("ok" if each["preset"] == "error_patterns" else "no_data")
        assert seen["words"].startswith("No call")
    assert await watch.alerts() == []


async def test_from_a_cause_to_a_signed_webhook_and_its_end(
    watch: Watch, receiver: Receiver
) -> None:
    made = await watch.post(CHANNELS, HOOK | {"url": receiver.url}, 201)
    assert "token" not in str(made)
    began = clock.now()
    async with watch.working():
        await watch.calls(30, failed=25)
        async with asyncio.timeout(60):
            await receiver.arrived.wait()
        headers, body = receiver.got[0]
        assert clock.now() - began < timedelta(seconds=30)
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode()
        key = base64.b64decode(made["secret"].removeprefix("whsec_"))
        digest = hmac.digest(key, signed + receiver.bodies[0], hashlib.sha256)
        assert headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"
        assert body["type"] == "alert.opened"
        assert not body["maybeTwice"]
        alert = body["data"]["alert"]
        assert (alert["kind"], alert["severity"]) == ("errors", "critical")
        assert "calls failed" in body["data"]["words"]
        path = f"/api/ai/alerts/{alert['id']}"
        told = await watch.until(path, lambda one: len(one["evidence"]["operations"]) == 20)
        assert told["deliveries"][0]["state"] == "delivered"
        assert told["evidence"]["models"] == {"planner": 20}
        assert [each["kind"] for each in told["actions"]] == ["review"]
        receiver.arrived.clear()
        ended = await watch.post(f"{path}/resolve", {"note": "The provider is back."})
        assert (ended["state"], ended["note"]) == ("resolved", "The provider is back.")
        async with asyncio.timeout(60):
            await receiver.arrived.wait()
    assert receiver.got[1][1]["type"] == "alert.resolved"
    # Its calls are still in the window: who resolved it has a quarter of an hour.
    await watch.check(await watch.monitor("errors"))
    assert len(await watch.alerts("?state=open&severity=critical")) == 0
    assert (await watch.post(f"{path}/resolve"))["note"] == "The provider is back."
    await watch.post(f"{path}/acknowledge", status=409)


async def test_one_cause_is_one_alert_that_does_not_flicker(
    watch: Watch, receiver: Receiver
) -> None:
    await watch.post(CHANNELS, HOOK | {"url": receiver.url}, 201)
    await watch.calls(20, failed=15)
    errors = await watch.monitor("errors")
    seen = [await watch.check(errors) for _ in range(3)][-1]
    assert seen["state"] == "alerting"
    (alert,) = await watch.alerts("?state=open&severity=critical")
    assert (alert["seen"], seen["alert"]) == (3, alert["id"])
    # Nothing is seen of it, first for a moment, then for more than five minutes.
    await watch.sql("DELETE FROM operation_minutes")
    await watch.sql("DELETE FROM operation_quarters")
    await watch.sql("UPDATE monitors SET memory = '{}'")
    await watch.check(errors)
    assert len(await watch.alerts("?state=open&severity=critical")) == 1
    await watch.sql("UPDATE alerts SET clear_since = now() - interval '6 minutes'")
    assert (await watch.check(errors))["state"] == "no_data"
    (over,) = await watch.alerts("?state=resolved")
    assert over["resolvedBy"] == "system"
    # It comes back at once: the same alert, and nobody is rung again.
    await watch.calls(20, failed=15)
    await watch.check(errors)
    (again,) = await watch.alerts("?state=open&severity=critical")
    assert (again["id"], again["reopened"]) == (alert["id"], 1)
    events = (
        "SELECT array_agg(event ORDER BY id) FROM alert_deliveries WHERE alert_id IN"
        " (SELECT id FROM alerts WHERE kind = 'errors')"
    )
    assert (await watch.one(events))[0] == ["opened", "resolved"]
    await watch.sql("UPDATE alerts SET told_at = now() - interval '31 minutes'")
    await watch.check(errors)
    assert (await watch.one(events))[0] == ["opened", "resolved", "reopened"]


async def test_a_silenced_cause_rings_nobody_and_who_is_at_it_is_said(
    watch: Watch, receiver: Receiver
) -> None:
    await watch.calls(20, failed=15)
    errors = await watch.monitor("errors")
    await watch.check(errors)
    (alert,) = await watch.alerts("?kind=errors")
    path = f"/api/ai/alerts/{alert['id']}"
    at_it = await watch.post(f"{path}/acknowledge")
    assert (at_it["state"], at_it["acknowledgedBy"][:4]) == ("acknowledged", "key_")
    past = (clock.now() - timedelta(minutes=1)).isoformat()
    await watch.post(f"{path}/silence", {"until": past, "reason": "known"}, 422)
    until = (clock.now() + timedelta(hours=1)).isoformat()
    await watch.post(f"{path}/silence", {"until": until, "reason": "known"})
    await watch.post(CHANNELS, HOOK | {"url": receiver.url}, 201)
    assert (await watch.check(errors))["state"] == "silenced"
    await watch.sql("UPDATE alerts SET silenced_until = now() - interval '1 second'")
    assert (await watch.check(errors))["state"] == "alerting"
    events = (await watch.one("SELECT array_agg(event) FROM alert_deliveries"))[0]
    assert events == ["reopened"]


async def test_a_channel_that_was_down_for_an_hour_is_caught_up_in_order(
    watch: Watch, receiver: Receiver
) -> None:
    receiver.status = 503
    made = await watch.post(CHANNELS, HOOK | {"url": receiver.url}, 201)
    await watch.calls(20, failed=15)
    await watch.check(await watch.monitor("errors"))
    (taken,) = await delivering.claim(watch.owner)
    await delivering.carry(watch.api.database, watch.place, *taken)
    (row,) = (await watch.get(CHANNELS))["items"]
    assert row["waiting"] == 1
    assert row["failingSince"]
    assert row["lastError"] == "It answered 503."
    assert await delivering.claim(watch.owner) == [], "it is not tried again at once"
    (alert,) = await watch.alerts("?kind=errors")
    await watch.post(f"/api/ai/alerts/{alert['id']}/resolve", {})
    await watch.sql(
        "UPDATE alert_deliveries SET created_at = created_at - interval '70 minutes',"
        " next_at = now()"
    )
    receiver.status = 200
    async with watch.working():
        await watch.until(CHANNELS, lambda page: page["items"][0]["waiting"] == 0)
    assert [body["type"] for _, body in receiver.got] == [
        "alert.opened", "alert.opened", "alert.resolved",
    ]  # fmt: skip
    assert receiver.got[0][0]["webhook-id"] == receiver.got[1][0]["webhook-id"]
    (row,) = (await watch.get(CHANNELS))["items"]
    assert (row["failingSince"], row["id"]) == (None, made["id"])


async def test_a_worker_that_is_lost_while_it_sends_leaves_a_message_that_may_come_twice(
    watch: Watch, receiver: Receiver
) -> None:
    await watch.post(CHANNELS, HOOK | {"url": receiver.url}, 201)
    await watch.calls(20, failed=15)
    await watch.check(await watch.monitor("errors"))
    receiver.hold = asyncio.Event()
    (taken,) = await delivering.claim(watch.owner)
    lost = asyncio.ensure_future(delivering.carry(watch.api.database, watch.place, *taken))
    await receiver.arrived.wait()
    assert await delivering.claim(watch.owner) == [], "another worker leaves it alone"
    await watch.sql("UPDATE alert_deliveries SET next_at = now() - interval '1 second'")
    (again,) = await delivering.claim(watch.owner)
    receiver.hold.set()
    await lost
    await delivering.carry(watch.api.database, watch.place, *again)
    assert [body["maybeTwice"] for _, body in receiver.got] == [False, True]
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    row = await watch.one("SELECT state, attempts FROM alert_deliveries")
    assert tuple(row) == ("delivered", 2)


async def test_clocks_that_jump_neither_stop_monitors_nor_open_alerts(watch: Watch) -> None:
    await watch.calls(30)
    await watch.past(timedelta(minutes=-40), 50, status="error")
    errors = await watch.monitor("errors")
    assert (await watch.check(errors))["state"] == "ok"
    await watch.sql("UPDATE monitors SET next_at = now() + interval '9 hours', measured_at = NULL")
    assert await watching.tick(watch.owner, watch.api.database, watch.place) == 5
    row = await watch.one("SELECT count(*) FROM monitors WHERE next_at < now() + interval '1 hour'")
    assert row[0] == 5


async def test_what_was_measured_long_ago_is_forgotten_and_alerts_stay(watch: Watch) -> None:
    await watch.calls(20, failed=15)
    await watch.check(await watch.monitor("errors"))
    await watch.get("/api/ai/metrics")
    await monitoring.forget(watch.owner)
    assert (await watch.one("SELECT count(*) FROM monitor_points"))[0] == 1
    await watch.sql("UPDATE monitor_points SET at = at - interval '91 days'")
    await watch.sql("UPDATE metric_reports SET made_at = made_at - interval '91 days'")
    await monitoring.forget(watch.owner)
    for table, left in (("monitor_points", 0), ("metric_reports", 0), ("alerts", 1)):
        assert (await watch.one(f"SELECT count(*) FROM {table}"))[0] == left


async def test_whoever_sees_a_cause_can_open_an_alert(watch: Watch) -> None:
    mine = watch.api.organization_id
    cause = monitoring.Cause(
        key="release:1", kind="release", severity="warning", title="It was rolled back",
        words="Errors rose.", recommendation="Look at it.", model="planner",
    )  # fmt: skip
    for _ in range(2):
        async with watch.api.database.transaction(mine) as session:
            await monitoring.open_alert(session, mine, cause)
    (alert,) = await watch.alerts("?model=planner")
    assert (alert["kind"], alert["seen"], alert["monitor"]) == ("release", 2, None)
    row = await watch.one(
        "SELECT alert_type, message, resolved FROM performance_alerts WHERE model_id = 'planner'"
    )
    assert tuple(row) == ("release", "Errors rose.", False)
