"""What can go wrong with files and batches."""

from hone.core.errors import AppError, BadRequest, Conflict, NotFound, TooLarge


class NotKept(AppError):
    """This is not Hone's: a provider may have it."""

    code = "not_kept"


class FileNotHere(NotFound):
    """There is no such file here."""

    code = "file_not_found"


class BatchNotHere(NotFound):
    """There is no such batch here."""

    code = "batch_not_found"


class ContentsWithheld(NotFound):
    """The content of this file is no longer there."""

    code = "file_content_gone"


class FormUnreadable(BadRequest):
    """A file is sent as multipart/form-data, with the fields `purpose` and `file`."""

    code = "form_unreadable"


class ParameterWrong(BadRequest):
    """A value in this request is not acceptable."""

    code = "invalid_parameter"


class FileTooLarge(TooLarge):
    """This file is larger than the server accepts."""

    code = "file_too_large"


class FileInUse(Conflict):
    """A batch is working on this file; cancel the batch first."""

    code = "file_in_use"


class BatchOver(Conflict):
    """This batch is over; there is nothing left to cancel."""

    code = "batch_over"
