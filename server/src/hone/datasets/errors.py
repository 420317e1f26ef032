"""What can go wrong with datasets."""

from hone.core.errors import AppError, Conflict, Forbidden, Invalid, NotFound, TooLarge


class DatasetNotHere(NotFound):
    """There is no such dataset in this organization."""

    code = "dataset_not_found"


class ExampleNotHere(NotFound):
    """There is no such example in this dataset."""

    code = "example_not_found"


class VersionNotHere(NotFound):
    """This dataset has no such version."""

    code = "dataset_version_not_found"


class VersionGone(NotFound):
    """The content of this version is no longer kept; its manifest is."""

    code = "dataset_version_gone"


class VersionDamaged(AppError):
    """The content of this version is not what was frozen."""

    code = "dataset_version_damaged"


class FindingNotHere(NotFound):
    """There is no such finding in this dataset."""

    code = "finding_not_found"


class DatasetNameTaken(Conflict):
    """This organization already has a dataset of that name."""

    code = "dataset_name_taken"


class ExampleExists(Conflict):
    """This dataset has this example already."""

    code = "example_exists"


class CheckRunning(Conflict):
    """A check of this dataset runs already; look at it, or wait until it is done."""

    code = "check_running"


class FindingDecided(Conflict):
    """This finding was applied or dismissed before."""

    code = "finding_decided"


class NothingToUndo(Conflict):
    """Nothing was changed of this example that could be taken back."""

    code = "nothing_to_undo"


class ExampleWrong(Invalid):
    """This is no example of this kind of dataset."""

    code = "example_wrong"


class FileRefused(Invalid):
    """This file cannot be imported."""

    code = "file_refused"


class FormatUnsuited(Invalid):
    """This kind of dataset cannot be written in this format."""

    code = "format_unsuited"


class NothingToFreeze(Invalid):
    """No example of this dataset is in the version that is asked for."""

    code = "nothing_to_freeze"


class NothingSuggested(Invalid):
    """This finding says what to look at, not what to do: change the examples, then dismiss it."""

    code = "nothing_suggested"


class ImportTooLarge(TooLarge):
    """This file has more bytes than an import may have."""

    code = "import_too_large"


class ContentsHidden(Forbidden):
    """Reading what examples say needs the permission 'contents:read'."""

    code = "contents_hidden"


class ProgramFailed(AppError):
    """The program that was to do this failed."""

    code = "program_failed"


class CheckLost(AppError):
    """Nobody went on with this check; begin another."""

    code = "check_lost"
