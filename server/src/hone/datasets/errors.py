"""What can go wrong with datasets."""

from hone.core.errors import (
    AppError,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    TooLarge,
)


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


class CheckNotHere(NotFound):
    """This dataset has no such check."""

    code = "check_not_found"


class CheckOver(Conflict):
    """This check is over; nothing of it can be cancelled."""

    code = "check_over"


class CheckTooLong(AppError):
    """This check was not done in its time; what it found by then is kept. Give it more minutes."""

    code = "check_too_long"


class CheckLost(AppError):
    """Nobody went on with this check; begin another."""

    code = "check_lost"


class KnowledgeNotHere(NotFound):
    """There is no such knowledge source in this dataset."""

    code = "knowledge_not_found"


class KnowledgeNameTaken(Conflict):
    """This dataset already has a knowledge source of that name."""

    code = "knowledge_name_taken"


class KnowledgeUploaded(Conflict):
    """This was uploaded, so it is not read from anywhere: upload it again under its name."""

    code = "knowledge_uploaded"


class KnowledgeUnsuited(Invalid):
    """Only answers are searched for in knowledge: it goes into a dataset of the kind 'response'."""

    code = "knowledge_unsuited"


class TooMuchKnowledge(Invalid):
    """This dataset has as many knowledge sources as it may have."""

    code = "too_much_knowledge"


class DocumentUnfit(Invalid):
    """This document cannot be read."""

    code = "document_unfit"


class AddressUnfit(Invalid):
    """This is no address that a page can be read from: http or https, without credentials."""

    code = "address_unfit"


class NotFetched(AppError):
    """This page could not be fetched."""

    code = "not_fetched"
