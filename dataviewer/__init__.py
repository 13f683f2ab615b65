"""Point it at data; get a fast, exact, shareable viewer."""

from dataviewer.catalog import Catalog
from dataviewer.dataset import Dataset
from dataviewer.factory import create_app, mount
from dataviewer.local import show
from dataviewer.view import View

__all__ = ["Catalog", "Dataset", "View", "create_app", "mount", "show"]
