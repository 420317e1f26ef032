"""`hone import`: what another gateway's file says, as a declared file of ours."""

import os
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Annotated, cast

import typer
import yaml

from hone import identity, limits, registry
from hone.cli import declare, litellm, options, output
from hone.cli.database import connected, with_database
from hone.core import clock, ids
from hone.core.db import Database
from hone.core.errors import Invalid
from hone.core.settings import Settings, environment
from hone.identity import KeyCreate

app = typer.Typer(
    help="Move from another gateway: its file as one of ours.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

_MOST_KEYS = 64 << 20
_SECRETS = (
    "Credentials stand in what was written; keep it as you keep them, or name them `env:NAME`."
)


class ImportRefused(Invalid):
    """Something in this file cannot be imported; change it, or leave it out with --partial."""

    code = "import_refused"


@app.callback()
def root() -> None:
    """Move from another gateway: its file as one of ours."""


@app.command("litellm")
@output.guarded
def import_litellm(
    file: Annotated[Path, typer.Argument(help="LiteLLM's config.yaml.")],
    written: Annotated[
        Path | None,
        typer.Option("--output", metavar="FILE", help="Write here, for its owner's eyes only."),
    ] = None,
    apply: Annotated[
        bool, typer.Option("--apply", help="Apply it, and show the difference.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what applying it would change; change nothing.")
    ] = False,
    partial: Annotated[
        bool, typer.Option("--partial", help="Leave out what cannot be imported.")
    ] = False,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Write LiteLLM's config.yaml as a file for `hone apply`; all that is not kept is told.

    On the error channel, each line begins with the place in FILE: `refused` cannot be imported,
    `changed` becomes something near, `left` is left out.
    """
    found = litellm.translate(litellm.read(output.read(file)), environment())
    for note in found.notes:
        typer.echo(note.text(str(file)), err=True)
    if found.refused and not partial:
        raise ImportRefused
    text = write(found)
    _check(found, text)
    if found.secret:
        typer.echo(f"{file}: {_SECRETS}", err=True)
    if written is not None:
        _keep(written, text)
    told: dict[str, object] = {"notes": [each.document() for each in found.notes]}
    if apply or dry_run:
        with connected(options.settings(data_dir)) as ready:
            plan = declare.bring(ready, text, dry_run=dry_run, organization=organization)
        told |= plan.document()
        output.emit(told, as_json=as_json, text=plan.text())
    elif written is None or as_json:
        told |= {"document": yaml.safe_load(text)}
        output.emit(told, as_json=as_json, text=text.rstrip("\n"))


@app.command("litellm-keys")
@output.guarded
def import_litellm_keys(
    file: Annotated[Path, typer.Argument(help="What LiteLLM's /key/list answers, as JSON.")],
    apply: Annotated[bool, typer.Option("--apply", help="Take the keys over.")] = False,
    partial: Annotated[
        bool, typer.Option("--partial", help="Leave out what cannot be imported.")
    ] = False,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Take LiteLLM's keys over by their digests, so that clients keep them; shows them first.

    A key may call models and nothing else. Its limits come along, what was spent does not.
    """
    found = litellm.translate_keys(output.read(file, _MOST_KEYS), clock.now())
    for note in found.notes:
        typer.echo(note.text(str(file)), err=True)
    if not partial and any(each.kind == "refused" for each in found.notes):
        raise ImportRefused
    taken = [each.name for each in found.keys]
    if apply:
        with connected(options.settings(data_dir)) as ready:
            taken = adopt(ready, found.keys, organization)
    told = {
        "applied": apply,
        "keys": taken,
        "notes": [each.document() for each in found.notes],
    }
    lines = [f"+ key {name}" for name in taken] or ["Nothing to change."]
    output.emit(told, as_json=as_json, text="\n".join(lines))


def adopt(settings: Settings, keys: Sequence[litellm.Key], organization: str | None) -> list[str]:
    """Keep keys and their limits, all or none; return the names of those that are new."""

    async def run(database: Database) -> list[str]:
        found = await identity.find_organization(database, organization)
        actor = identity.system(found)
        new: list[str] = []
        async with database.transaction(found) as session:
            for key in keys:
                wanted = options.checked(
                    KeyCreate,
                    name=key.name,
                    permissions=["ai:query"],
                    routes=None if key.routes is None else list(key.routes),
                    expires_at=key.expires_at,
                )
                made = await identity.adopt_key(session, actor, wanted, key.digest, key.hint)
                if made is None:
                    continue
                subject = {"kind": "key", "id": ids.public("key", made.id)}
                on_it = limits.read([{**each, "subject": subject} for each in key.limits])
                await limits.apply(session, actor, await limits.plan(session, actor, on_it))
                new.append(key.name)
        return new

    return with_database(settings.app_url, run)


def write(found: litellm.Translation) -> str:
    """Write a document as YAML."""
    kept = {name: items for name, items in found.document.items() if items}
    return yaml.dump(_plain(kept), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)


class _Dumper(yaml.SafeDumper):
    """Repeats what stands twice: a declared file has no aliases."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _plain(value: object) -> object:
    """Write decimals as numbers where these say exactly the same, and as text elsewhere."""
    if isinstance(value, dict):
        items = cast("dict[str, object]", value).items()
        return {name: _plain(each) for name, each in items}
    if isinstance(value, list):
        return [_plain(each) for each in cast("list[object]", value)]
    if not isinstance(value, Decimal):
        return value
    if value == int(value):
        return int(value)
    return float(value) if Decimal(str(float(value))) == value else f"{value:f}"


def _check(found: litellm.Translation, text: str) -> None:
    """Hold what was made to what `hone apply` reads; credentials need not be there yet."""
    names = {str(each.get("api_key")).removeprefix("env:") for each in found.document["providers"]}
    document = registry.read_document(text, dict.fromkeys(names, "x"))
    limits.read(document.limits)


def _keep(path: Path, text: str) -> None:
    """Write a file that only its owner reads."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.fchmod(handle, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
