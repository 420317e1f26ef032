"""What is asked for on the command line: the options that commands share, and the settings."""

import json
from pathlib import Path
from typing import Annotated, Any, TypeVar, cast

import typer
from pydantic import BaseModel, ValidationError
from pydantic_settings import SettingsError

from hone.cli import output
from hone.core.errors import Invalid
from hone.core.settings import Settings


class OptionWrong(Invalid):
    """An option of this command is not acceptable."""

    code = "option_wrong"


class SettingWrong(Invalid):
    """A setting is not acceptable."""

    code = "setting_wrong"


M = TypeVar("M", bound=BaseModel)

DataDir = Annotated[
    Path | None,
    typer.Option("--data-dir", help="Folder of everything Hone keeps (HONE_DATA_DIR)."),
]
OrganizationName = Annotated[
    str | None,
    typer.Option("--organization", help="Its slug; needed only where there are several."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def settings(data_dir: Path | None = None, **groups: dict[str, Any]) -> Settings:
    """Read the settings; what the command line says wins over the environment."""
    made = _from_environment()
    update: dict[str, Any] = {"data_dir": (data_dir or made.data_dir).expanduser().absolute()}
    for name, values in groups.items():
        present: BaseModel = getattr(made, name)
        given = {key: value for key, value in values.items() if value is not None}
        update[name] = checked(type(present), **(present.model_dump() | given))
    return made.model_copy(update=update)


def checked(model: type[M], /, **values: object) -> M:
    """Build a request from options; what is wrong with it is said in the API's own words."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise OptionWrong(f"{where}: {first['msg']}.") from error


def given(file: Path | None) -> dict[str, Any]:
    """Read a request from a file, as the API takes it; nothing of no file."""
    if file is None:
        return {}
    try:
        found: object = json.loads(output.read(file))
    except ValueError as error:
        raise OptionWrong(f"{file} is not JSON: {error}.") from error
    if not isinstance(found, dict):
        raise OptionWrong(f"{file} is not a JSON object.")
    return {str(key): value for key, value in cast("dict[object, Any]", found).items()}


def _from_environment() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        name = "HONE_" + "__".join(str(part).upper() for part in first["loc"])
        raise SettingWrong(f"{name}: {first['msg']}.") from error
    except SettingsError as error:
        raise SettingWrong(f"The environment cannot be read: {error}.") from error
