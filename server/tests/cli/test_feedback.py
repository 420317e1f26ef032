"""`hone feedback` lists what was said and sums it up."""

from tests.cli.console import Installation


def test_feedback_is_listed_and_summed_up(installed: Installation) -> None:
    empty = installed.hone("feedback", "summary", "--json").document
    assert (empty["told"], empty["sharePositive"]) == (0, None)
    ((organization,),) = installed.rows("SELECT id FROM organizations")
    insert = (
        "INSERT INTO feedback (id, organization_id, digest, said, state, kind, metric, model, actor,"
        " user_id, positive, score, corrected, expected) SELECT gen_random_uuid(), %s, int4send(n),"
        " '', 'received', 'classification', 'verdict', 'tickets', 'key_1', 'user-' || n, n > 1,"
        " CASE WHEN n > 1 THEN 1 ELSE 0 END, n = 1, CASE WHEN n = 1 THEN 'refund' END"
        " FROM generate_series(1, 4) AS n RETURNING 1"
    )
    assert len(installed.rows(insert.replace("%s", f"'{organization}'"))) == 4
    installed.rows("UPDATE feedback SET state = 'accepted' RETURNING 1")
    listed = installed.hone("feedback", "list", "--period", "all", "--json").document["items"]
    assert {each["person"]["id"] for each in listed} == {f"user-{n}" for n in range(1, 5)}
    shown = installed.hone("feedback", "list", "--period", "all").out
    assert "refund" in shown
    summed = installed.hone("feedback", "summary").out
    assert "75.0%" in summed
    assert "30.1% to 95.4%" in summed
