"""The story of document 4, told by a Hone that runs: nobody presses a button between feedback and a better version.

Feedback is given, training data is made of it, accuracy falls, training starts, gates pass, a canary goes out, the
two versions are compared, the winner is promoted. Then a version that was trained on wrong labels goes back by itself.
"""

import pytest

from hone.cli.story import NAME, Story
from tests.fixtures.control import desk
from tests.fixtures.house import ADMIN_KEY, open_house

pytestmark = [pytest.mark.timeout(400), pytest.mark.xdist_group("survival")]


def test_a_model_improves_and_a_bad_version_goes_back_with_nobody_at_the_keys() -> None:
    told: list[str] = []
    with open_house(workers=1) as house, desk(house) as client:
        Story(house.url, ADMIN_KEY, told.append, pause=0.02).play()
        [turn] = client.get(f"/api/improvement/turns?model={NAME}").json()["items"]
        story = client.get(f"/api/improvement/turns/{turn['id']}").json()
        learned = client.get(f"/api/ai/training-data?dataset={NAME}&limit=1").json()
        live = client.get(f"/api/ai/models/{NAME}").json()["live"]["production"]
        releases = client.get(f"/api/releases?name={NAME}").json()["items"]
    assert learned["total"] is None or learned["total"] > 270, "feedback became no examples"
    assert story["state"] == "promoted", told
    steps = [each["decision"] for each in story["timeline"]]
    assert steps == [
        "triggered",
        "training_started",
        "trained",
        "release_started",
        "comparison_started",
        "winner",
        "promoted",
    ]
    words = [each["words"] for each in story["timeline"]]
    assert "judged answers is below 90.0%" in words[0]
    assert words[2].startswith("It was trained on ")
    assert "has passed its" in words[3]
    assert words[5].startswith(
        "The new version wins: the share of answers that nobody corrected is"
    )
    assert live == story["versionNumber"], "the bad version is not live"
    assert [each["state"] for each in releases] == ["rolled_back", "succeeded"]
    assert "The bad version was rolled back by itself: " in told[-2]
