"""What a person can ask that has no answer, each with its HTTP status."""


class DataViewerError(Exception):
    """A sentence for the reader: what was asked and what there is."""

    status = 400


class BadView(DataViewerError):
    """The link asks for something that this dataset cannot show."""


class BadRequest(DataViewerError):
    """The request is not one that our page sends."""


class UnknownDataset(DataViewerError, KeyError):
    """No dataset has this name; `nearest` are the ids most like it, best first."""

    status = 404

    def __init__(self, name: str, nearest: tuple[str, ...]):
        self.name = name
        self.nearest = nearest
        near = f" Did you mean {', '.join(nearest)}?" if nearest else ""
        super().__init__(f"There is no dataset called “{name[:80]}”.{near}")

    __str__ = Exception.__str__  # KeyError's quotes its argument


class NotFound(DataViewerError):
    """Nothing lives at this address."""

    status = 404


class MissingPackage(DataViewerError, ImportError):
    """What was asked for needs a package that is not installed."""


class BadSetting(DataViewerError):
    """A setting has a value that cannot be used."""


class Broken(DataViewerError):
    """A fault of ours; what it was is not for the reader."""

    status = 500

    def __init__(self):
        super().__init__("The server failed; what failed is in its log.")
