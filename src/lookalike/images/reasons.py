"""A decoder's exception as one plain sentence."""

import errno

from PIL import Image

_ENDS_EARLY = (
    "truncated",
    "unexpected end",
    "end of file",
    "not enough image data",
    "not enough data",
    "buffer is not large enough",
    "premature",
    "insufficient input data",
    "requires a buffer of",
)
_UNKNOWN_KINDS = ("unsupported", "unknown", "not supported", "unrecognized", "cannot handle")
_LONGEST_DETAIL = 120


def explain(error: Exception, format: str | None) -> str:
    """Why a file could not be read as a picture.

    Args:
        error: what opening, reading or decoding raised.
        format: what the content was taken for; None where it did not come so far.
    """
    if isinstance(error, MemoryError):
        return "There is not enough memory to decode the picture"
    if isinstance(error, OSError) and error.errno is not None:
        return _explain_file(error)
    if isinstance(error, Image.DecompressionBombError):
        return f"Too big to decode safely: {_detail(error)}"
    if format is None:
        return f"The file cannot be read: {_detail(error)}"
    detail = _detail(error)
    if isinstance(error, EOFError) or any(sign in detail.lower() for sign in _ENDS_EARLY):
        return f"The {format} file is cut short: it ends before the picture does"
    if isinstance(error, NotImplementedError) or any(
        sign in detail.lower() for sign in _UNKNOWN_KINDS
    ):
        return f"This kind of {format} cannot be decoded: {detail}"
    return f"The {format} data is damaged: {detail}"


def _explain_file(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "The file is not there, or no longer there"
    if isinstance(error, IsADirectoryError):
        return "It is a folder, not a picture"
    if isinstance(error, PermissionError):
        return "There is no permission to read the file"
    if error.errno == errno.ENXIO:
        return "It is neither a file nor a link to one"
    return f"The file cannot be read: {error.strerror or _detail(error)}"


def _detail(error: Exception) -> str:
    text = " ".join(str(error).split())[:_LONGEST_DETAIL]
    return text or type(error).__name__
